import { googleProblem, shownError } from './google-problem.ts'
import { createOAuthIssuer } from './oauth-issuer.ts'

/**
 * Google's tokens for a person. `access_type=offline` brings a refresh token, `prompt=consent` one even where it was given before.
 * https://developers.google.com/identity/protocols/oauth2/native-app
 */
export const googleIssuer = createOAuthIssuer({
  authorization: ({ settings }) => ({ access_type: 'offline', prompt: 'consent', ...(settings.user.includes('@') ? { login_hint: settings.user } : {}) }),
  // They bring the id token that says who signed in.
  scopes: ['openid', 'email'],
  clientAuth: ['body'],
  scopesOnRenewal: false,
  problemOf: googleProblem,
  async lookAhead(asked, url) {
    const { status, headers, body } = await asked.http.request({ method: 'GET', url, headers: { accept: 'text/html' }, signal: asked.signal, mostBytes: 5_000_000 })
    const error = status < 300 ? null : shownError({ location: headers.location ?? '', body: status < 400 ? '' : body.toString('utf8') })
    return error === null ? null : googleProblem({ error, description: '', subtype: '', during: 'browser' }, asked)
  }
})
