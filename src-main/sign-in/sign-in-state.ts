import type { SignInState } from '#contract/oauth.ts'
import { settingsOf } from './ask-issuer.ts'
import type { TokenServer } from './sign-in.ts'
import { byItself } from './token-desk.ts'
import type { TokenRecord } from './token-record.ts'

/** A refresh token of Entra dies 90 days after its last use. https://learn.microsoft.com/entra/identity-platform/refresh-tokens */
const idleMs = 90 * 86_400_000

/** How the sign-in of a server stands, by its record; no token is in it. */
export function stateOf(of: Pick<TokenServer, 'kind' | 'server'>, record: TokenRecord | null): SignInState {
  const iso = (at: number | null | undefined): string | null => (at === null || at === undefined ? null : new Date(at).toISOString())
  const problem = record?.refused?.problem ?? null
  const app = byItself(of)
  const renewed = record?.lastRefreshAt ?? null
  const idles = !app && settingsOf(of).provider === 'microsoft' && problem === null && renewed !== null
  return {
    state: problem !== null ? 'refused' : app ? 'app' : record?.refreshToken || record?.accessToken ? 'signed-in' : 'never',
    account: record?.account ?? null,
    scope: record?.scope ?? [],
    signedInAt: iso(record?.signedInAt),
    lastRefreshAt: iso(renewed),
    accessExpiresAt: record?.accessToken ? iso(record.accessExpiresAt) : null,
    idleExpiresAt: idles ? iso(renewed + idleMs) : null,
    problem
  }
}
