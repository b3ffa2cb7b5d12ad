import { Box, Button, Link } from '@mui/material'
import type { ReactNode } from 'react'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { hashOf, withSearch } from '../../components/hash-location.ts'
import { Panel } from '../../components/page-frame.tsx'
import { fetchingState } from '../../components/server-words.ts'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { TimeAgo, useNow } from '../../components/times.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ReturnButton } from '../../settings/return-button.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

type Trouble = { name: string; side: 'incoming' | 'outgoing'; problem: Problem; since: string | null }

const troublesOf = (incoming: readonly IncomingServerView[], outgoing: readonly OutgoingServerView[]): Trouble[] => [
  ...incoming.flatMap(({ server, state }): Trouble[] => (state.problem ? [{ name: server.name, side: 'incoming', problem: state.problem, since: state.failingSince }] : [])),
  ...outgoing.flatMap(({ server, lastTest, trouble }): Trouble[] => (trouble ? [{ name: server.name, side: 'outgoing', ...trouble }] : lastTest?.problem ? [{ name: server.name, side: 'outgoing', problem: lastTest.problem, since: lastTest.at }] : []))
]

/** When mail last came, and since when a mailbox is silent, by server; ISO 8601. */
export type LastMails = ReadonlyMap<string, { lastMailAt: string | null; silentSince: string | null }>

/** In ten seconds: is mail coming in, and if not, why. */
export const StatePart = ({ lastMails }: { lastMails: LastMails }) => {
  const incoming = useCall('incoming.list', {}, { refreshOn: ['incoming-state-changed', 'servers-changed', 'round-finished'] })
  const outgoing = useCall('outgoing.list', {}, { refreshOn: ['servers-changed', 'outbox-changed'], bunchMs: 1_000 })
  const problem = incoming.problem ?? outgoing.problem
  const views = incoming.value ?? []
  const troubles = troublesOf(views, outgoing.value ?? [])
  const silent = views.filter(({ server, state }) => server.enabled && state.problem === null && lastMails.get(server.name)?.silentSince)
  const onAlternate = (outgoing.value ?? []).filter(({ onAlternateSince }) => onAlternateSince !== null)
  const ready = incoming.value !== null && outgoing.value !== null
  return (
    <>
      {problem && <ProblemNotice problem={problem} action={<Button onClick={() => { incoming.reload(); outgoing.reload() }}>Try again</Button>} />}
      <Facts views={views} />
      <Panel title="What needs attention">
        {ready && troubles.length + onAlternate.length + silent.length === 0 && <Box sx={{ p: 2 }}><StatusMark tone={views.length === 0 ? 'neutral' : 'good'}>{views.length === 0 ? 'No incoming server is configured yet.' : 'No server reports a problem.'}</StatusMark></Box>}
        {troubles.map((trouble) => (
          <Attention key={`${trouble.side} ${trouble.name}`} name={trouble.name} aside={<>{trouble.side}{trouble.since && <> · since <TimeAgo at={trouble.since} /></>}</>}>
            <ProblemNotice problem={trouble.problem} bare action={<Box sx={{ display: 'flex', gap: 1 }}><Button aria-label={`Test ${trouble.name}`} href={hashOf('email-settings', trouble.side, trouble.name, 'test')}>Test</Button><Button aria-label={`Open server ${trouble.name}`} href={hashOf('email-settings', trouble.side, trouble.name, 'open')}>Open server</Button></Box>} />
          </Attention>
        ))}
        {onAlternate.map((view) => <OnAlternate key={view.server.name} view={view} />)}
        {silent.map(({ server }) => <Silent key={server.name} name={server.name} since={lastMails.get(server.name)?.silentSince ?? ''} />)}
      </Panel>
      <Panel title="Mailboxes">
        {ready && views.length === 0 && <EmptyState title="No mailbox yet" action={<Button href={hashOf('email-settings')}>Go to E-mail settings</Button>}>Add an incoming server to see here when mail last came in.</EmptyState>}
        {views.map((view) => <Mailbox key={view.server.name} view={view} lastMailAt={lastMails.get(view.server.name)?.lastMailAt ?? null} />)}
      </Panel>
    </>
  )
}

const Attention = ({ name, aside, children }: { name: string; aside: ReactNode; children: ReactNode }) => (
  <Box sx={{ p: 1.5, borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
    <Box sx={{ color: 'text.secondary', mb: 0.5 }}><Box component="span" sx={{ fontWeight: 600, color: 'text.primary' }}>{name}</Box> · {aside}</Box>
    {children}
  </Box>
)

const OnAlternate = ({ view: { server, throughAlternate, onAlternateSince } }: { view: OutgoingServerView }) => (
  <Attention name={server.name} aside={<>outgoing{onAlternateSince && <> · since <TimeAgo at={onAlternateSince} /></>}</>}>
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, flexWrap: 'wrap' }}>
      <StatusMark tone="warning">Mail goes through the alternate {throughAlternate}</StatusMark>
      <Button aria-label={`Test ${server.name}`} href={hashOf('email-settings', 'outgoing', server.name, 'test')}>Test</Button>
      <ReturnButton name={server.name} />
    </Box>
  </Attention>
)

const Silent = ({ name, since }: { name: string; since: string }) => (
  <Attention name={name} aside="incoming">
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, flexWrap: 'wrap' }}>
      <StatusMark tone="warning">No mail since <TimeAgo at={since} />, where there usually is some</StatusMark>
      <Button aria-label={`Test ${name}`} href={hashOf('email-settings', 'incoming', name, 'test')}>Test</Button>
      <Button aria-label={`Reconcile ${name}`} href={withSearch(hashOf('ledger', 'reconcile'), { server: name })}>Reconcile</Button>
    </Box>
  </Attention>
)

/** Nothing is claimed before it is known. */
const countOf = (count: number | undefined): string => (count === undefined ? '…' : countText(count))

const Facts = ({ views }: { views: readonly IncomingServerView[] }) => {
  const requests = useCall('requests.list', { limit: 1 }, { refreshOn: ['requests-changed'] }).value
  const errors = useCall('errors.list', { limit: 1 }, { refreshOn: ['errors-changed'] }).value
  const outbox = useCall('outbox.list', { limit: 1 }, { refreshOn: ['outbox-changed'] }).value?.counts
  const stuck = outbox === undefined ? 0 : outbox.held + outbox.uncertain + outbox.refused
  const fetching = views.filter(({ server, state, issues }) => server.enabled && state.problem === null && issues.length === 0).length
  const newest = requests?.rows[0]
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(170px, 1fr))', gap: 1.5 }}>
      <Fact label="Mailboxes fetching" href={hashOf('email-settings')} value={`${fetching} of ${views.length}`} />
      <Fact label="Requests" href={hashOf('requests')} value={countOf(requests?.total)} note={newest ? <>newest <TimeAgo at={newest.createdAt} /></> : undefined} />
      <Fact label="Mail that failed" href={hashOf('error-folder')} value={countOf(errors?.open)} bad={(errors?.open ?? 0) > 0} />
      <Fact label="Mail to be sent" href={hashOf('outbox')} value={countOf(outbox && outbox.waiting + outbox.sending + stuck)} bad={stuck > 0} note={stuck > 0 ? `${plural(stuck, 'mail')} ${stuck === 1 ? 'needs' : 'need'} a decision` : undefined} />
    </Box>
  )
}

const Fact = ({ label, value, href, note, bad = false }: { label: string; value: string; href: string; note?: ReactNode; bad?: boolean }) => (
  <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5, p: 1.5 }}>
    <Box sx={{ color: 'text.secondary' }}>{label}</Box>
    <Link href={href} aria-label={`${label}: ${value}`} sx={{ fontSize: 22, fontWeight: 600, color: bad ? 'error.main' : 'text.primary' }}>{value}</Link>
    {note && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{note}</Box>}
  </Box>
)

const Mailbox = ({ view, lastMailAt }: { view: IncomingServerView; lastMailAt: string | null }) => {
  const { server, state, errorCount } = view
  const { tone, words } = fetchingState(view, useNow())
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'minmax(0, 1fr) minmax(0, 1.6fr) minmax(0, 1.35fr) minmax(0, 1.1fr) minmax(0, 0.5fr) auto' }, gap: 1, px: 1.5, py: 0.75, minHeight: 34, alignItems: 'center', borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
      <Link href={hashOf('email-settings', 'incoming', server.name, 'open')} sx={{ fontWeight: 500, color: 'text.primary' }}>{server.name}</Link>
      <StatusMark tone={tone} title={words}>{words}</StatusMark>
      <Box sx={{ color: 'text.secondary' }}>{state.lastSuccessAt ? <>last good round <TimeAgo at={state.lastSuccessAt} /></> : 'no good round yet'}</Box>
      <Box sx={{ color: 'text.secondary' }}>{lastMailAt ? <>last mail <TimeAgo at={lastMailAt} /></> : 'no mail yet'}</Box>
      <Box>{errorCount > 0 && <Link href={withSearch(hashOf('error-folder'), { server: server.name })} aria-label={`${plural(errorCount, 'failed message')} of ${server.name}`} sx={{ color: 'error.main', whiteSpace: 'nowrap' }}>{countText(errorCount)} failed</Link>}</Box>
      <Link href={withSearch(hashOf('ledger'), { server: server.name })} aria-label={`Ledger of ${server.name}`}>Ledger</Link>
    </Box>
  )
}
