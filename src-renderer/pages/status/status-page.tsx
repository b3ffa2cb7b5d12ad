import { Box, Button, Link } from '@mui/material'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { TimeAgo, useNow } from '../../components/times.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { fetchingState } from '../../components/server-words.ts'

type Trouble = { name: string; side: 'incoming' | 'outgoing'; problem: Problem; since: string | null }

const troublesOf = (incoming: readonly IncomingServerView[], outgoing: readonly OutgoingServerView[]): Trouble[] => [
  ...incoming.flatMap(({ server, state }): Trouble[] => (state.problem ? [{ name: server.name, side: 'incoming', problem: state.problem, since: state.failingSince }] : [])),
  ...outgoing.flatMap(({ server, lastTest }): Trouble[] => (lastTest?.problem ? [{ name: server.name, side: 'outgoing', problem: lastTest.problem, since: lastTest.at }] : []))
]

/** In ten seconds: is mail coming in, and if not, why. */
export const StatusPage = () => {
  const incoming = useCall('incoming.list', {}, { refreshOn: ['incoming-state-changed', 'servers-changed', 'round-finished'] })
  const outgoing = useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] })
  const requests = useCall('requests.list', { limit: 1 }, { refreshOn: ['requests-changed'] }).value
  const errors = useCall('errors.list', { limit: 1 }, { refreshOn: ['errors-changed'] }).value
  const problem = incoming.problem ?? outgoing.problem
  const views = incoming.value ?? []
  const troubles = troublesOf(views, outgoing.value ?? [])
  const fetching = views.filter(({ server, state, issues }) => server.enabled && state.problem === null && issues.length === 0).length
  const newest = requests?.rows[0]
  const ready = incoming.value !== null && outgoing.value !== null
  return (
    <PageFrame title="Status">
      {problem && <ProblemNotice problem={problem} action={<Button onClick={incoming.reload}>Try again</Button>} />}
      <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(190px, 1fr))', gap: 1.5 }}>
        <Fact label="Mailboxes fetching" href={hashOf('email-settings')} value={`${fetching} of ${views.length}`} />
        <Fact label="Requests" href={hashOf('requests')} value={countText(requests?.total ?? 0)} note={newest ? <>newest <TimeAgo at={newest.createdAt} /></> : undefined} />
        <Fact label="Mail that failed" href={hashOf('error-folder')} value={countText(errors?.open ?? 0)} bad={(errors?.open ?? 0) > 0} />
      </Box>
      <Panel title="What needs attention">
        {ready && troubles.length === 0 && <Box sx={{ p: 2 }}><StatusMark tone={views.length === 0 ? 'neutral' : 'good'}>{views.length === 0 ? 'No incoming server is configured yet.' : 'No server reports a problem.'}</StatusMark></Box>}
        {troubles.map((trouble) => (
          <Box key={`${trouble.side} ${trouble.name}`} sx={{ p: 1.5, borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
            <Box sx={{ color: 'text.secondary', mb: 0.5 }}><Box component="span" sx={{ fontWeight: 600, color: 'text.primary' }}>{trouble.name}</Box> · {trouble.side}{trouble.since && <> · since <TimeAgo at={trouble.since} /></>}</Box>
            <ProblemNotice problem={trouble.problem} bare action={<Box sx={{ display: 'flex', gap: 1 }}><Button href={hashOf('email-settings', trouble.side, trouble.name, 'test')}>Test</Button><Button href={hashOf('email-settings', trouble.side, trouble.name, 'open')}>Open server</Button></Box>} />
          </Box>
        ))}
      </Panel>
      <Panel title="Mailboxes">
        {ready && views.length === 0 && <EmptyState title="No mailbox yet" action={<Button href={hashOf('email-settings')}>Go to E-mail settings</Button>}>Add an incoming server to see here when mail last came in.</EmptyState>}
        {views.map((view) => <Mailbox key={view.server.name} view={view} />)}
      </Panel>
    </PageFrame>
  )
}

const Fact = ({ label, value, href, note, bad = false }: { label: string; value: string; href: string; note?: React.ReactNode; bad?: boolean }) => (
  <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5, p: 1.5 }}>
    <Box sx={{ color: 'text.secondary' }}>{label}</Box>
    <Link href={href} aria-label={`${label}: ${value}`} sx={{ fontSize: 22, fontWeight: 600, color: bad ? 'error.main' : 'text.primary' }}>{value}</Link>
    {note && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{note}</Box>}
  </Box>
)

const Mailbox = ({ view }: { view: IncomingServerView }) => {
  const { server, state, errorCount } = view
  const { tone, words } = fetchingState(view, useNow())
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1.2fr 1.2fr 1.6fr 1fr' }, gap: 1, px: 1.5, py: 0.75, minHeight: 34, alignItems: 'center', borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
      <Link href={hashOf('email-settings', 'incoming', server.name, 'open')} sx={{ fontWeight: 500, color: 'text.primary' }}>{server.name}</Link>
      <StatusMark tone={tone}>{words}</StatusMark>
      <Box sx={{ color: 'text.secondary' }}>{state.lastSuccessAt ? <>last good round <TimeAgo at={state.lastSuccessAt} /></> : 'no good round yet'}</Box>
      <Box>{errorCount > 0 && <Link href={`${hashOf('error-folder')}?server=${encodeURIComponent(server.name)}`} sx={{ color: 'error.main' }}>{plural(errorCount, 'failed message')}</Link>}</Box>
    </Box>
  )
}
