import type { Problem } from '#contract/problem.ts'
import type { OAuthError } from './oauth-issuer.ts'
import { oauthProblem } from './other-provider.ts'
import type { TokenRequest } from './token-issuer.ts'

/**
 * What an error of Google means to a person who signs in, and to a refresh token.
 * https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors
 * https://developers.google.com/identity/protocols/oauth2#expiration
 */
export function googleProblem(said: OAuthError, asked: TokenRequest): Problem {
  const { error, description, subtype, during } = said
  const { server, settings } = asked
  const serverSaid = description === '' ? error : `${error}: ${description}`
  switch (error) {
    case 'invalid_grant':
      // A Workspace administrator limits how long a session lasts: https://support.google.com/a/answer/9368756
      if (subtype === 'invalid_rapt' || subtype === 'rapt_required') return { code: 'sign-in-interaction-needed', server, serverSaid }
      return { code: during === 'refresh' ? 'sign-in-revoked' : 'token-refused', server, serverSaid }
    case 'invalid_client':
      if (/not found/i.test(description) || during === 'browser') return { code: 'client-unknown', clientId: settings.clientId, server, serverSaid }
      return { code: 'client-secret-wrong', server, serverSaid }
    case 'invalid_request':
      // An installed application has a secret with Google, which the token endpoint wants: "client_secret is missing."
      if (/client_secret/i.test(description)) return { code: 'client-secret-wrong', server, serverSaid }
      return oauthProblem(said, asked)
    case 'deleted_client':
    case 'disabled_client': return { code: 'client-unknown', clientId: settings.clientId, server, serverSaid }
    case 'admin_policy_enforced':
    case 'org_internal': return { code: 'consent-missing', server, serverSaid }
    case 'disallowed_useragent': return { code: 'sign-in-flow-refused', flow: settings.flow, server, serverSaid }
    case 'rate_limit_exceeded': return { code: 'delayed-by-provider', server, until: new Date(asked.now() + 60_000).toISOString(), serverSaid }
    default: return oauthProblem(said, asked)
  }
}

/** Errors that Google shows in the browser and never sends to the redirect URL. */
const shownInBrowser = /\b(redirect_uri_mismatch|invalid_client|deleted_client|disabled_client|admin_policy_enforced|org_internal|invalid_scope|disallowed_useragent)\b/

/** The error in a page of Google's, or in the address of it, where it is in base64; null where there is none. */
export function shownError(page: { location: string; body: string }): string | null {
  const hidden = URL.parse(page.location, 'https://accounts.google.com')?.searchParams.get('authError') ?? ''
  return shownInBrowser.exec(`${Buffer.from(hidden, 'base64').toString('latin1')} ${page.body}`)?.[1] ?? null
}
