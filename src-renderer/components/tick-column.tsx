import { Checkbox } from '@mui/material'
import type { Column } from './data-table.tsx'
import type { Ticks } from './use-ticks.ts'

/** A column with a box to tick; Space does it where the table's `keys.toggle` is that of the ticks. */
export const tickColumn = <Row,>(ticks: Ticks<Row>, keyOf: (row: Row) => string | number, nameOf: (row: Row) => string): Column<Row> => ({
  id: 'tick', header: '', width: '36px',
  cell: (row) => <Checkbox sx={{ p: 0 }} tabIndex={-1} checked={ticks.rows.has(keyOf(row))} onClick={(event) => event.stopPropagation()} onChange={() => ticks.toggle(row)} slotProps={{ input: { 'aria-label': `Choose ${nameOf(row)}` } }} />
})
