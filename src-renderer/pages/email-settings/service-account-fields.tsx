import { TextLine } from '../../components/fields.tsx'
import { KeyLines } from '../../components/key-lines.tsx'
import { Columns } from './form-section.tsx'
import { withFields, type PartNeeds, type SecretNeeds } from './form-parts.ts'

/** Google's application key and the user whose mailbox it acts for. */
export const ServiceAccountFields = ({ server, change, errors, disabled, stored, secrets, setSecrets }: PartNeeds & SecretNeeds) => {
  const { auth } = server
  const takeAddress = (text: string): void => {
    const account = addressIn(text)
    if (account !== null) change({ auth: withFields(auth, { account }) })
  }
  return (
    <>
      <KeyLines name="secret" label="Key of the service account" accept=".json,.pem,application/json" stored={stored.hasSecret} value={secrets.secret} onChange={(secret) => setSecrets({ secret })} onFile={takeAddress} error={errors['secret'] ?? errors['auth.secret'] ?? keyFault(secrets.secret)} disabled={disabled} helper="The JSON key file of the Google Cloud console. It goes to the credential store and is never shown again." />
      <Columns template="1fr 1fr">
        <TextLine name="auth.account" label="Service account" mono value={auth.account ?? ''} onChange={(account) => change({ auth: withFields(auth, { account: account.trim() }) })} error={errors['auth.account']} disabled={disabled} placeholder="mail@project.iam.gserviceaccount.com" helper="Filled in from the key file." />
        <TextLine name="auth.subject" label="Acts for user" mono value={auth.subject ?? ''} onChange={(subject) => change({ auth: withFields(auth, { subject: subject.trim() }) })} error={errors['auth.subject']} disabled={disabled} placeholder="it@example.com" helper="Its mailbox is used. Domain-wide delegation must allow it in the Google Admin console." />
      </Columns>
    </>
  )
}

/** Told as soon as it is chosen: where the connection fails earlier, the test does not come as far as the key. */
const keyFault = (text: string): string | undefined =>
  text.trim() === '' || /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? undefined : 'There is no private key in this. Choose the JSON key file of the service account.'

const addressIn = (text: string): string | null => {
  try {
    const key = JSON.parse(text) as { client_email?: unknown } | null
    return typeof key?.client_email === 'string' ? key.client_email : null
  } catch {
    return null
  }
}
