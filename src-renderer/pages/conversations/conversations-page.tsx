import { Box, Link } from '@mui/material'
import type { Settings } from '#contract/settings.ts'
import { TextLine } from '../../components/fields.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart, type SettingsPart } from '../../settings/use-settings-part.ts'

type Part = Pick<Settings['processing'], 'baseDelimiter'>
const part: SettingsPart<Part> = {
  id: 'conversations',
  eager: true,
  take: ({ processing: { baseDelimiter } }) => ({ baseDelimiter }),
  put: (settings, typed) => ({ ...settings, processing: { ...settings.processing, ...typed } })
}

/** Codes that stand before the number of a record, as ServiceDesk Plus MSP has them. */
const modules = [['RE', 'Request'], ['TA', 'Task'], ['SO', 'Solution'], ['PO', 'Purchase order'], ['PR', 'Purchase request'], ['CO', 'Contract'], ['CH', 'Change'], ['PB', 'Problem'], ['PJ', 'Project']] as const

/** How a reply finds its request. */
export const ConversationsPage = () => {
  const form = useSettingsPart(part)
  const disabled = !useIsAdministrator()
  const typed = form.draft?.baseDelimiter ?? ''
  const error = errorAt(form.errors, 'processing.baseDelimiter')
  // Examples with a delimiter that cannot be would mislead.
  const delimiter = error === undefined ? typed : (form.settings?.processing.baseDelimiter ?? '')
  return (
    <PageFrame title="Conversations" intro="A mail either begins a request or belongs to one. It belongs to one if it names that request, or answers a mail of it.">
      <SettingsForm form={form} aside={<HowFound delimiter={delimiter} />}>
        {form.draft && (
          <SettingsGroup title="Request numbers in subjects">
            <TextLine label="Base delimiter" name="baseDelimiter" width={320} mono value={typed} disabled={disabled} onChange={(baseDelimiter) => form.change({ baseDelimiter })} error={error} helper="1 to 10 of the characters ! @ # $ % ^ &" />
            <Examples delimiter={delimiter} />
            <OtherPrefixes delimiter={delimiter} />
          </SettingsGroup>
        )}
        {form.draft && <ModuleCodes delimiter={delimiter} />}
      </SettingsForm>
    </PageFrame>
  )
}

const Examples = ({ delimiter }: { delimiter: string }) => {
  const rows: [string, string][] = [
    [`Re: Printer shows an error ${delimiter}RE-123${delimiter}`, 'added to request 123'],
    [`AW: ${delimiter}re-123${delimiter} Printer`, 'added to request 123; upper or lower case is the same'],
    [`Printer ${delimiter}RE-123`, 'not found: the delimiter stands on both sides'],
    [`Order ${delimiter}PO-7${delimiter}`, 'not a request: PO is a purchase order']
  ]
  return (
    <Box component="dl" aria-label="Examples" sx={{ m: 0, display: 'grid', gap: 0.75, '& dd': { m: 0, color: 'text.secondary' } }}>
      {rows.map(([subject, meaning]) => <Box key={meaning}><dt><Mono>{subject}</Mono></dt><dd>{meaning}</dd></Box>)}
    </Box>
  )
}

/** Outgoing servers that write the number between other characters: answers to their mail are found by References alone. */
const OtherPrefixes = ({ delimiter }: { delimiter: string }) => {
  const views = useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] }).value ?? []
  const others = views.filter(({ server }) => server.conversationId.attach && server.conversationId.prefix !== delimiter)
  if (others.length === 0 || delimiter === '') return null
  return (
    <Box role="note" sx={{ '& span': { whiteSpace: 'normal' } }}>
      <StatusMark tone="warning">{others.length === 1 ? 'An outgoing server writes' : 'Outgoing servers write'} another delimiter into mail:</StatusMark>
      <Box component="ul" sx={{ m: 0, pl: 4.5 }}>
        {others.map(({ server }) => <li key={server.name}><Link underline="always" href={hashOf('email-settings', 'outgoing', server.name, 'open')}>{server.name}</Link> writes <Mono>{`${server.conversationId.prefix}RE-123${server.conversationId.prefix}`}</Mono></li>)}
      </Box>
      <Box sx={{ color: 'text.secondary', pl: 2.75 }}>Answers to such mail are found only by the mail that they answer.</Box>
    </Box>
  )
}

const ModuleCodes = ({ delimiter }: { delimiter: string }) => (
  <Panel title="Module codes">
    <Box component="table" sx={{ borderCollapse: 'collapse', width: '100%', '& th': { fontSize: 12, fontWeight: 500, color: 'text.secondary', textAlign: 'left' }, '& td, & th': { px: 1.5, height: 30, borderBottom: 1, borderColor: 'divider' }, '& tr:last-of-type td': { borderBottom: 0 } }}>
      <thead><tr><th scope="col">Code</th><th scope="col">Record</th><th scope="col">In a subject</th><th scope="col">Mail with it</th></tr></thead>
      <tbody>
        {modules.map(([code, name]) => (
          <tr key={code}><td><Mono>{code}</Mono></td><td>{name}</td><td><Mono>{`${delimiter}${code}-123${delimiter}`}</Mono></td><Box component="td" sx={{ color: code === 'RE' ? 'text.primary' : 'text.secondary' }}>{code === 'RE' ? 'belongs to the request' : 'is no reply to a request'}</Box></tr>
        ))}
      </tbody>
    </Box>
  </Panel>
)

const HowFound = ({ delimiter }: { delimiter: string }) => (
  <Panel title="How a reply finds its request">
    <Box component="ol" sx={{ m: 0, p: 1.5, pl: 4, display: 'grid', gap: 1 }}>
      <li>The subject names a request that exists: <Mono>{`${delimiter}RE-123${delimiter}`}</Mono>. If it names several different ones, they contradict each other and decide nothing.</li>
      <li>Otherwise the mail that it answers counts (In-Reply-To), if that belongs to a request.</li>
      <li>Otherwise the mails of the conversation before it (References), from the latest to the oldest.</li>
      <li>Otherwise a line in its text, also in a quotation, that a mail from here wrote there: <Mono>{`Reference: ${delimiter}RE-123${delimiter}`}</Mono>.</li>
      <li>If nothing leads to a request, the mail is new.</li>
    </Box>
    <Box sx={{ px: 1.5, pb: 1.5, color: 'text.secondary' }}>
      A request of another partition than that of the mailbox is out of reach. Any mail shows on its request, and under <Link underline="always" href={hashOf('try-message')}>Try a message</Link>, by which of these it was found. Changing the delimiter does not touch mail that has been sent: answers to it are still found by the second and third way.
    </Box>
  </Panel>
)
