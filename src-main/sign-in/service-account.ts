import { createSign } from 'node:crypto'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { googleProblem } from './google-problem.ts'
import { hearing, strangeAnswer } from './heard-answer.ts'
import { serviceAccountKeyIn, type ServiceAccountKey } from './service-account-key.ts'
import type { IssuedTokens, TokenIssuer, TokenRequest } from './token-issuer.ts'

/** Google wants them short: an hour at most. */
const lifeSeconds = 3_600
/** By less than this the clock explains nothing. */
const clockToleranceMs = 60_000

/**
 * Tokens of a Google service account that acts for `auth.subject` by domain-wide delegation: a JWT (RFC 7523) signed with RS256.
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 */
export const serviceAccountIssuer: TokenIssuer = {
  async asApplication(asked) {
    const { server, secret, auth } = asked
    if (secret === null || secret.trim() === '') throw new ProblemError({ code: 'credentials-missing', server })
    const key = serviceAccountKeyIn(server, secret, auth.account ?? '')
    const heard = hearing(asked)
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(key, asked) })
    await heard.fetch(asked.settings.tokenUrl, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' } })
    const last = heard.last()
    const { access_token: token, expires_in: seconds } = last?.json ?? {}
    if (last?.status === 200 && typeof token === 'string' && token !== '') return issued(token, Number(seconds) || lifeSeconds, asked)
    const strange = last === null ? null : strangeAnswer(last, asked)
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    throw new ProblemError(strange ?? assertionProblem({ error: text(last?.json?.error), description: text(last?.json?.error_description) }, asked))
  },
  interactively: (asked) => Promise.reject(needsNobody(asked)),
  byDeviceCode: (asked) => Promise.reject(needsNobody(asked)),
  byRefreshToken: (asked) => Promise.reject(needsNobody(asked))
}

const issued = (accessToken: string, seconds: number, { now, settings, auth }: TokenRequest): IssuedTokens =>
  ({ accessToken, expiresAt: now() + seconds * 1000, refreshToken: null, scope: settings.scope, account: auth.subject ?? null })

function assertionOf({ account, privateKey, keyId }: ServiceAccountKey, { settings, auth, now }: TokenRequest): string {
  const iat = Math.floor(now() / 1000)
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) }
  const claims = { iss: account, sub: auth.subject, scope: settings.scope.join(' '), aud: settings.tokenUrl, iat, exp: iat + lifeSeconds }
  const content = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')}`
}

/**
 * What a refused assertion means.
 * https://developers.google.com/identity/protocols/oauth2/service-account#jwt-error-codes
 */
export function assertionProblem({ error, description }: { error: string; description: string }, asked: TokenRequest): Problem {
  const { server, auth, settings, clockAheadMs } = asked
  const [account, subject] = [auth.account ?? '', auth.subject ?? '']
  const serverSaid = (description === '' ? error : `${error}: ${description}`).slice(0, 600)
  switch (error) {
    case 'unauthorized_client':
    case 'access_denied': return { code: 'delegation-missing', server, account, subject, serverSaid }
    case 'invalid_client':
    case 'disabled_client':
    case 'deleted_client': return { code: 'client-unknown', server, clientId: account, serverSaid }
    case 'invalid_grant':
      if (/short-lived|iat|\bexp\b|clock/i.test(description) && Math.abs(clockAheadMs()) > clockToleranceMs) return { code: 'clock-wrong', server, offByMs: -clockAheadMs(), serverSaid }
      if (/not a valid email|invalid email|user id/i.test(description)) return { code: 'mailbox-not-found', server, mailbox: subject, serverSaid }
      if (/signature/i.test(description)) return { code: 'key-file-unusable', server, reason: `Google does not know it as a key of ${account}; it may have been deleted` }
      if (/account not found/i.test(description)) return { code: 'key-file-unusable', server, reason: `there is no service account ${account}` }
      return { code: 'token-refused', server, serverSaid }
    default: return googleProblem({ error, description, subtype: '', during: 'application' }, { ...asked, settings: { ...settings, clientId: account } })
  }
}

const needsNobody = ({ server }: TokenRequest): ProblemError => new ProblemError({ code: 'sign-in-flow-refused', server, flow: 'interactive', serverSaid: 'A service account signs in by itself.' })
