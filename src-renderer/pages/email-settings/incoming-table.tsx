import { Box, Button, Link } from '@mui/material'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import { incomingProtocolNames, incomingProtocols, type IncomingProtocol } from '#contract/protocols.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { hashOf, withSearch } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { Countdown, LocalTime, TimeAgo, useNow } from '../../components/times.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { tickColumn } from '../../components/tick-column.tsx'
import { useTicks, type Ticks } from '../../components/use-ticks.ts'
import { ManyButtons } from './edit-many/many-buttons.tsx'
import { AdvisedName } from './advice/advised-name.tsx'
import { AddMenu } from './add-menu.tsx'
import type { TableDeeds } from './outgoing-table.tsx'
import { plural } from '../../components/sizes.ts'
import { fetchingState, incomingType, mailboxText, roundText } from '../../components/server-words.ts'
import type { ReactNode } from 'react'

export type IncomingDeeds = TableDeeds<IncomingServerView, IncomingProtocol> & { start: (view: IncomingServerView) => void; stop: (view: IncomingServerView) => void; startAll: () => void; stopAll: () => void; setUp: () => void; signIn: (view: IncomingServerView) => void; fetchNow: (view: IncomingServerView | null) => void }
type Needs = { views: readonly IncomingServerView[] | null; selected: string | null; onSelect: (name: string) => void; deeds: IncomingDeeds; fetching: boolean; progress: ReactNode }

const nameOf = ({ server }: IncomingServerView): string => server.name
const isStopped = (view: IncomingServerView): boolean => !view.server.enabled

export const IncomingTable = ({ views, selected, onSelect, deeds, fetching, progress }: Needs) => {
  const administrator = useIsAdministrator()
  const chosen = views?.find((view) => view.server.name === selected) ?? null
  const ready = views?.filter((view) => view.issues.length === 0) ?? []
  const ticks = useTicks(nameOf)
  const ticked = administrator ? (views?.filter((view) => ticks.rows.has(nameOf(view))) ?? []) : []
  const add = <AddMenu protocols={incomingProtocols} names={incomingProtocolNames} disabled={!administrator} onAdd={deeds.add} onSetUp={deeds.setUp} />
  const none = views?.length === 0
  return (
    <Panel
      title="Incoming servers"
      actions={none ? null : (
        <>
          <Button disabled={!administrator || !ready.some(isStopped)} onClick={deeds.startAll}>Start all</Button>
          <Button disabled={!administrator || ready.every(isStopped)} onClick={deeds.stopAll}>Stop all</Button>
          <Button disabled={fetching || ready.length === 0} onClick={() => deeds.fetchNow(null)}>Fetch now</Button>
        </>
      )}
      footer={none ? null : ticked.length > 0 ? <ManyButtons views={views ?? []} chosen={ticked} ticks={ticks} onEdit={deeds.editMany} /> : (
        <>
          {add}
          <Button disabled={!chosen} onClick={() => chosen && deeds.open(chosen)}>Open</Button>
          <Button disabled={!chosen || !administrator} onClick={() => chosen && deeds.remove(chosen)}>Delete</Button>
          <Button disabled={!chosen} onClick={() => chosen && deeds.test(chosen)}>Test</Button>
          <Button disabled={!chosen} onClick={() => chosen && deeds.transcript(chosen)}>Transcript</Button>
          <Button disabled={!chosen || !administrator || chosen.issues.length > 0 || !isStopped(chosen)} onClick={() => chosen && deeds.start(chosen)}>Start</Button>
          <Button disabled={!chosen || !administrator || isStopped(chosen)} onClick={() => chosen && deeds.stop(chosen)}>Stop</Button>
          {chosen && <Button variant="text" disabled={fetching || chosen.issues.length > 0} onClick={() => deeds.fetchNow(chosen)}>Fetch {chosen.server.name} now</Button>}
          {chosen && chosen.issues.length === 0 && <Button variant="text" href={withSearch(hashOf('ledger', 'reconcile'), { server: chosen.server.name })} title="Holds the mailbox against the ledger and says whether anything is lost">Reconcile</Button>}
        </>
      )}
    >
      {none ? (
        <EmptyState title="No incoming server yet" action={<Box sx={{ display: 'inline-flex', gap: 1 }}><Button variant="contained" color="primary" disabled={!administrator} onClick={deeds.setUp}>Set up from an address…</Button><AddMenu protocols={incomingProtocols} names={incomingProtocolNames} disabled={!administrator} onAdd={deeds.add} variant="outlined" /></Box>}>Mailroom fetches mail from an incoming server and turns each message into a request. Add the mailbox that your users write to, test it, then start fetching. Everything that was prepared elsewhere comes in with a <Link underline="always" href={hashOf('configuration')}>configuration file</Link>.</EmptyState>
      ) : (
        <DataTable label="Incoming servers" columns={columnsFor(deeds, administrator, ticks)} rows={views ?? []} keyOf={nameOf} selected={selected} onSelect={(view) => onSelect(view.server.name)} minWidth={800} keys={{ open: deeds.open, test: deeds.test, ...(administrator ? { remove: deeds.remove, toggle: ticks.toggle } : {}) }} />
      )}
      {progress}
    </Panel>
  )
}

const columnsFor = (deeds: IncomingDeeds, administrator: boolean, ticks: Ticks<IncomingServerView>): Column<IncomingServerView>[] => [
  ...(administrator ? [tickColumn(ticks, nameOf, nameOf)] : []),
  { id: 'name', header: 'Name', width: 'minmax(96px, 1.1fr)', cell: ({ server, advice }) => <AdvisedName name={server.name} advice={advice} /> },
  { id: 'type', header: 'Type', width: 'minmax(92px, 0.6fr)', cell: incomingType },
  { id: 'mailbox', header: 'Mailbox', width: 'minmax(110px, 1.4fr)', cell: (view) => <Mono title={view.server.addresses.join(', ') || view.server.auth.user}>{mailboxText(view)}</Mono> },
  { id: 'fetching', header: 'Fetching', width: 'minmax(144px, 2.1fr)', cell: (view) => <Fetching view={view} /> },
  { id: 'last', header: 'Last round', width: 'minmax(140px, 1.5fr)', cell: (view) => <LastRound view={view} /> },
  { id: 'next', header: 'Next', width: 'minmax(116px, 0.7fr)', cell: (view) => <Next view={view} deeds={deeds} administrator={administrator} /> },
  { id: 'errors', header: 'Errors', width: '60px', align: 'right', cell: ({ errorCount, server }) => (errorCount === 0 ? '0' : <Link href={withSearch(hashOf('error-folder'), { server: server.name })} aria-label={`${plural(errorCount, 'message')} in the error folder of ${server.name}`} sx={{ color: 'error.main', fontWeight: 600, textDecoration: 'underline' }}>{errorCount}</Link>) }
]

const Fetching = ({ view }: { view: IncomingServerView }) => {
  const state = fetchingState(view, useNow())
  const { problem } = view.state
  return <StatusMark tone={state.tone} title={problem ? `${wordsOf(problem).title} ${wordsOf(problem).advice}` : state.words}>{state.words}</StatusMark>
}

const LastRound = ({ view: { state } }: { view: IncomingServerView }) => {
  if (state.failuresInARow > 0 && state.failingSince) return <>{plural(state.failuresInARow, 'failure')} · <LocalTime at={state.failingSince} /></>
  if (!state.lastRound) return <Box component="span" sx={{ color: 'text.secondary' }}>none yet</Box>
  const end = new Date(Date.parse(state.lastRound.startedAt) + state.lastRound.seconds * 1_000).toISOString()
  return <span title={roundText(state.lastRound)}><TimeAgo at={end} /> · {roundText(state.lastRound)}</span>
}

const Next = ({ view, deeds, administrator }: { view: IncomingServerView; deeds: IncomingDeeds; administrator: boolean }) => {
  const { state } = view
  const remedy = state.problem ? wordsOf(state.problem).action : null
  if (view.issues.length > 0) return !administrator ? <>–</> : <SmallButton label="Complete" name={view.server.name} onClick={() => deeds.open(view)} />
  // A server that waits for its first sign-in says so before it is started and fails.
  if (view.signIn?.state === 'never' && administrator && state.problem === null) return <SmallButton label="Sign in" name={view.server.name} onClick={() => deeds.signIn(view)} />
  if (remedy === 'sign-in' && view.signIn && administrator) return <SmallButton label={state.problem?.code === 'sign-in-needed' ? 'Sign in' : 'Sign in again'} name={view.server.name} onClick={() => deeds.signIn(view)} />
  if (state.fetching === 'failing' && (remedy === 'open-server' || remedy === 'pin-certificate' || remedy === 'sign-in')) return <SmallButton label="See why" name={view.server.name} onClick={() => deeds.test(view)} />
  if (state.fetching === 'fetching') return <>now</>
  return view.server.enabled && state.nextRoundAt ? <Countdown to={state.nextRoundAt} /> : <>–</>
}

const SmallButton = ({ label, name, onClick }: { label: string; name: string; onClick: () => void }) => (
  <Button sx={{ minHeight: 24, py: 0, px: 1 }} aria-label={`${label}: ${name}`} onClick={(event) => { event.stopPropagation(); onClick() }}>{label}</Button>
)
