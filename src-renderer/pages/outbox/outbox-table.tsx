import { Box, Link } from '@mui/material'
import { useState, type RefObject } from 'react'
import type { OutboxRow } from '#contract/outbox.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { tickColumn } from '../../components/tick-column.tsx'
import { Countdown, fullTime, LocalTime } from '../../components/times.tsx'
import type { Ticks } from '../../components/use-ticks.ts'
import { asideOf, stateWords, throughWords } from '../../components/outbox-words.ts'

type Needs = {
  rows: readonly OutboxRow[]; gone: ReadonlySet<number>; total: number; open: number | null; onlySent: boolean; ticks: Ticks<OutboxRow>; scroller: RefObject<HTMLDivElement | null>
  onShow: (id: number) => void; onNearEnd: () => void; onRemove: ((row: OutboxRow) => void) | null
}

/** Mail of the outbox, newest first; Space ticks, Enter opens, Del cancels. */
export const OutboxTable = ({ rows, gone, total, open, onlySent, ticks, scroller, onShow, onNearEnd, onRemove }: Needs) => {
  const [selected, setSelected] = useState<number | null>(null)
  return (
    <DataTable<OutboxRow>
      label="Outbox" columns={columnsFor(ticks, gone, open !== null, onlySent)} rows={rows} keyOf={idOf} selected={open ?? selected} minWidth={open === null ? 800 : 310} openOnClick
      onSelect={(row) => { setSelected(row.id); if (open !== null) onShow(row.id) }} virtual={{ total, scroller, onNearEnd }}
      keys={{ open: (row) => onShow(row.id), toggle: ticks.toggle, ...(onRemove ? { remove: onRemove } : {}) }}
    />
  )
}

const idOf = ({ id }: OutboxRow): number => id

const columnsFor = (ticks: Ticks<OutboxRow>, gone: ReadonlySet<number>, narrow: boolean, onlySent: boolean): Column<OutboxRow>[] => [
  tickColumn(ticks, idOf, (row) => `mail to ${row.to}`),
  { id: 'state', header: 'State', width: narrow ? '104px' : '150px', cell: (row) => <State row={row} gone={gone.has(row.id)} narrow={narrow} /> },
  { id: 'to', header: 'To', width: narrow ? 'minmax(80px, 1fr)' : 'minmax(120px, 1.1fr)', cell: ({ to }) => <Mono title={to}>{to}</Mono> },
  { id: 'subject', header: 'Subject', width: narrow ? 'minmax(80px, 1.2fr)' : 'minmax(120px, 1.4fr)', cell: ({ subject }) => <span title={subject}>{subject || '(no subject)'}</span> },
  ...(narrow ? [] : onlySent ? sentColumns : wideColumns)
]

const State = ({ row, gone, narrow }: { row: OutboxRow; gone: boolean; narrow: boolean }) => {
  if (gone) return <StatusMark tone="neutral" title="It has changed since it was listed, and does not fit this list any more.">Gone on</StatusMark>
  const { words, tone, hint } = stateWords[row.state]
  const isLate = row.state === 'waiting' && row.tries > 0
  return <StatusMark tone={isLate ? 'warning' : tone} title={`${hint}${row.sentAt === null ? '' : ` ${fullTime(row.sentAt)}`}`}>{words}{!narrow && row.state === 'waiting' && row.nextTryAt !== null && <Box component="span" sx={{ color: 'text.secondary' }}> · <Countdown to={row.nextTryAt} /></Box>}</StatusMark>
}

const aside = (header: string): Column<OutboxRow> => ({ id: 'aside', header, width: 'minmax(120px, 1.5fr)', cell: (row) => <span title={asideOf(row)}>{asideOf(row)}</span> })
const placeColumns: Column<OutboxRow>[] = [
  { id: 'server', header: 'Server', width: 'minmax(84px, 0.8fr)', cell: (row) => <span title={throughWords(row)}>{throughWords(row)}</span> },
  { id: 'request', header: 'Request', width: '70px', cell: ({ request }) => (request === null ? '' : <Link href={hashOf('requests', request)} onClick={(event) => event.stopPropagation()}><Mono>{request}</Mono></Link>) }
]
const wideColumns: Column<OutboxRow>[] = [aside('What is in the way'), ...placeColumns, { id: 'at', header: 'Written', width: '110px', cell: ({ createdAt }) => <LocalTime at={createdAt} /> }]
const sentColumns: Column<OutboxRow>[] = [aside('Server’s answer'), ...placeColumns, { id: 'sent', header: 'Sent', width: '110px', cell: ({ sentAt }) => (sentAt === null ? '' : <LocalTime at={sentAt} />) }]
