import type { Auth } from '#contract/fields.ts'
import { scopesFor } from '#contract/oauth.ts'
import { ListLines, TextLine } from '../../components/fields.tsx'
import { withFields, type PartNeeds } from './form-parts.ts'

type Set = { set: (part: { [Key in keyof Auth]?: Auth[Key] | undefined }) => void }

/** Scopes to be asked for instead of those that follow from protocol and cloud. */
export const ScopeLines = ({ server, errors, disabled, protocol, set }: PartNeeds & Set) => {
  const { auth } = server
  const usual = scopesFor(server, protocol.resource, auth.provider ?? 'microsoft', auth.flow ?? 'interactive')
  return <ListLines name="auth.scope" label={usual.length > 0 ? 'Scopes of your own' : 'Scopes'} rows={2} mono values={auth.scope ?? []} onChange={(scope) => set({ scope: scope.length > 0 ? scope : undefined })} error={errors['auth.scope']} disabled={disabled} helper={usual.length > 0 ? 'One a line. Empty: those shown under Sign-in.' : 'One a line, as the provider names them for this protocol.'} />
}

/** What of an OAuth sign-in is rarely changed. */
export const OAuthAdvanced = (part: PartNeeds) => {
  const { server, change, errors, disabled } = part
  const { auth } = server
  if (auth.method !== 'oauth2') return null
  const set: Set['set'] = (next) => change({ auth: withFields(auth, next) })
  return (
    <>
      {auth.provider !== 'other' && <ScopeLines {...part} set={set} />}
      {auth.flow === 'interactive' && <TextLine name="auth.redirectUrl" label="Redirect URL of your own" mono inputMode="url" value={auth.redirectUrl ?? ''} onChange={(redirectUrl) => set({ redirectUrl: redirectUrl.trim() })} error={errors['auth.redirectUrl']} disabled={disabled} helper="For a registration that wants a port or a path, such as http://localhost:4711/signed-in." />}
    </>
  )
}
