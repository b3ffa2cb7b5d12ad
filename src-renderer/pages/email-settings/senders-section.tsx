import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import { Choice, ListLines } from '../../components/fields.tsx'
import { Danger, FoldedSection } from './form-section.tsx'
import type { IncomingPart } from './incoming-sections.tsx'

type Policy = IncomingServerDraft['authentication']['policy']
const policies: { value: Policy; label: string; hint: string }[] = [
  { value: 'ignore', label: 'Do not check', hint: 'Nothing is looked up' },
  { value: 'mark', label: 'Mark the request', hint: 'It is taken, and says that the sender is doubtful' },
  { value: 'drop', label: 'Drop the message', hint: 'No request, no answer; the round counts it' },
  { value: 'error-folder', label: 'Error folder', hint: 'It waits there for a person' }
]

/** Whether senders are who they say they are, and who forwards for others. */
export const SendersSection = ({ server, change, errors, disabled }: IncomingPart) => {
  const { authentication, forwarders } = server
  const set = (next: Partial<IncomingServerDraft['authentication']>): void => change({ authentication: { ...authentication, ...next } })
  const faulty = Object.keys(errors).some((path) => /^(authentication|forwarders)/.test(path))
  return (
    <FoldedSection title="Senders" hint="Sender check by SPF, DKIM and DMARC, forwarded mail" open={faulty}>
      <Choice name="authentication.policy" label="Sender check" width={320} value={authentication.policy} onChange={(policy) => set({ policy })} error={errors['authentication.policy']} disabled={disabled} options={policies} helper="What happens to mail whose sender’s domain does not stand for it (SPF, DKIM, DMARC)." />
      {authentication.policy === 'drop' && <Danger>Real mail fails the check too where it was forwarded or its domain is set up badly. Dropped mail is not kept by Mailroom.</Danger>}
      {authentication.policy !== 'ignore' && <ListLines name="authentication.trustedServers" label="Servers whose findings are believed" rows={2} mono values={authentication.trustedServers} onChange={(trustedServers) => set({ trustedServers })} error={errors['authentication.trustedServers']} disabled={disabled} placeholder="mx.example.com" helper="Names that your mail servers write into Authentication-Results, one a line. Empty: Mailroom checks by itself." />}
      <ListLines name="forwarders" label="Mailboxes that forward here" rows={2} mono values={forwarders} onChange={(next) => change({ forwarders: next })} error={errors['forwarders']} disabled={disabled} placeholder="helpdesk@example.com" helper="One a line. Mail that they send on belongs to its original sender, not to them." />
    </FoldedSection>
  )
}
