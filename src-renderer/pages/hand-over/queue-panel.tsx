import { Box, Button, Link } from '@mui/material'
import { useState } from 'react'
import { wordsOf } from '#contract/problem-words.ts'
import type { HandOverRow } from '#contract/hand-over.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FilterChoice } from '../../components/filter-choice.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { Countdown, fullTime, LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { eventWords, stateWords } from './hand-over-words.ts'

type State = HandOverRow['state']
type Needs = { targets: readonly string[]; target: string | null; onTarget: (target: string | null) => void }
const pageSize = 100

/** What is on its way to help desks, newest first, with the reason where it does not get on. */
export const QueuePanel = ({ targets, target, onTarget }: Needs) => {
  const [state, setState] = useState<State | null>(null)
  const [limit, setLimit] = useState(pageSize)
  const [selected, setSelected] = useState<number | null>(null)
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const { value: page, problem, reload } = useCall('hand-over.list', { target, state, limit }, { refreshOn: ['hand-over-changed'] })
  const rows = page?.rows ?? []
  const chosen = rows.find(({ id }) => id === selected) ?? null
  const stuck = page === null ? 0 : page.waiting + page.refused
  const retry = (asked: readonly string[], ids: number[] | null): void => void act(async () => {
    let retried = 0
    for (const name of asked) retried += (await callMain('hand-over.retry', { target: name, ids })).retried
    say(retried === 0 ? 'There was nothing to try again.' : `${plural(retried, 'event')} ${retried === 1 ? 'is' : 'are'} tried again now.`)
    reload()
  })
  return (
    <Panel
      title="Queue" fill
      actions={
        <>
          <FilterChoice label="Help desk" width={150} value={target ?? ''} onChange={(name) => onTarget(name || null)} options={[{ value: '', label: 'All help desks' }, ...targets.map((name) => ({ value: name, label: name }))]} />
          <FilterChoice<State | ''> label="State" width={150} value={state ?? ''} onChange={(wanted) => setState(wanted === '' ? null : wanted)} options={[{ value: '', label: 'Every state' }, ...(['waiting', 'refused', 'delivered'] as const).map((value) => ({ value, label: stateWords[value].words }))]} />
        </>
      }
      footer={
        <>
          <Button disabled={!administrator || chosen === null || chosen.state === 'delivered'} onClick={() => chosen && retry([chosen.target], [chosen.id])}>Try again</Button>
          <Button disabled={!administrator || stuck === 0} onClick={() => retry(target === null ? targets : [target], null)}>{target === null ? 'Try all again' : `Try all of ${target} again`}</Button>
          {page !== null && page.next !== null && limit < 500 && <Button variant="text" onClick={() => setLimit(500)}>Show more</Button>}
          <Box role="status" sx={{ color: 'text.secondary', ml: 'auto' }}>{page ? `${countText(page.waiting)} waiting, ${countText(page.refused)} refused` : ''}</Box>
        </>
      }
    >
      {problem && <Box sx={{ p: 1.5 }}><ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} /></Box>}
      {page && rows.length === 0 ? (
        <EmptyState title={state === null && target === null ? 'Nothing has been handed over yet' : 'Nothing fits'}>{state === null && target === null ? 'New requests, replies and changes appear here once a help desk is started.' : 'Choose another help desk or state.'}</EmptyState>
      ) : (
        <Box sx={{ flex: 1, minHeight: 160, overflow: 'auto' }}>
          <DataTable<HandOverRow> label="Hand-over queue" columns={columns} rows={rows} keyOf={({ id }) => id} selected={selected} onSelect={({ id }) => setSelected(id)} minWidth={860} />
        </Box>
      )}
      {chosen?.problem && <Box sx={{ p: 1.5, borderTop: 1, borderColor: 'divider' }}><ProblemNotice key={chosen.id} bare problem={chosen.problem} /></Box>}
    </Panel>
  )
}

const columns: Column<HandOverRow>[] = [
  { id: 'at', header: 'Happened', width: '116px', cell: ({ createdAt }) => <LocalTime at={createdAt} /> },
  { id: 'target', header: 'Help desk', width: 'minmax(100px, 0.8fr)', cell: ({ target }) => target },
  { id: 'event', header: 'Event', width: '112px', cell: ({ event }) => eventWords[event] },
  { id: 'request', header: 'Request', width: '78px', cell: ({ request }) => <Link href={hashOf('requests', request)}><Mono>{request}</Mono></Link> },
  { id: 'state', header: 'State', width: '116px', cell: ({ state, deliveredAt }) => <StatusMark tone={stateWords[state].tone} {...(deliveredAt === null ? {} : { title: `Delivered ${fullTime(deliveredAt)}` })}>{stateWords[state].words}</StatusMark> },
  { id: 'what', header: 'What is in the way', width: 'minmax(200px, 2fr)', cell: ({ problem }) => (problem === null ? '' : <span title={`${wordsOf(problem).title} ${wordsOf(problem).advice}`}>{wordsOf(problem).title}</span>) },
  { id: 'tries', header: 'Tries', width: '56px', align: 'right', cell: ({ tries }) => countText(tries) },
  { id: 'next', header: 'Next try', width: '96px', cell: ({ nextTryAt, state }) => (state === 'delivered' ? '–' : nextTryAt ? <Countdown to={nextTryAt} /> : 'waits for you') },
  { id: 'remote', header: 'Their number', width: '100px', cell: ({ remoteId }) => (remoteId === null ? '' : <Mono title={remoteId}>{remoteId}</Mono>) }
]
