import type { Peer, Problem } from '#contract/problem.ts'
import { looseJson, memberOf, shortLine, textOf } from '../connection/loose-json.ts'
import { retryAfterMs } from '../connection/retry-after.ts'

/** What Google answered instead of what was asked for. `reasons` are those of `errors[]` and `details[]`; `json` says that it spoke Google's error format. */
export type GmailError = { status: number; reasons: string[]; message: string; helpUrl: string | null; json: boolean; retryAfter: string | null }

/** Whose request it was, for the words. `wanted` are scopes of which one is needed, `granted` those of the token as far as known. */
export type GmailCircumstances = { server: string; endpoint: string; mailbox: string; request: string; peer: Peer; wanted: readonly string[]; granted: readonly string[] }

/** Reads the error format of https://developers.google.com/workspace/gmail/api/guides/handle-errors; never throws. Pure. */
export function readGmailError(status: number, headers: Readonly<Record<string, string>>, body: string): GmailError {
  const retryAfter = headers['retry-after'] ?? null
  const error = memberOf(looseJson(body), 'error')
  if (typeof error !== 'object' || error === null) return { status, reasons: [], message: shortLine(body), helpUrl: null, json: false, retryAfter }
  const details = listOf(memberOf(error, 'details'))
  const reasons = [...listOf(memberOf(error, 'errors')), ...details].map((one) => textOf(memberOf(one, 'reason'))).concat(textOf(memberOf(error, 'status'))).filter((reason) => reason !== '')
  const message = textOf(memberOf(error, 'message'))
  const helpUrl = details.map((one) => textOf(memberOf(memberOf(one, 'metadata'), 'activationUrl'))).find((url) => url !== '') ?? /https:\/\/console\.(?:developers|cloud)\.google\.com\/\S+/.exec(message)?.[0] ?? null
  return { status, reasons, message: shortLine(message), helpUrl, json: true, retryAfter }
}

const limitReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'concurrentLimitExceeded', 'RATE_LIMIT_EXCEEDED', 'RESOURCE_EXHAUSTED', 'dailyLimitExceeded'])
const hourMs = 3_600_000

/**
 * How long Google wants to be left alone, in milliseconds; null where it does not say so. Gmail names a time in its words ("Retry after
 * 2026-11-21T07:20:00.000Z") more often than in Retry-After; without either the wait doubles with each attempt (from 1), spread by `chance` (0 to 1).
 */
export function pauseAsked(error: GmailError, now: number, attempt: number, chance: number): number | null {
  const limited = error.status === 429 || (error.status === 403 && error.reasons.some((reason) => limitReasons.has(reason)))
  if (!limited && !(error.status === 503 && error.retryAfter !== null)) return null
  const named = error.retryAfter ?? /retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(error.message)?.[1] ?? null
  const pause = retryAfterMs(named, now)
  if (pause !== null) return Math.max(pause, 1_000)
  if (error.reasons.includes('dailyLimitExceeded')) return hourMs
  return Math.min(1_000 * 2 ** (attempt - 1), 64_000) * (1 + chance / 2)
}

/** The problem behind an error that waiting does not mend. Pure. */
export function gmailProblem(error: GmailError, where: GmailCircumstances): Problem {
  const { server, mailbox, endpoint } = where
  const serverSaid = [String(error.status), error.message].filter((part) => part !== '').join(' ')
  const has = (...reasons: string[]): boolean => error.reasons.some((reason) => reasons.includes(reason))
  const denied = (right: string): Problem => ({ code: 'mailbox-access-denied', server, mailbox, right, command: '', serverSaid })
  if (error.status >= 500) return { code: 'server-busy', serverSaid, ...where.peer }
  if (!error.json) return error.status === 401 ? { code: 'token-refused', server, serverSaid } : { code: 'endpoint-wrong', server, endpoint, serverSaid }
  if (error.status === 401) return { code: 'token-refused', server, serverSaid }
  if (has('insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT')) return { code: 'scope-missing', server, missing: where.wanted.slice(0, 1), granted: [...where.granted] }
  if (has('accessNotConfigured', 'SERVICE_DISABLED')) return { code: 'api-not-enabled', server, api: 'Gmail API', url: error.helpUrl ?? consoleUrl, serverSaid }
  if (has('domainPolicy')) return denied('the permission of the Google Workspace administrator for this application')
  if (/mail service not enabled/i.test(error.message)) return { code: 'mailbox-not-found', server, mailbox, serverSaid }
  if (has('failedPrecondition', 'FAILED_PRECONDITION')) return denied('a user to act for, who has Gmail and whom domain-wide delegation allows')
  if (error.status === 403) return denied('a sign-in as its owner, or a service account that may act for it')
  if (error.status === 404 && where.request === 'the profile') return { code: 'mailbox-not-found', server, mailbox, serverSaid }
  return { code: 'provider-refused', server, request: where.request, serverSaid }
}

const consoleUrl = 'https://console.cloud.google.com/apis/library/gmail.googleapis.com'

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
