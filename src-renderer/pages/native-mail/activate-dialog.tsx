import { Box, Button, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { nativeMailSettings, type NativeMailSettings, type NativeMailState } from '#contract/native-mail.ts'
import type { Problem } from '#contract/problem.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { faultAt, faultsByPath, focusFirstFault } from '../../components/field-faults.ts'
import { Choice, ListLines, NumberLine, TextLine } from '../../components/fields.tsx'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useToasts } from '../../problems/toasts.tsx'

type Needs = { state: NativeMailState; onClose: () => void; onDone: () => void }
type Policy = NativeMailSettings['authentication']
const policies: { value: Policy; label: string }[] = [{ value: 'ignore', label: 'Do not check' }, { value: 'mark', label: 'Mark the request' }, { value: 'drop', label: 'Drop the message' }, { value: 'error-folder', label: 'Error folder' }]
const anywhere = ['0.0.0.0', '::']

/** How mail is received, as typed; saving begins to listen, or says why it cannot. */
export const ActivateDialog = ({ state, onClose, onDone }: Needs) => {
  const { draft, change, dirty, leave } = useDraft({ ...state.settings, reason: '' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const { say } = useToasts()
  const settings = useCall('settings.get', {}).value
  const partitions = useCall('partitions.list', {}).value?.map(({ name }) => name) ?? []
  const templates = settings?.requestTemplates.map(({ name }) => name) ?? []
  const reasonRequired = settings?.history.reasonRequired ?? false
  const refuse = (found: Record<string, string>): void => { setFaults(found); focusFirstFault() }
  const activate = async (): Promise<void> => {
    const { reason, ...typed } = draft
    const parsed = nativeMailSettings.safeParse({ ...typed, enabled: true, listen: typed.listen.trim() })
    const found = { ...(parsed.success ? {} : faultsByPath(parsed.error.issues)), ...(draft.host === null ? { host: 'Enter the name under which mail servers reach this computer.' } : {}), ...reasonFaults(reasonRequired, reason) }
    if (Object.keys(found).length > 0 || !parsed.success) return refuse(found)
    setFaults({})
    setProblem(null)
    setBusy(true)
    try {
      const now = await callMain('native-mail.activate', { settings: parsed.data, reason: reason.trim() || null })
      say(now.supportAddress === null ? 'Native mail is active.' : `Mail to ${now.supportAddress} becomes requests from now on.`)
      onDone()
    } catch (thrown) {
      const caught = problemOf(thrown)
      if (caught.code === 'invalid-input') refuse(faultsByPath(caught.issues, 'settings'))
      else setProblem(caught)
    } finally {
      setBusy(false)
    }
  }
  const secure = draft.certFile !== null && draft.keyFile !== null
  return (
    <DialogFrame
      title={state.settings.enabled ? 'Native mail settings' : 'Activate native mail'} width={700} onClose={() => leave(onClose)} onSubmit={() => !busy && void activate()}
      actions={
        <>
          <Box role="status" sx={{ flex: 1 }}>{Object.keys(faults).length > 0 && <StatusMark tone="warning">Correct the marked fields.</StatusMark>}</Box>
          <Button onClick={() => leave(onClose)}>{dirty || !state.settings.enabled ? 'Cancel' : 'Close'}</Button>
          <Button type="submit" variant="contained" color="primary" disabled={busy}>{state.settings.enabled ? 'Save' : busy ? 'Activating…' : 'Activate'}</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        {problem && <ProblemNotice problem={problem} />}
        <Group title="Mail server">
          <Two template="1.4fr 1fr 110px">
            <TextLine name="host" label="Name of this mail server" mono value={draft.host ?? ''} onChange={(host) => change({ host: host.trim() || null })} error={faults['host']} autoFocus placeholder="mailroom.example.com" helper="Under which the internet reaches this computer; right side of the support address." />
            <TextLine name="listen" label="Listen at" mono value={draft.listen} onChange={(listen) => change({ listen })} error={faults['listen']} helper={anywhere.includes(draft.listen.trim()) ? 'Every address of this computer.' : 'This address alone.'} />
            <NumberLine name="port" label="Port" value={draft.port} onChange={(port) => change({ port })} error={faults['port']} helper="The internet uses 25." />
          </Two>
          <TextLine name="instance" label="Left side of the support address" mono width={300} value={draft.instance ?? ''} onChange={(instance) => change({ instance: instance.trim() || null })} error={faults['instance']} helper={draft.instance === null ? 'Empty: one is made that nobody guesses.' : draft.instance === state.settings.instance || state.settings.instance === null ? `${draft.instance}@${draft.host ?? '…'}` : 'Mail to the former address is refused after the change.'} />
          <ListLines name="addresses" label="Further addresses" rows={2} mono values={draft.addresses} onChange={(addresses) => change({ addresses })} error={faultAt(faults, 'addresses')} placeholder="it@example.com" helper="One a line; mail to any other address is refused. For those whose domain’s MX record names this server." />
        </Group>
        <Group title="Encryption">
          <Two template="1fr 1fr">
            <TextLine name="certFile" label="Certificate" mono value={draft.certFile ?? ''} onChange={(certFile) => change({ certFile: certFile.trim() || null })} error={faults['certFile']} helper="PEM file with the chain, on the computer that runs Mailroom." />
            <TextLine name="keyFile" label="Its private key" mono value={draft.keyFile ?? ''} onChange={(keyFile) => change({ keyFile: keyFile.trim() || null })} error={faults['keyFile']} helper="PEM file without passphrase." />
          </Two>
          {!secure && <Box role="note" sx={{ px: 1.25, py: 0.75, borderLeft: '3px solid', borderColor: 'warning.main', bgcolor: 'background.default', borderRadius: 0.5, '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">Without certificate and key, mail comes in unencrypted and can be read on its way.</StatusMark></Box>}
        </Group>
        <Group title="Requests">
          <Two template="1fr 1fr 1fr">
            <Choice name="partition" label="Partition" value={draft.partition ?? ''} onChange={(partition) => change({ partition: partition || null })} error={faults['partition']} options={[{ value: '', label: 'The default one' }, ...withPresent(partitions, draft.partition)]} />
            <Choice name="template" label="Request template" value={draft.template ?? ''} onChange={(template) => change({ template: template || null })} error={faults['template']} options={[{ value: '', label: 'Default' }, ...withPresent(templates, draft.template)]} />
            <NumberLine name="maxMessageSize" label="Largest message" suffix="MB" value={draft.maxMessageSize / 1_000_000} onChange={(size) => change({ maxMessageSize: Math.round(size * 1_000_000) })} error={faults['maxMessageSize']} helper="Larger mail is refused while it is sent." />
          </Two>
        </Group>
        <Group title="Senders">
          <Two template="1fr 1.4fr">
            <Choice name="authentication" label="Sender check" value={draft.authentication} onChange={(authentication) => change({ authentication })} options={policies} helper="Mail whose sender’s domain does not stand for it (SPF, DKIM, DMARC)." />
            <ListLines name="forwarders" label="Mailboxes that forward here" rows={2} mono values={draft.forwarders} onChange={(forwarders) => change({ forwarders })} error={faultAt(faults, 'forwarders')} placeholder="helpdesk@example.com" helper="One a line. What they send on belongs to its original sender." />
          </Two>
        </Group>
        {reasonRequired && <ReasonLine required value={draft.reason} onChange={(reason) => change({ reason })} error={faults['reason']} />}
      </Box>
    </DialogFrame>
  )
}

const withPresent = (names: readonly string[], present: string | null): { value: string; label: string }[] => [...names, ...(present === null || names.includes(present) ? [] : [present])].map((value) => ({ value, label: value }))

const Group = ({ title, children }: { title: string; children: ReactNode }) => (
  <Box component="section" aria-label={title} sx={{ display: 'grid', gap: 1.5, '& + &': { borderTop: 1, borderColor: 'divider', pt: 1.5 } }}>
    <Typography variant="h3">{title}</Typography>
    {children}
  </Box>
)
const Two = ({ template, children }: { template: string; children: ReactNode }) => <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: template }, gap: 1.5, alignItems: 'start' }}>{children}</Box>
