import type { Peer } from '#contract/problem.ts'

/** SASL mechanisms that carry an access token; the first that a server offers is taken: XOAUTH2 is what Exchange and Gmail document. */
export const tokenMechanisms = ['XOAUTH2', 'OAUTHBEARER'] as const
export type TokenMechanism = (typeof tokenMechanisms)[number]

/** The mechanism to take of those that a server names; null where it takes no tokens. */
export function tokenMechanism(offered: readonly string[]): TokenMechanism | null {
  const names = offered.map((name) => name.toUpperCase())
  return tokenMechanisms.find((mechanism) => names.includes(mechanism)) ?? null
}

/**
 * What is sent to sign in, in base64. XOAUTH2: https://developers.google.com/gmail/imap/xoauth2-protocol; OAUTHBEARER: RFC 7628 3.1, where
 * a comma or equals sign in the user name is escaped as in RFC 5801 4.
 */
export function tokenResponse(mechanism: TokenMechanism, { user, secret }: { user: string; secret: string }, { host, port }: Peer): string {
  const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C')
  const text = mechanism === 'XOAUTH2' ? `user=${user}\x01auth=Bearer ${secret}\x01\x01` : `n,a=${name},\x01host=${host}\x01port=${port}\x01auth=Bearer ${secret}\x01\x01`
  return Buffer.from(text).toString('base64')
}

/** What ends the exchange after a server's error (RFC 7628 3.2.3), in base64. */
export const tokenFarewell: Record<TokenMechanism, string> = { XOAUTH2: '', OAUTHBEARER: 'AQ==' }

/** Status and scope of a server's error, which is base64 of JSON (RFC 7628 3.2.2); empty where it is none. */
export function tokenErrorWords(challenge: string): string {
  const text = Buffer.from(challenge.trim(), 'base64').toString('utf8')
  const word = (name: string): string => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,200})"`).exec(text)?.[1] ?? ''
  const [status, scope] = [word('status'), word('scope')]
  if (status === '') return ''
  return scope === '' ? `status ${status}` : `status ${status}, scope ${scope}`
}
