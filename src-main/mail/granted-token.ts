import { ProblemError } from '#contract/problem.ts'
import type { AccessToken, ConnectionNeeds } from './incoming-transport.ts'

/**
 * A token for who signs in by token alone, another one than the provider has `refused`. Throws ProblemError `credentials-missing` where the sign-in
 * is another, and `scope-missing` where `lacks` names a scope that was not granted.
 */
export async function grantedToken(server: string, { credentials, signal }: Pick<ConnectionNeeds, 'credentials' | 'signal'>, lacks: (granted: readonly string[]) => string[], refused?: { token: string; claims: string | null }): Promise<AccessToken> {
  if (credentials?.kind !== 'token') throw new ProblemError({ code: 'credentials-missing', server })
  const given = await credentials.token(signal, refused)
  const missing = lacks(given.scope)
  if (missing.length > 0) throw new ProblemError({ code: 'scope-missing', server, missing, granted: given.scope })
  return given
}
