import { Box, Link, Typography } from '@mui/material'
import { commandFields } from '#contract/request-values.ts'
import { hashOf } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { operations, type Marks } from './command-examples.ts'

const mostAsked = 500
const mostNamed = 6

/** Whose commands are carried out, and where that is allowed. */
export const WhoMayCommand = () => {
  const { value: page, problem } = useCall('people.list', { limit: mostAsked }, { refreshOn: ['people-changed'] })
  const unchecked = (useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value ?? []).flatMap(({ server }) => (server.authentication.policy === 'ignore' ? [server.name] : []))
  const may = page?.rows.filter(({ signIn }) => signIn) ?? []
  const more = page !== null && page.next !== null
  return (
    <Panel title="Who may use it">
      <Box sx={{ p: 1.5, display: 'grid', gap: 0.75 }}>
        {problem && <ProblemNotice problem={problem} bare />}
        {page && may.length === 0 && <Box sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">{more ? `None of the first ${mostAsked} people.` : 'Nobody yet: it is allowed under People, person by person.'}</StatusMark></Box>}
        {may.length > 0 && <Box>{more ? 'At least ' : ''}{plural(may.length, 'person', 'people')} {may.length === 1 ? 'is' : 'are'} heard: {may.slice(0, mostNamed).map(({ name, address }) => name || address).join(', ')}{may.length > mostNamed ? ` and ${may.length - mostNamed} more` : ''}.</Box>}
        {may.length > 0 && unchecked.length > 0 && (
          <Box sx={{ '& span': { whiteSpace: 'normal' } }}>
            <StatusMark tone="warning">Anybody can write somebody else’s address into From, and {unchecked.slice(0, mostNamed).join(', ')}{unchecked.length > mostNamed ? ` and ${unchecked.length - mostNamed} more` : ''} {unchecked.length === 1 ? 'does' : 'do'} not check senders.</StatusMark> <Link href={hashOf('email-settings')}>Choose the sender check in the server</Link>
          </Box>
        )}
        <Box sx={{ color: 'text.secondary' }}>Under People, “Carry out e-mail commands of this person” allows it (signIn in files), with the rights to edit, close and pick up requests. An analyst with no right ticked may do all; a user only what is ticked, and only to requests of their own. Which fields each may set is in the request template. A command from anybody else is ordinary mail, and its explanation says why.</Box>
        <Box sx={{ display: 'flex', gap: 2, flexWrap: 'wrap' }}><Link href={hashOf('people')}>Go to People</Link><Link href={hashOf('templates')}>Go to Request templates</Link></Box>
      </Box>
    </Panel>
  )
}

/** Operations, fields, and the rules by which a command is read. */
export const CommandRules = ({ marks: { delimiter } }: { marks: Marks }) => (
  <Panel title="What a command can say">
    <Box component="table" sx={{ borderCollapse: 'collapse', width: '100%', '& th': { fontSize: 12, fontWeight: 500, color: 'text.secondary', textAlign: 'left' }, '& td, & th': { px: 1.5, py: 0.75, borderBottom: 1, borderColor: 'divider', verticalAlign: 'top' } }}>
      <thead><tr><th scope="col">Operation</th><th scope="col">What it does</th></tr></thead>
      <tbody>{operations.map(({ id, word, effect }) => <tr key={id}><Box component="td" sx={{ whiteSpace: 'nowrap' }}><Mono>{`${delimiter}Operation=${word}${delimiter}`}</Mono></Box><td>{effect}{id === 'add' ? '' : ' Needs the number of a request.'}</td></tr>)}</tbody>
    </Box>
    <Box sx={{ p: 1.5, display: 'grid', gap: 1.25 }}>
      <Box>
        <Typography sx={{ fontWeight: 600, mb: 0.5 }}>Fields</Typography>
        <Box component="ul" aria-label="Fields" sx={{ listStyle: 'none', m: 0, p: 0, display: 'flex', flexWrap: 'wrap', gap: 0.5 }}>
          {['RequestID', ...commandFields].map((field) => <Box component="li" key={field} className="mono" sx={{ px: 0.75, py: 0.25, border: 1, borderColor: 'divider', borderRadius: 1, fontSize: 12 }}>{field}</Box>)}
        </Box>
        <Box sx={{ color: 'text.secondary', mt: 0.75 }}>And the labels of the additional fields of the template. Written as <Mono>{`${delimiter}Priority=High${delimiter}`}</Mono>; resource questions as <Mono>@@resource.question=answer@@</Mono>.</Box>
      </Box>
      <Box>
        <Typography sx={{ fontWeight: 600, mb: 0.5 }}>How it is read</Typography>
        <Box component="ul" sx={{ m: 0, pl: 2.25, display: 'grid', gap: 0.5 }}>
          <li>Only what the sender wrote counts, not what is quoted. Automatic mail, forwarded mail, and mail whose sender is doubtful command nothing.</li>
          <li>A field that the request does not have, or that the sender may not set, is skipped.</li>
          <li>If a field is given more than once, the last value counts.</li>
          <li>A request number in the text counts before one in the subject.</li>
          <li>A mail with a request number and no operation makes no new request: it is a reply, and its fields are not applied.</li>
          <li>A resource question of select, radio or text takes one answer; of check, several. An answer that is not among the options is left out.</li>
          <li>A command that cannot be carried out goes to the error folder, and nothing of it is done: no such request, one of another partition, a right that is missing.</li>
          <li>What a command changes, with its pictures and files, stands in the history of the request, not in its conversation.</li>
        </Box>
      </Box>
    </Box>
  </Panel>
)
