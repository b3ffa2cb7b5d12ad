import { Box } from '@mui/material'
import { useRef, useState } from 'react'
import type { ErrorRow } from '#contract/error-record.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { StatusIcon, StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { causeWords, placeOf, placeWords, settledTones } from './error-words.ts'
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
  { id: 'subject', header: 'Subject', width: 'minmax(110px, 1.6fr)', cell: (row) => <Subject row={row} narrow={narrow} /> },
  ...(narrow ? [] : wideColumns),
  { id: 'failed', header: 'Failed', width: '104px', cell: (row) => <LocalTime at={row.failedAt} /> }
]

/** What waits for nobody any more stands back; where there is no column for its place, a mark says so. */
const Subject = ({ row, narrow }: { row: ErrorRow; narrow: boolean }) => {
  const settled = settledTones[row.where]
  return (
    <Box component="span" title={row.subject} sx={settled !== null ? { color: 'text.secondary' } : { fontWeight: 500 }}>
      {settled !== null && narrow && <Box component="span" sx={{ mr: 0.75, verticalAlign: 'middle', '& svg': { verticalAlign: 'middle' } }}><StatusIcon tone={settled} label={placeWords[row.where]} /></Box>}
      {row.subject || '(no subject)'}
    </Box>
  )
}

const Place = ({ row }: { row: ErrorRow }) => {
  const settled = settledTones[row.where]
  return settled === null ? <>{placeWords[row.where]}</> : <StatusMark tone={settled} title={placeOf(row)}>{row.request === null ? placeWords[row.where] : `Request ${row.request}`}</StatusMark>
}

const wideColumns: Column<ErrorRow>[] = [
  { id: 'from', header: 'From', width: 'minmax(96px, 1fr)', cell: (row) => row.from || 'unknown' },
  { id: 'cause', header: 'Cause', width: 'minmax(120px, 1.7fr)', cell: (row) => <span title={causeWords(row.code)}>{causeWords(row.code)}</span> },
  { id: 'place', header: 'Now', width: '142px', cell: (row) => <Place row={row} /> },
  { id: 'server', header: 'Server', width: '84px', cell: (row) => row.server }
]
