import type { OAuthSettings } from '#contract/oauth.ts'

/** Scopes that open a session and grant nothing at a resource; issuers leave them out of what they say is granted. */
const ofTheSession = new Set(['openid', 'profile', 'email', 'offline_access'])

/**
 * Asked for and not granted; empty where the issuer does not say what it granted, or grants by application (`/.default`). Microsoft names the
 * same right by several hosts, so only its last part counts. `https://mail.google.com/` covers every scope of Gmail.
 */
export function missingScopes({ provider, scope }: Pick<OAuthSettings, 'provider' | 'scope'>, granted: readonly string[]): string[] {
  if (granted.length === 0) return []
  const nameOf = (one: string): string => (provider === 'microsoft' ? one.slice(one.lastIndexOf('/') + 1) : one).toLowerCase()
  const has = new Set(granted.map(nameOf))
  const coversGmail = provider === 'google' && has.has('https://mail.google.com/')
  return scope.filter((one) => !ofTheSession.has(one) && nameOf(one) !== '.default' && !has.has(nameOf(one)) && !(coversGmail && one.startsWith('https://www.googleapis.com/auth/gmail.')))
}
