import { Box, Button } from '@mui/material'
import { useCallback, useRef, useState } from 'react'
import type { RequestRow } from '#contract/request.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { goTo, hashOf, useHashLocation } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { SearchLine } from '../../components/search-line.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { SplitView } from '../../components/split-view.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { RequestView } from './request-view.tsx'
import { useRequestRows } from './use-request-rows.ts'

/** Every request, newest first, with its conversation beside it. */
export const RequestsPage = () => {
  const { path } = useHashLocation()
  const open = Number(path[1]) || null
  const [query, setQuery] = useState('')
  const [selected, setSelected] = useState<number | null>(open)
  const scroller = useRef<HTMLDivElement | null>(null)
  const steady = useCallback(() => (scroller.current?.scrollTop ?? 0) > 4 || (scroller.current?.contains(document.activeElement) ?? false), [])
  const list = useRequestRows(query, steady)
  const show = (row: RequestRow): void => goTo(hashOf('requests', row.number))
  const close = (): void => {
    goTo(hashOf('requests'))
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus())
  }
  const toTop = (): void => { list.showWaiting(); scroller.current?.scrollTo({ top: 0 }) }
  return (
    <PageFrame title="Requests" fill actions={<><Box role="status" sx={{ color: 'text.secondary' }}>{list.loaded ? `${countText(list.total)} ${query ? 'found' : list.total === 1 ? 'request' : 'requests'}` : ''}</Box><SearchLine label="Search subject, sender or number" onSearch={setQuery} /></>}>
      {list.problem && <ProblemNotice problem={list.problem} action={<Button onClick={list.reload}>Try again</Button>} />}
      <SplitView
        detail={open === null ? null : <RequestView key={open} number={open} onClose={close} />}
        list={
          <Panel fill>
            {list.waiting > 0 && <Box sx={{ p: 0.75, borderBottom: 1, borderColor: 'divider', textAlign: 'center' }}><Button onClick={toTop}>Show {plural(list.waiting, 'new request')}</Button></Box>}
            {list.loaded && list.rows.length === 0 ? <Nothing query={query} /> : (
              <DataTable
                label="Requests" columns={open === null ? wideColumns : narrowColumns} rows={list.rows} keyOf={(row) => row.number} selected={open ?? selected} onSelect={(row) => { setSelected(row.number); if (open !== null) show(row) }}
                keys={{ open: show }} openOnClick minWidth={open === null ? 880 : 300} virtual={{ total: list.total, onNearEnd: list.more, scroller }}
              />
            )}
          </Panel>
        }
      />
    </PageFrame>
  )
}

const Nothing = ({ query }: { query: string }) =>
  query ? <EmptyState title={`Nothing was found for “${query}”`} action={<><Button href={hashOf('error-folder')}>Look in the error folder</Button><Button href={hashOf('try-message')}>Try its file</Button></>}>The search looks at numbers, subjects and senders. A mail that became no request is in the error folder, or was dropped: its file (.eml) tells why under Try a message.</EmptyState> : <EmptyState title="No requests yet" action={<Button href={hashOf('email-settings')}>Go to E-mail settings</Button>}>Each message that an incoming server fetches becomes a request here, or a reply in one. Start fetching to see the first.</EmptyState>

const subject = (row: RequestRow) => <Box component="span" title={row.subject} sx={{ fontWeight: 500 }}>{row.subject || '(no subject)'}</Box>
const Count = ({ of }: { of: number }) => <Box component="span" sx={of === 0 ? { color: 'text.secondary' } : { fontWeight: 600 }}>{of}</Box>
const wideColumns: Column<RequestRow>[] = [
  { id: 'number', header: 'Number', width: '76px', cell: (row) => <Mono>{row.number}</Mono> },
  { id: 'subject', header: 'Subject', width: 'minmax(200px, 2.2fr)', cell: subject },
  { id: 'requester', header: 'Requester', width: 'minmax(150px, 1.6fr)', cell: (row) => <Mono title={row.requester}>{row.requester}</Mono> },
  { id: 'status', header: 'Status', width: '88px', cell: (row) => <StatusMark tone={row.status === 'open' ? 'pending' : 'good'}>{row.status === 'open' ? 'Open' : 'Closed'}</StatusMark> },
  { id: 'priority', header: 'Priority', width: 'minmax(76px, 0.6fr)', cell: (row) => row.values.priority ?? <Box component="span" sx={{ color: 'text.secondary' }}>–</Box> },
  { id: 'partition', header: 'Partition', width: 'minmax(76px, 0.6fr)', cell: (row) => row.partition },
  { id: 'server', header: 'Server', width: 'minmax(70px, 0.6fr)', cell: (row) => row.server },
  { id: 'created', header: 'Received', width: '122px', cell: (row) => <LocalTime at={row.createdAt} /> },
  { id: 'replies', header: 'Replies', width: '66px', align: 'right', cell: (row) => <Count of={row.replies} /> },
  { id: 'files', header: 'Files', width: '54px', align: 'right', cell: (row) => <Count of={row.attachments} /> }
]
const narrowColumns: Column<RequestRow>[] = [
  { id: 'number', header: 'Number', width: '70px', cell: (row) => <Mono>{row.number}</Mono> },
  { id: 'subject', header: 'Subject', width: 'minmax(120px, 1fr)', cell: subject },
  { id: 'created', header: 'Received', width: '106px', cell: (row) => <LocalTime at={row.createdAt} /> }
]
