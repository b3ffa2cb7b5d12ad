import type { Problem } from '#contract/problem.ts'
import { placeOf } from './heard-answer.ts'
import { createOAuthIssuer, type OAuthError } from './oauth-issuer.ts'
import type { TokenRequest } from './token-issuer.ts'

/** Any issuer of RFC 6749 with PKCE (7636), device codes (8628) and client credentials, known by its URLs. */
export const otherIssuer = createOAuthIssuer({
  authorization: ({ settings }): Record<string, string> => (settings.user.includes('@') ? { login_hint: settings.user } : {}),
  scopes: [],
  clientAuth: ['header', 'body'],
  problemOf: oauthProblem,
  scopesOnRenewal: true,
  lookAhead: null
})

/** What an error of OAuth means where nothing is known of the issuer: RFC 6749 4.1.2.1 and 5.2, RFC 8628 3.5, OpenID Connect Core 3.1.2.6. */
export function oauthProblem({ error, description, during }: OAuthError, { server, settings, secret }: TokenRequest): Problem {
  const serverSaid = description === '' ? error : `${error}: ${description}`
  const said = { server, serverSaid }
  if (/redirect[_ ]?ur[il]/i.test(`${error} ${description}`) && during !== 'refresh') return { code: 'redirect-url-refused', redirectUrl: settings.redirectUrl, ...said }
  switch (error) {
    case 'invalid_grant': return { code: during === 'refresh' ? 'sign-in-revoked' : 'token-refused', ...said }
    case 'invalid_client': return secret === null || /unknown|not found|no such|does not exist/i.test(description) ? { code: 'client-unknown', clientId: settings.clientId, ...said } : { code: 'client-secret-wrong', ...said }
    case 'unauthorized_client':
    case 'unsupported_grant_type':
    case 'unsupported_response_type': return { code: 'sign-in-flow-refused', flow: settings.flow, ...said }
    case 'invalid_scope':
    case 'invalid_target': return { code: 'scope-refused', scope: settings.scope, ...said }
    case 'access_denied':
    case 'authorization_declined': return { code: 'sign-in-declined', ...said }
    case 'consent_required': return { code: 'consent-missing', ...said }
    case 'interaction_required':
    case 'login_required':
    case 'account_selection_required': return { code: 'sign-in-interaction-needed', ...said }
    case 'expired_token':
    case 'authorization_pending': return { code: 'sign-in-timed-out', server }
    case 'server_error':
    case 'temporarily_unavailable': return { code: 'server-busy', ...placeOf(settings.tokenUrl), serverSaid }
    default: return { code: 'token-refused', ...said }
  }
}
