import { Box, Button } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { settings as settingsSchema, type Settings } from '#contract/settings.ts'
import type { Problem } from '#contract/problem.ts'
import { faultWords } from '../../components/fault-words.ts'
import { useAsk } from '../../components/ask.tsx'
import { ListLines, NumberLine, TextLine, Tick } from '../../components/fields.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useToasts } from '../../problems/toasts.tsx'

/** Alerts, attachments, request numbers and the history: what holds for the whole console. */
export const SettingsPage = () => {
  const { value, problem, reload } = useCall('settings.get', {}, { refreshOn: ['settings-changed'] })
  return (
    <PageFrame title="Alerts and processing">
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {value && <SettingsForm key={JSON.stringify(value)} stored={value} />}
    </PageFrame>
  )
}

type Errors = Record<string, string>
const faultsOf = (draft: Settings): Errors => {
  const parsed = settingsSchema.safeParse(draft)
  const errors: Errors = {}
  if (!parsed.success) for (const issue of parsed.error.issues) errors[issue.path.filter((part) => typeof part === 'string').join('.')] ??= faultWords(issue.message)
  return errors
}

const SettingsForm = ({ stored }: { stored: Settings }) => {
  const [draft, setDraft] = useState(stored)
  const [errors, setErrors] = useState<Errors>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const disabled = !useIsAdministrator()
  const ask = useAsk()
  const { say } = useToasts()
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored)
  const save = async (): Promise<void> => {
    const faults = faultsOf(draft)
    setErrors(faults)
    if (Object.keys(faults).length > 0) return
    const goAhead = stored.history.reasonRequired ? await ask({ title: 'Save changes', body: 'This console asks for the reason of a change.', confirm: 'Save', reason: 'required' }) : { reason: null }
    if (!goAhead) return
    setProblem(null)
    try {
      await callMain('settings.save', { settings: draft, reason: goAhead.reason })
      say('The settings were saved.')
    } catch (thrown) {
      setProblem(problemOf(thrown))
    }
  }
  const { alerts, processing, fetching, history } = draft
  const setAlerts = (part: Partial<Settings['alerts']>): void => setDraft({ ...draft, alerts: { ...alerts, ...part } })
  const setProcessing = (part: Partial<Settings['processing']>): void => setDraft({ ...draft, processing: { ...processing, ...part } })
  return (
    <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); void save() }} sx={{ display: 'grid', gap: 1.5, maxWidth: 760 }}>
      <Group title="Alerts">
        <Tick label="Tell when a mailbox cannot be reached" value={alerts.connectivity.enabled} disabled={disabled} onChange={(enabled) => setAlerts({ connectivity: { ...alerts.connectivity, enabled } })} helper="One notice when it is lost and one when it is back, on the bell." />
        {alerts.connectivity.enabled && <NumberLine label="After failures in a row" width={200} value={alerts.connectivity.afterFailures} disabled={disabled} onChange={(afterFailures) => setAlerts({ connectivity: { ...alerts.connectivity, afterFailures } })} error={errors['alerts.connectivity.afterFailures']} />}
        <Tick label="Send mail when an application error occurs" value={alerts.applicationErrors.enabled} disabled={disabled} onChange={(enabled) => setAlerts({ applicationErrors: { ...alerts.applicationErrors, enabled } })} helper="The switch behind “Notify by mail” of an error folder." />
        {alerts.applicationErrors.enabled && <ListLines label="Recipients" rows={2} mono values={alerts.applicationErrors.to} disabled={disabled} onChange={(to) => setAlerts({ applicationErrors: { ...alerts.applicationErrors, to } })} error={errors['alerts.applicationErrors.to']} helper="One address a line." />}
      </Group>
      <Group title="Fetching">
        <NumberLine label="Mailboxes listened to at once" width={240} value={fetching.mostListening} disabled={disabled} onChange={(mostListening) => setDraft({ ...draft, fetching: { ...fetching, mostListening } })} error={errors['fetching.mostListening']} helper="Each holds one connection open. The others are asked at their interval; 0 switches listening off." />
        <TextLine label="Public address of this console" mono inputMode="url" value={fetching.publicUrl ?? ''} disabled={disabled} onChange={(publicUrl) => setDraft({ ...draft, fetching: { ...fetching, publicUrl: publicUrl.trim() || null } })} error={errors['fetching.publicUrl']} placeholder="https://mailroom.example.com" helper="The https address under which the browser console is reached from the internet. Microsoft Graph then announces new mail there; empty: it is asked at the interval." />
      </Group>
      <Group title="Attachments">
        <NumberLine label="Largest attachment" width={200} suffix="MB" value={processing.attachments.maxSize / 1_000_000} disabled={disabled} onChange={(size) => setProcessing({ attachments: { ...processing.attachments, maxSize: Math.round(size * 1_000_000) } })} error={errors['processing.attachments.maxSize']} helper="A larger one is taken off; the mail goes on." />
        <ListLines label="Extensions that are taken off" mono values={processing.attachments.blockedExtensions} disabled={disabled} onChange={(typed) => setProcessing({ attachments: { ...processing.attachments, blockedExtensions: typed.map((extension) => extension.replace(/^\./, '')) } })} error={errors['processing.attachments.blockedExtensions']} helper="Without the dot, such as exe, bat, js." />
      </Group>
      <Group title="Request numbers in subjects">
        <TextLine label="Base delimiter" width={200} mono value={processing.baseDelimiter} disabled={disabled} onChange={(baseDelimiter) => setProcessing({ baseDelimiter })} error={errors['processing.baseDelimiter']} helper={`A subject with ${processing.baseDelimiter}RE-123${processing.baseDelimiter} belongs to request 123.`} />
      </Group>
      <Group title="History">
        <Tick label="Ask for a reason at every change" value={history.reasonRequired} disabled={disabled} onChange={(reasonRequired) => setDraft({ ...draft, history: { reasonRequired } })} helper="The reason is kept with the change." />
      </Group>
      {problem && <ProblemNotice problem={problem} />}
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', position: 'sticky', bottom: 0, py: 1, bgcolor: 'background.default' }}>
        <Button type="submit" variant="contained" color="primary" disabled={disabled || !dirty}>Save</Button>
        <Button disabled={!dirty} onClick={() => { setDraft(stored); setErrors({}) }}>Discard changes</Button>
        <Box role="status">{Object.keys(errors).length > 0 ? <StatusMark tone="warning">Correct the marked fields.</StatusMark> : dirty ? <StatusMark tone="neutral">Not saved yet</StatusMark> : null}</Box>
      </Box>
    </Box>
  )
}

const Group = ({ title, children }: { title: string; children: ReactNode }) => <Panel title={title}><Box sx={{ p: 1.5, display: 'grid', gap: 1.25 }}>{children}</Box></Panel>
