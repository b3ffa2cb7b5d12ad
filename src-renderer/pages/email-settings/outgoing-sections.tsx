import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { Choice, NumberLine, TextLine } from '../../components/fields.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { Columns, FormSection } from './form-section.tsx'

/** What every section of the dialog is given. */
export type OutgoingPart = { server: OutgoingServerDraft; change: (part: Partial<OutgoingServerDraft>) => void; errors: Record<string, string>; disabled: boolean }

export const SenderSection = ({ server, change, errors, disabled, label }: OutgoingPart & { label: string }) => (
  <FormSection title="Type and sender">
    <TextLine name="name" label="Name" value={server.name} onChange={(name) => change({ name })} error={errors['name']} disabled={disabled} autoFocus={server.name === '' && !disabled} helper={`How this ${label} server is called in tables, commands and files.`} />
    <Columns template="1fr 1fr">
      <TextLine name="senderName" label="Sender name" value={server.senderName} onChange={(senderName) => change({ senderName })} error={errors['senderName']} disabled={disabled} helper="Shown to the recipient, such as IT Support." />
      <TextLine name="replyTo" label="Reply-to address" mono value={server.replyTo} onChange={(replyTo) => change({ replyTo: replyTo.trim() })} error={errors['replyTo']} disabled={disabled} helper="Used as From; answers come back to it." />
    </Columns>
  </FormSection>
)

export const TimeoutField = ({ server, change, errors, disabled }: OutgoingPart) => (
  <NumberLine name="timeoutMs" width={220} label="Send timeout" suffix="seconds" value={server.timeoutMs / 1_000} onChange={(seconds) => change({ timeoutMs: Math.round(seconds * 1_000) })} error={errors['timeoutMs']} disabled={disabled} />
)

/** For servers that let in who has just fetched mail. */
export const PopBeforeField = ({ server, change, errors, disabled }: OutgoingPart) => {
  const incoming = useCall('incoming.list', {}).value ?? []
  const chosen = server.popBeforeSmtp ?? ''
  const names = [...new Set([...incoming.map((view) => view.server.name), ...(chosen === '' ? [] : [chosen])])]
  const options = [{ value: '', label: 'Not needed' }, ...names.map((value) => ({ value, label: value }))]
  return <Choice name="popBeforeSmtp" width={420} label="Sign in to an incoming server first (POP before SMTP)" value={chosen} onChange={(name) => change({ popBeforeSmtp: name === '' ? undefined : name })} error={errors['popBeforeSmtp']} disabled={disabled} options={options} />
}
