import { Box } from '@mui/material'
import { defaultRedirectUrl, oauthSettings } from '#contract/oauth.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { SetupCandidate } from '#contract/setup.ts'
import type { Partition } from '#contract/settings.ts'
import { CopyLine } from '../../../components/copy-line.tsx'
import { Choice, SecretLine, TextLine, Tick } from '../../../components/fields.tsx'
import { Columns, Danger } from '../form-section.tsx'

/** What a person adds to a proposal. */
export type Typed = { name: string; partition: string; user: string; secret: string; clientId: string; tenant: string; withOutgoing: boolean; confirmed: readonly string[] }
type Needs = { candidate: SetupCandidate; typed: Typed; change: (part: Partial<Typed>) => void; errors: Record<string, string>; partitions: readonly Partition[]; disabled: boolean }

/** Name and sign-in for the chosen proposal. A password can be entered only once its hosts are known. */
export const CandidateForm = (needs: Needs) => {
  const { candidate, typed, change, errors, partitions, disabled } = needs
  const { method } = candidate.incoming.auth
  const unknown = candidate.unconfirmedHosts.filter((host) => !typed.confirmed.includes(host))
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {candidate.unconfirmedHosts.length > 0 && (
        <Box data-field="hosts">
          <Danger>{candidate.unconfirmedHosts.length === 1 ? 'This host does' : 'These hosts do'} not belong to the domain of the address. Whoever runs {candidate.unconfirmedHosts.length === 1 ? 'it' : 'them'} will be able to read the mail.</Danger>
          {candidate.unconfirmedHosts.map((host) => <Tick key={host} label={`I know this host: ${host}`} value={typed.confirmed.includes(host)} disabled={disabled} onChange={(known) => change({ confirmed: known ? [...typed.confirmed, host] : typed.confirmed.filter((each) => each !== host) })} />)}
          {errors['hosts'] && <Box className="Mui-error" sx={{ color: 'error.main', fontSize: 12 }}>{errors['hosts']}</Box>}
        </Box>
      )}
      {method === 'oauth2' ? <OAuthPart {...needs} /> : (
        <Columns template="1fr 1fr">
          <TextLine name="auth.user" label="User name" mono value={typed.user} onChange={(user) => change({ user: user.trim() })} error={errors['auth.user']} disabled={disabled} />
          <SecretLine name="secret" label="Password" stored={false} value={typed.secret} onChange={(secret) => change({ secret })} error={errors['secret']} disabled={disabled || unknown.length > 0} autoFocus={unknown.length === 0} helper={unknown.length > 0 ? 'Can be entered once the host is known.' : 'Goes to the credential store and is never shown again.'} />
        </Columns>
      )}
      <Columns template={partitions.length > 1 ? '1fr 1fr' : '1fr'}>
        <TextLine name="name" label="Name" value={typed.name} onChange={(name) => change({ name })} error={errors['name']} disabled={disabled} helper="How the servers are called in tables, commands and files." />
        {partitions.length > 1 && <Choice name="partition" label="Partition" value={typed.partition} onChange={(partition) => change({ partition })} error={errors['partition']} disabled={disabled} options={partitions.map(({ name }) => ({ value: name, label: name }))} />}
      </Columns>
      {candidate.outgoing && <Tick label="Add the outgoing server too" value={typed.withOutgoing} onChange={(withOutgoing) => change({ withOutgoing })} disabled={disabled} helper={method === 'oauth2' ? 'Answers and alerts then go out through it; it asks for a sign-in of its own.' : 'Answers and alerts then go out through it, with the same user and password.'} />}
    </Box>
  )
}

const OAuthPart = ({ candidate, typed, change, errors, disabled }: Needs) => {
  const { auth } = candidate.incoming
  const provider = auth.provider ?? 'microsoft'
  const settings = oauthSettings(candidate.incoming, incomingProtocols[candidate.incoming.protocol])
  return (
    <>
      <Box sx={{ color: 'text.secondary' }}>No password is needed here: after saving, the sign-in page of {provider === 'microsoft' ? 'Microsoft' : provider === 'google' ? 'Google' : 'the provider'} opens. Mailroom must be registered there as an application.</Box>
      <Columns template={provider === 'microsoft' ? '1fr 1fr' : '1fr'}>
        <TextLine name="auth.clientId" label="Client id" mono value={typed.clientId} onChange={(clientId) => change({ clientId: clientId.trim() })} error={errors['auth.clientId']} disabled={disabled} autoFocus helper="Of the application that is registered for Mailroom." />
        {provider === 'microsoft' && <TextLine name="auth.tenant" label="Tenant" mono value={typed.tenant} onChange={(tenant) => change({ tenant: tenant.trim() })} error={errors['auth.tenant']} disabled={disabled} placeholder="organizations" helper="Tenant id or domain. Empty: any work account." />}
      </Columns>
      {provider !== 'microsoft' && <SecretLine name="secret" label="Client secret" stored={false} value={typed.secret} onChange={(secret) => change({ secret })} error={errors['secret']} disabled={disabled} helper="Empty where the application has none." />}
      {settings.flow === 'interactive' && <CopyLine label="Redirect URL" value={settings.redirectUrl || defaultRedirectUrl[provider]} helper="Register this at the provider." />}
    </>
  )
}
