import { Box, Button, Link } from '@mui/material'
import { useState } from 'react'
import type { OutboxRow } from '#contract/calls.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { Mono } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { Countdown, LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'

/** Mail that goes out by itself and is not sent yet, with what is in the way. */
export const OutboxPage = () => {
  const { value: rows, problem, reload } = useCall('outbox.list', {}, { refreshOn: ['outbox-changed'] })
  const [selected, setSelected] = useState<number | null>(null)
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const chosen = rows?.find(({ id }) => id === selected) ?? null
  const send = (): void => void act(async () => {
    const { tried } = await callMain('outbox.flush', {})
    say(`${plural(tried, 'mail')} ${tried === 1 ? 'is' : 'are'} tried now.`)
    reload()
  })
  return (
    <PageFrame title="Outbox" fill intro="Answers, notices and alerts on their way. What a server does not take is tried again by itself; what was sent is not kept here.">
      <LookOnly what="what is sent" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel fill footer={rows?.length === 0 ? null : <><Button disabled={!administrator || (rows?.length ?? 0) === 0} onClick={send}>Send now</Button><Box role="status" sx={{ color: 'text.secondary', ml: 'auto' }}>{rows ? `${countText(rows.length)} waiting` : ''}</Box></>}>
        {rows?.length === 0 ? (
          <EmptyState title="Nothing waits to be sent">Acknowledgements, notices to senders and technicians, and alerts appear here until a mail server has taken them.</EmptyState>
        ) : (
          <Box sx={{ flex: 1, minHeight: 0, overflow: 'auto' }}><DataTable<OutboxRow> label="Outbox" columns={columns} rows={rows ?? []} keyOf={({ id }) => id} selected={selected} onSelect={({ id }) => setSelected(id)} minWidth={720} /></Box>
        )}
        {chosen?.problem && <Box sx={{ p: 1.5, borderTop: 1, borderColor: 'divider' }}><ProblemNotice key={chosen.id} bare problem={chosen.problem} /></Box>}
      </Panel>
    </PageFrame>
  )
}

const columns: Column<OutboxRow>[] = [
  { id: 'to', header: 'To', width: 'minmax(150px, 1.2fr)', cell: ({ to }) => <Mono title={to}>{to}</Mono> },
  { id: 'subject', header: 'Subject', width: 'minmax(150px, 1.6fr)', cell: ({ subject }) => <span title={subject}>{subject}</span> },
  { id: 'request', header: 'Request', width: '78px', cell: ({ request }) => (request === null ? '' : <Link href={hashOf('requests', request)}><Mono>{request}</Mono></Link>) },
  { id: 'at', header: 'Written', width: '110px', cell: ({ createdAt }) => <LocalTime at={createdAt} /> },
  { id: 'what', header: 'What is in the way', width: 'minmax(130px, 1.4fr)', cell: ({ problem }) => (problem === null ? '' : <span title={wordsOf(problem).title}>{wordsOf(problem).title}</span>) },
  { id: 'tries', header: 'Tries', width: '56px', align: 'right', cell: ({ tries }) => countText(tries) },
  { id: 'next', header: 'Next try', width: '84px', cell: ({ nextTryAt }) => <Countdown to={nextTryAt} /> }
]
