import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { TextLine, Tick } from '../../components/fields.tsx'
import { KeyLines } from '../../components/key-lines.tsx'
import { Mono } from '../../components/mono.tsx'
import { Columns, FormSection } from './form-section.tsx'
import type { SecretNeeds } from './form-parts.ts'

type Needs = SecretNeeds & { server: OutgoingServerDraft; change: (part: Partial<OutgoingServerDraft>) => void; errors: Record<string, string>; disabled: boolean }

/** Whether mail is signed (RFC 6376), for which domain, and with which key. */
export const DkimPart = ({ server, change, errors, disabled, stored, secrets, setSecrets }: Needs) => {
  const { dkim, replyTo } = server
  const set = (part: Partial<NonNullable<OutgoingServerDraft['dkim']>>): void => change({ dkim: dkim && { ...dkim, ...part } })
  const begin = (wanted: boolean): void => {
    change({ dkim: wanted ? { domain: replyTo.slice(replyTo.lastIndexOf('@') + 1), selector: '', secret: 'keychain' } : null })
    if (!wanted) setSecrets({ dkimKey: '' })
  }
  return (
    <FormSection title="Signature (DKIM)">
      <Tick name="dkim" label="Sign mail with DKIM" value={dkim !== null} onChange={begin} disabled={disabled} helper="Needed only where the server does not sign by itself, as the large providers do. Recipients see that mail comes from your domain, unchanged." />
      {dkim && (
        <>
          <Columns template="1.6fr 1fr">
            <TextLine name="dkim.domain" label="Domain" mono value={dkim.domain} onChange={(domain) => set({ domain: domain.trim() })} error={errors['dkim.domain']} disabled={disabled} helper="That of the reply-to address, or one above it." />
            <TextLine name="dkim.selector" label="Selector" mono value={dkim.selector} onChange={(selector) => set({ selector: selector.trim() })} error={errors['dkim.selector']} disabled={disabled} placeholder="mailroom" helper="Names the key among others of the domain." />
          </Columns>
          <KeyLines name="dkimKey" label="Private key" accept=".pem,.key,.txt" stored={stored.hasDkimKey ?? false} value={secrets.dkimKey} onChange={(dkimKey) => setSecrets({ dkimKey })} error={errors['dkimKey'] ?? errors['dkim.secret']} disabled={disabled} helper={<>PEM, RSA of 2048 bits or Ed25519, without a passphrase; it goes to the credential store. Its public half is a TXT record at <Mono>{`${dkim.selector || 'selector'}._domainkey.${dkim.domain || 'example.com'}`}</Mono>; the connection test looks for it, and shows the record where it is missing.</>} />
        </>
      )}
    </FormSection>
  )
}
