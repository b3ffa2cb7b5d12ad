import { Box } from '@mui/material'
import { useRef, useState } from 'react'
import type { ErrorRow } from '#contract/error-record.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { LocalTime } from '../../components/times.tsx'
import { causeWords, placeWords } from './error-words.ts'
import { tickColumn } from '../../components/tick-column.tsx'
import type { Ticks } from '../../components/use-ticks.ts'

type Needs = { rows: readonly ErrorRow[]; total: number; open: number | null; ticks: Ticks<ErrorRow>; onShow: (id: number) => void; onNearEnd: () => void; onRemove: ((row: ErrorRow) => void) | null }

/** The messages that failed; Space ticks, Enter opens, Del deletes. */
export const ErrorTable = ({ rows, total, open, ticks, onShow, onNearEnd, onRemove }: Needs) => {
  const scroller = useRef<HTMLDivElement | null>(null)
  const [selected, setSelected] = useState<number | null>(null)
  return (
    <DataTable<ErrorRow>
      label="Messages that failed" columns={columnsFor(ticks, open !== null)} rows={rows} keyOf={(row) => row.id} selected={open ?? selected} minWidth={open === null ? 660 : 300} openOnClick
      onSelect={(row) => { setSelected(row.id); if (open !== null) onShow(row.id) }} virtual={{ total, scroller, onNearEnd }}
      keys={{ open: (row) => onShow(row.id), toggle: ticks.toggle, ...(onRemove ? { remove: onRemove } : {}) }}
    />
  )
}

const columnsFor = (ticks: Ticks<ErrorRow>, narrow: boolean): Column<ErrorRow>[] => [
  tickColumn(ticks, (row) => row.id, (row) => row.subject || 'message without subject'),
  { id: 'subject', header: 'Subject', width: 'minmax(110px, 1.6fr)', cell: (row) => <Box component="span" title={row.subject} sx={{ fontWeight: 500 }}>{row.subject || '(no subject)'}</Box> },
  ...(narrow ? [] : wideColumns),
  { id: 'failed', header: 'Failed', width: '104px', cell: (row) => <LocalTime at={row.failedAt} /> }
]
const wideColumns: Column<ErrorRow>[] = [
  { id: 'from', header: 'From', width: 'minmax(96px, 1fr)', cell: (row) => row.from || 'unknown' },
  { id: 'cause', header: 'Cause', width: 'minmax(120px, 1.7fr)', cell: (row) => <span title={causeWords(row.code)}>{causeWords(row.code)}</span> },
  { id: 'place', header: 'Now', width: '128px', cell: (row) => (row.where === 'replayed' && row.request !== null ? `Request ${row.request}` : placeWords[row.where]) },
  { id: 'server', header: 'Server', width: '84px', cell: (row) => row.server }
]
