import type { ReactNode } from 'react'
import type { Auth } from '#contract/fields.ts'
import { flowsFor, providersFor } from '#contract/oauth.ts'
import type { AuthMethod, ProtocolRow } from '#contract/protocols.ts'
import { Choice, SecretLine, TextLine } from '../../components/fields.tsx'
import { Columns, FormSection } from './form-section.tsx'
import { MailboxField } from './mailbox-field.tsx'
import { OAuthFields } from './oauth-fields.tsx'
import { ServiceAccountFields } from './service-account-fields.tsx'
import type { PartNeeds, SecretNeeds } from './form-parts.ts'

const methodLabels: Record<AuthMethod, { label: string; hint?: string }> = {
  password: { label: 'User name and password' },
  ntlm: { label: 'NTLM', hint: 'Windows sign-in of an Exchange server of your own' },
  oauth2: { label: 'OAuth 2.0' },
  'service-account': { label: 'Google service account', hint: 'An application key that acts for a user of the domain' },
  none: { label: 'No sign-in', hint: 'For a relay that trusts this computer’s address' }
}

const tokenHint = (protocol: ProtocolRow): string => {
  const [first, ...more] = providersFor(protocol)
  return `${more.length > 0 ? 'Microsoft 365, Google and others' : first === 'google' ? 'Google' : 'Microsoft 365'}: no password is stored`
}

/** How the server is signed in to, in the ways that its protocol knows. */
export const SignInSection = (part: PartNeeds & SecretNeeds & { state?: ReactNode }) => {
  const { server, change, errors, disabled, protocol, state } = part
  const { method } = server.auth
  return (
    <FormSection title="Sign-in">
      {(protocol.authMethods.length > 1 || errors['auth.method'] !== undefined) && (
        <Choice name="auth.method" label="Sign in by" width={320} value={method} onChange={(next) => change({ auth: startOf(next, server.auth, protocol) })} error={errors['auth.method']} disabled={disabled} options={protocol.authMethods.map((value) => ({ value, ...methodLabels[value], ...(value === 'oauth2' ? { hint: tokenHint(protocol) } : {}) }))} />
      )}
      {(method === 'password' || method === 'ntlm') && <PasswordFields {...part} />}
      {method === 'oauth2' && <OAuthFields {...part} />}
      {method === 'service-account' && <ServiceAccountFields {...part} />}
      {state}
    </FormSection>
  )
}

/** What a way to sign in begins with; the user stays, what belongs to another way goes. */
const startOf = (method: AuthMethod, { user }: Auth, protocol: ProtocolRow): Auth => {
  const provider = providersFor(protocol)[0] ?? 'microsoft'
  return { method, user, secret: 'keychain', ...(method === 'oauth2' ? { provider, flow: flowsFor(provider)[0] ?? 'interactive' } : {}) }
}

const PasswordFields = ({ server, change, errors, disabled, protocol, stored, secrets, setSecrets }: PartNeeds & SecretNeeds) => (
  <>
    <Columns template="1fr 1fr">
      <TextLine name="auth.user" label="User name" mono value={server.auth.user} onChange={(user) => change({ auth: { ...server.auth, user } })} error={errors['auth.user']} disabled={disabled} helper={server.auth.method === 'ntlm' ? 'DOMAIN\\user, or user@domain.' : 'Usually the full address.'} />
      <SecretLine name="secret" label="Password" stored={stored.hasSecret} value={secrets.secret} onChange={(secret) => setSecrets({ secret })} error={errors['secret'] ?? errors['auth.secret']} disabled={disabled} helper={stored.hasSecret ? 'Stored in the credential store; it is never shown.' : 'Goes to the credential store and is never shown again.'} />
    </Columns>
    {(protocol.reach === 'endpoint' || (server.mailbox ?? '') !== '') && <MailboxField server={server} change={change} errors={errors} disabled={disabled} />}
  </>
)
