import { oauthSettings } from '#contract/oauth.ts'
import type { Auth } from '#contract/fields.ts'
import type { ProtocolRow } from '#contract/protocols.ts'

type Asked = { auth: Auth; endpoint?: string | undefined; mailbox?: string | undefined }

/**
 * Scopes that a server needs and its sign-in was not granted; none where the provider does not say what it granted. Entra names the rights
 * of Exchange by another host than they were asked for (outlook.office.com), so for Microsoft the right alone counts.
 */
export function missingScopes(server: Asked, row: Pick<ProtocolRow, 'resource'>, granted: readonly string[]): string[] {
  if (granted.length === 0) return []
  const { provider, flow, scope } = oauthSettings(server, row)
  const nameOf = (one: string): string => (provider === 'microsoft' ? (one.split('/').at(-1) ?? one) : one.replace(/\/+$/, '')).toLowerCase()
  const has = new Set(granted.map(nameOf))
  const ofSignIn = new Set(['offline_access', 'openid', 'profile', 'email', '.default'])
  return flow === 'client-credentials' ? [] : scope.filter((one) => !ofSignIn.has(nameOf(one)) && !has.has(nameOf(one)))
}
