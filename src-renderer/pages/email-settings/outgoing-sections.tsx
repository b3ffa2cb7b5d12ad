import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { outgoingProtocols } from '#contract/protocols.ts'
import { Choice, NumberLine, TextLine, Tick } from '../../components/fields.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { Columns, Danger, FormSection } from './form-section.tsx'

type Part = { server: OutgoingServerDraft; change: (part: Partial<OutgoingServerDraft>) => void; errors: Record<string, string>; disabled: boolean }

export const SenderSection = ({ server, change, errors, disabled, label }: Part & { label: string }) => (
  <FormSection title="Type and sender">
    <TextLine name="name" label="Name" value={server.name} onChange={(name) => change({ name })} error={errors['name']} disabled={disabled} autoFocus={server.name === '' && !disabled} helper={`How this ${label} server is called in tables, commands and files.`} />
    <Columns template="1fr 1fr">
      <TextLine name="senderName" label="Sender name" value={server.senderName} onChange={(senderName) => change({ senderName })} error={errors['senderName']} disabled={disabled} helper="Shown to the recipient, such as IT Support." />
      <TextLine name="replyTo" label="Reply-to address" mono value={server.replyTo} onChange={(replyTo) => change({ replyTo: replyTo.trim() })} error={errors['replyTo']} disabled={disabled} helper="Used as From; answers come back to it." />
    </Columns>
  </FormSection>
)

export const AlternateSection = ({ server, change, errors, disabled }: Part) => {
  const { alternate } = server
  const set = (part: Partial<NonNullable<OutgoingServerDraft['alternate']>>): void => change({ alternate: alternate && { ...alternate, ...part } })
  const ports = outgoingProtocols[server.protocol].ports
  return (
    <FormSection title="Alternate server">
      <Tick name="alternate" label="Use an alternate when this server cannot be reached" value={alternate !== null} onChange={(wanted) => change({ alternate: wanted ? { host: '', port: ports.starttls, security: 'starttls', returnToPrimary: 'manual' } : null })} disabled={disabled} />
      {alternate && (
        <>
          <Columns template="2fr 1.3fr 104px">
            <TextLine name="alternate.host" label="Alternate server" mono value={alternate.host} onChange={(host) => set({ host: host.trim() })} error={errors['alternate.host']} disabled={disabled} />
            <Choice name="alternate.security" label="Security of the alternate" value={alternate.security} onChange={(security) => set({ security, ...(alternate.port === ports[alternate.security] ? { port: ports[security] } : {}) })} disabled={disabled} options={[{ value: 'tls', label: 'TLS from the first byte' }, { value: 'starttls', label: 'STARTTLS' }, { value: 'none', label: 'None' }]} />
            <NumberLine name="alternate.port" label="Alternate port" value={alternate.port} onChange={(port) => set({ port })} error={errors['alternate.port']} disabled={disabled} />
          </Columns>
          {alternate.security === 'none' && <Danger>The alternate is not encrypted: the password and all mail can be read on the way.</Danger>}
          <Choice name="alternate.returnToPrimary" width={320} label="Back to the primary" value={alternate.returnToPrimary} onChange={(returnToPrimary) => set({ returnToPrimary })} disabled={disabled} options={[{ value: 'manual', label: 'When I say so' }, { value: 'health-check', label: 'When it answers again' }]} />
        </>
      )}
    </FormSection>
  )
}

export const DeliverySection = ({ server, change, errors, disabled }: Part) => {
  const { conversationId } = server
  return (
    <FormSection title="Delivery">
      <Tick name="block" label="Block outgoing mail (receive only)" value={server.block} onChange={(block) => change({ block })} disabled={disabled} />
      <TextLine name="overrideTo" label="Send all mail to one address instead" mono value={server.overrideTo ?? ''} onChange={(overrideTo) => change({ overrideTo: overrideTo.trim() || null })} error={errors['overrideTo']} disabled={disabled} helper="For trials. Empty: mail goes to its recipients; the original address is kept in a header." />
      <Choice name="embeddedImages" width={320} label="Embedded images" value={server.embeddedImages} onChange={(embeddedImages) => change({ embeddedImages })} disabled={disabled} options={[{ value: 'cid', label: 'Attached (CID)', hint: 'right for most mail programs' }, { value: 'base64', label: 'Inline (Base64)' }]} />
      <Tick name="conversationId.attach" label="Put the request number on outgoing mail" value={conversationId.attach} onChange={(attach) => change({ conversationId: { ...conversationId, attach } })} disabled={disabled} />
      {conversationId.attach && (
        <Columns template="1fr 1fr">
          <Choice name="conversationId.location" label="Place" value={conversationId.location} onChange={(location) => change({ conversationId: { ...conversationId, location } })} disabled={disabled} options={[{ value: 'subject', label: 'Subject' }, { value: 'body', label: 'Text (plain text part)' }]} />
          <TextLine name="conversationId.prefix" label="Prefix" mono value={conversationId.prefix} onChange={(prefix) => change({ conversationId: { ...conversationId, prefix } })} error={errors['conversationId.prefix']} disabled={disabled} />
        </Columns>
      )}
    </FormSection>
  )
}

export const TimeoutField = ({ server, change, errors, disabled }: Part) => (
  <NumberLine name="timeoutMs" width={220} label="Send timeout" suffix="seconds" value={server.timeoutMs / 1_000} onChange={(seconds) => change({ timeoutMs: Math.round(seconds * 1_000) })} error={errors['timeoutMs']} disabled={disabled} />
)

/** For servers that let in who has just fetched mail. */
export const PopBeforeField = ({ server, change, errors, disabled }: Part) => {
  const incoming = useCall('incoming.list', {}).value ?? []
  const chosen = server.popBeforeSmtp ?? ''
  const names = [...new Set([...incoming.map((view) => view.server.name), ...(chosen === '' ? [] : [chosen])])]
  const options = [{ value: '', label: 'Not needed' }, ...names.map((value) => ({ value, label: value }))]
  return <Choice name="popBeforeSmtp" width={420} label="Sign in to an incoming server first (POP before SMTP)" value={chosen} onChange={(name) => change({ popBeforeSmtp: name === '' ? undefined : name })} error={errors['popBeforeSmtp']} disabled={disabled} options={options} />
}
