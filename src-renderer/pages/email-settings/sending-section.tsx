import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { outgoingProtocols } from '#contract/protocols.ts'
import { Choice, NumberLine, OptionalNumberLine } from '../../components/fields.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { Columns, FormSection } from './form-section.tsx'
import type { OutgoingPart } from './outgoing-sections.tsx'

const bytesInMegabyte = 1_000_000

/** How much goes out at once, how large a mail may be, and what becomes of one of which nobody can say whether it arrived. */
export const SendingSection = (part: OutgoingPart) => {
  const { server, change, errors, disabled } = part
  const most = outgoingProtocols[server.protocol].reach === 'endpoint' ? 'This provider takes no more than 4 at once, whatever is entered.' : 'Open at once and kept open from mail to mail.'
  return (
    <FormSection title="Sending">
      <Columns template="1fr 1fr">
        <NumberLine name="mostConnections" label="Connections at most" value={server.mostConnections} onChange={(mostConnections) => change({ mostConnections })} error={errors['mostConnections']} disabled={disabled} helper={most} />
        <OptionalNumberLine name="maxMailSize" label="Largest mail" suffix="MB" value={server.maxMailSize === null ? null : server.maxMailSize / bytesInMegabyte} onChange={(megabytes) => change({ maxMailSize: megabytes === null ? null : Math.round(megabytes * bytesInMegabyte) })} error={errors['maxMailSize']} disabled={disabled} helper="With its attachments encoded, a third more than the files. Empty: what the server says." />
      </Columns>
      <Choice
        name="whenUncertain" label="When nobody can say whether a mail arrived" value={server.whenUncertain} onChange={(whenUncertain) => change({ whenUncertain })} disabled={disabled}
        options={[{ value: 'hold', label: 'Hold it until somebody decides', hint: 'nothing arrives twice' }, { value: 'send-again', label: 'Send it again', hint: 'nothing is lost; it may arrive twice' }]} helper="Where the connection ends between the end of a mail and the server’s answer."
      />
      {outgoingProtocols[server.protocol].reach === 'host' && <CopiesField {...part} />}
    </FormSection>
  )
}

/** Graph, Exchange and Gmail keep their copies themselves; SMTP has none, but providers put one into the mailbox. */
const CopiesField = ({ server, change, errors, disabled }: OutgoingPart) => {
  const incoming = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value ?? []
  const chosen = server.sentCopiesIn ?? ''
  const names = incoming.filter((view) => view.server.protocol === 'imap').map((view) => view.server.name)
  const all: OutgoingServerDraft['name'][] = chosen === '' || names.includes(chosen) ? names : [...names, chosen]
  return (
    <Choice
      name="sentCopiesIn" width={420} label="Sent copies are in the mailbox of" value={chosen} onChange={(name) => change({ sentCopiesIn: name || null })} error={errors['sentCopiesIn']} disabled={disabled}
      options={[{ value: '', label: 'Nowhere that can be asked' }, ...all.map((value) => ({ value, label: value }))]} helper="An IMAP server. Its Sent folder is asked before anybody has to decide, where the provider puts a copy there."
    />
  )
}
