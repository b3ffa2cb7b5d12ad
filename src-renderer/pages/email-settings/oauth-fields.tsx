import type { Auth, OAuthFlow, OAuthProvider } from '#contract/fields.ts'
import { clouds, cloudOf, flowsFor, oauthSettings, providersFor, scopesFor } from '#contract/oauth.ts'
import { CopyLine } from '../../components/copy-line.tsx'
import { Choice, SecretLine, TextLine } from '../../components/fields.tsx'
import { KeyLines } from '../../components/key-lines.tsx'
import { Columns } from './form-section.tsx'
import { withFields, type PartNeeds, type SecretNeeds } from './form-parts.ts'
import { ScopeLines } from './scope-lines.tsx'
import { MailboxField } from './mailbox-field.tsx'

const providerLabels: Record<OAuthProvider, string> = { microsoft: 'Microsoft (Entra ID)', google: 'Google', other: 'Another provider' }
const flowLabels: Record<OAuthFlow, { label: string; hint: string }> = {
  interactive: { label: 'A person, in the browser', hint: 'Signs in once; kept alive from then on' },
  'device-code': { label: 'A person, with a code', hint: 'On any other device, where no browser can come back here' },
  'client-credentials': { label: 'The application itself', hint: 'No person: an application permission and a secret or certificate' }
}

type Needs = PartNeeds & SecretNeeds

/** Provider, way to sign in, application and account; what follows from them is filled in and shown. */
export const OAuthFields = (part: Needs) => {
  const { server, change, errors, disabled, protocol } = part
  const { auth } = server
  const provider = auth.provider ?? 'microsoft'
  const flow = auth.flow ?? 'interactive'
  const set = (next: { [Key in keyof Auth]?: Auth[Key] | undefined }): void => change({ auth: withFields(auth, next) })
  const providers = providersFor(protocol)
  const setProvider = (next: OAuthProvider): void => change({ auth: { method: 'oauth2', user: auth.user, secret: auth.secret, provider: next, flow: flowsFor(next).find((each) => each === flow) ?? 'interactive' } })
  const settings = oauthSettings(server, protocol)
  return (
    <>
      <Columns template="1fr 1fr">
        {(providers.length > 1 || errors['auth.provider'] !== undefined) && <Choice name="auth.provider" label="Provider" value={provider} onChange={setProvider} error={errors['auth.provider']} disabled={disabled} options={providers.map((value) => ({ value, label: providerLabels[value] }))} />}
        <Choice name="auth.flow" label="Who signs in" value={flow} onChange={(next) => set({ flow: next })} error={errors['auth.flow']} disabled={disabled} options={flowsFor(provider).map((value) => ({ value, ...flowLabels[value] }))} />
      </Columns>
      <AccountFields {...part} app={flow === 'client-credentials'} />
      {provider === 'microsoft' && <TenantFields {...part} set={set} />}
      {provider === 'other' && <ProviderUrls {...part} set={set} />}
      <ClientFields {...part} set={set} secretNeeded={flow === 'client-credentials' || provider !== 'microsoft'} />
      {provider === 'other' ? <ScopeLines {...part} set={set} /> : <ScopeText scope={settings.scope} />}
      {flow === 'interactive' && <CopyLine label="Redirect URL" name="redirect" value={settings.redirectUrl} helper={provider === 'other' ? 'Register exactly this at the provider.' : 'Register this at the provider, as a desktop (native) application; any port may follow it.'} />}
    </>
  )
}

type Set = { set: (part: { [Key in keyof Auth]?: Auth[Key] | undefined }) => void }

const AccountFields = ({ app, ...part }: Needs & { app: boolean }) => {
  const { server, change, errors, disabled } = part
  const user = <TextLine name="auth.user" label={app ? 'Mailbox' : 'Sign-in user'} mono value={server.auth.user} onChange={(next) => change({ auth: { ...server.auth, user: next.trim() } })} error={errors['auth.user']} disabled={disabled} helper={app ? 'Address of the mailbox that the application opens.' : 'The account that must sign in. Empty: whoever signs in is right.'} />
  return app && (server.mailbox ?? '') === '' ? user : <Columns template="1fr 1fr">{user}<MailboxField server={server} change={change} errors={errors} disabled={disabled} /></Columns>
}

/** The cloud stands here only where it is not chosen with the URL; one whose scopes do not follow from its sign-in host gets them spelt out. */
const TenantFields = ({ server, errors, disabled, protocol, set }: Needs & Set) => {
  const { auth } = server
  const here = cloudOf({ auth, endpoint: server.endpoint || auth.scope?.[0] })
  const choose = (id: string): void => {
    const cloud = clouds.find((each) => each.id === id)
    if (!cloud) return
    const next = { ...auth, authority: cloud.authority }
    const follows = cloudOf({ auth: next })?.id === cloud.id
    set({ authority: cloud.authority, scope: follows ? undefined : scopesFor({ auth: next, endpoint: cloud.exchange }, protocol.resource, 'microsoft', auth.flow ?? 'interactive') })
  }
  const tenant = <TextLine name="auth.tenant" label="Tenant" mono value={auth.tenant ?? ''} onChange={(next) => set({ tenant: next.trim() })} error={errors['auth.tenant']} disabled={disabled} placeholder={auth.flow === 'client-credentials' ? 'contoso.onmicrosoft.com' : 'organizations'} helper={auth.flow === 'client-credentials' ? 'Tenant id or a domain of the tenant.' : 'Tenant id or domain. Empty: any work account.'} />
  if (protocol.reach === 'endpoint') return <Columns template="1fr 1fr">{tenant}<AuthorityLine server={server} errors={errors} disabled={disabled} set={set} /></Columns>
  return <Columns template="1fr 1fr"><Choice name="auth.authority" label="Cloud" value={here?.id ?? ''} onChange={choose} error={errors['auth.authority']} disabled={disabled} options={[...clouds.map(({ id, label }) => ({ value: id as string, label })), ...(here ? [] : [{ value: '', label: auth.authority ?? '' }])]} />{tenant}</Columns>
}

const AuthorityLine = ({ server, errors, disabled, set }: Pick<Needs, 'server' | 'errors' | 'disabled'> & Set) => (
  <TextLine name="auth.authority" label="Sign-in host" mono value={server.auth.authority ?? ''} onChange={(next) => set({ authority: next.trim() })} error={errors['auth.authority']} disabled={disabled} placeholder={cloudOf(server)?.authority ?? ''} helper="Follows from the cloud." />
)

const ProviderUrls = ({ server: { auth }, errors, disabled, set }: Needs & Set) => (
  <>
    {auth.flow === 'interactive' && <TextLine name="auth.authorizationUrl" label="Authorisation URL" mono inputMode="url" value={auth.authorizationUrl ?? ''} onChange={(next) => set({ authorizationUrl: next.trim() })} error={errors['auth.authorizationUrl']} disabled={disabled} placeholder="https://login.example.com/authorize" />}
    {auth.flow === 'device-code' && <TextLine name="auth.deviceUrl" label="Device authorisation URL" mono inputMode="url" value={auth.deviceUrl ?? ''} onChange={(next) => set({ deviceUrl: next.trim() })} error={errors['auth.deviceUrl']} disabled={disabled} placeholder="https://login.example.com/device" />}
    <TextLine name="auth.tokenUrl" label="Token URL" mono inputMode="url" value={auth.tokenUrl ?? ''} onChange={(next) => set({ tokenUrl: next.trim() })} error={errors['auth.tokenUrl']} disabled={disabled} placeholder="https://login.example.com/token" />
  </>
)

const ClientFields = ({ server: { auth }, errors, disabled, stored, secrets, setSecrets, set, secretNeeded }: Needs & Set & { secretNeeded: boolean }) => {
  const certificate = auth.provider !== 'google' && auth.flow === 'client-credentials'
  const common = { name: 'secret', stored: stored.hasSecret, value: secrets.secret, onChange: (secret: string) => setSecrets({ secret }), error: errors['secret'] ?? errors['auth.secret'], disabled }
  return (
    <>
      <TextLine name="auth.clientId" label="Client id" mono value={auth.clientId ?? ''} onChange={(next) => set({ clientId: next.trim() })} error={errors['auth.clientId']} disabled={disabled} helper={`Id of the application that is registered for Mailroom at the provider.${secretNeeded ? '' : ' A desktop application has no secret.'}`} />
      {secretNeeded && (
        <Columns template="1fr 180px">
          {certificate ? <KeyLines {...common} label="Client secret or certificate" accept=".pem,.key,.crt,.txt" helper="The secret’s value, or a PEM file with the certificate and its private key." /> : <SecretLine {...common} label="Client secret" helper={stored.hasSecret ? 'Stored in the credential store; it is never shown.' : 'Empty where the application has none.'} />}
          <TextLine name="auth.secretExpires" label="Secret expires on" type="date" value={auth.secretExpires ?? ''} onChange={(next) => set({ secretExpires: next })} error={errors['auth.secretExpires']} disabled={disabled} helper="You are warned 60, 30 and 7 days ahead." />
        </Columns>
      )}
    </>
  )
}

const ScopeText = ({ scope }: { scope: readonly string[] }) => <TextLine name="scopes" label="Scopes" mono rows={Math.max(1, scope.length)} readOnly value={scope.join('\n')} onChange={() => undefined} helper="Filled in from protocol and cloud. To change them: Advanced." />
