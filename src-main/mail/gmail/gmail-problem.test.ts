import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gmailProblem, pauseAsked, readGmailError, type GmailCircumstances } from './gmail-problem.ts'

const where: GmailCircumstances = { server: 'it', endpoint: 'https://gmail.googleapis.com', mailbox: 'it@example.com', request: 'a message', peer: { host: 'gmail.googleapis.com', port: 443 }, wanted: ['gmail.modify', 'full'], granted: ['gmail.readonly'] }
const google = (status: number, reason: string, message: string, more: object = {}): string => JSON.stringify({ error: { code: status, message, errors: [{ message, domain: 'global', reason }], ...more } })
const errorOf = (status: number, body: string, headers: Record<string, string> = {}) => readGmailError(status, headers, body)

const console = 'https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=1'
const cases: [number, string, Partial<GmailCircumstances>, object][] = [
  [401, google(401, 'authError', 'Invalid Credentials'), {}, { code: 'token-refused', serverSaid: '401 Invalid Credentials' }],
  [401, '', {}, { code: 'token-refused' }],
  [403, google(403, 'insufficientPermissions', 'Insufficient Permission'), {}, { code: 'scope-missing', missing: ['gmail.modify'], granted: ['gmail.readonly'] }],
  [403, JSON.stringify({ error: { code: 403, message: 'x', status: 'PERMISSION_DENIED', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] } }), {}, { code: 'scope-missing' }],
  [403, google(403, 'accessNotConfigured', `Gmail API has not been used in project 1 before or it is disabled. Enable it by visiting ${console} then retry.`), {}, { code: 'api-not-enabled', url: console }],
  [403, google(403, '', 'disabled', { details: [{ reason: 'SERVICE_DISABLED', metadata: { activationUrl: console } }] }), {}, { code: 'api-not-enabled', url: console }],
  [403, google(403, 'accessNotConfigured', 'disabled'), {}, { code: 'api-not-enabled', url: 'https://console.cloud.google.com/apis/library/gmail.googleapis.com' }],
  [403, google(403, 'domainPolicy', 'The domain administrators have disabled Gmail apps.'), {}, { code: 'mailbox-access-denied', right: 'the permission of the Google Workspace administrator for this application' }],
  [403, google(403, 'forbidden', 'Delegation denied for ann@example.com'), {}, { code: 'mailbox-access-denied', mailbox: 'it@example.com', serverSaid: '403 Delegation denied for ann@example.com' }],
  [400, google(400, 'failedPrecondition', 'Mail service not enabled'), {}, { code: 'mailbox-not-found', mailbox: 'it@example.com' }],
  [400, google(400, 'failedPrecondition', 'Precondition check failed.'), {}, { code: 'mailbox-access-denied' }],
  [404, google(404, 'notFound', 'Requested entity was not found.'), { request: 'the profile' }, { code: 'mailbox-not-found' }],
  [404, google(404, 'notFound', 'Requested entity was not found.'), {}, { code: 'provider-refused', request: 'a message' }],
  [404, '<html>Not found</html>', {}, { code: 'endpoint-wrong', endpoint: 'https://gmail.googleapis.com' }],
  [302, '', {}, { code: 'endpoint-wrong' }],
  [400, google(400, 'invalidArgument', 'Invalid label: x'), {}, { code: 'provider-refused', serverSaid: '400 Invalid label: x' }],
  [500, google(500, 'backendError', 'Backend Error'), {}, { code: 'server-busy', host: 'gmail.googleapis.com' }],
  [502, '<html>', {}, { code: 'server-busy' }],
  [403, '{"error":null}', {}, { code: 'endpoint-wrong' }],
  [403, '{"error":{"errors":"x","details":{"reason":1},"message":7}}', {}, { code: 'mailbox-access-denied' }]
]
for (const [status, body, change, wanted] of cases) {
  test(`${status} ${body.slice(0, 90)}`, () => {
    const problem = gmailProblem(errorOf(status, body), { ...where, ...change })
    assert.deepEqual({ ...problem, ...wanted }, problem)
  })
}

const now = Date.parse('2026-11-21T07:00:00Z')
const pauses: [string, number, string, Record<string, string>, number, number | null][] = [
  ['seconds', 429, google(429, 'rateLimitExceeded', 'x'), { 'retry-after': '7' }, 1, 7_000],
  ['an HTTP date', 503, google(503, 'backendError', 'x'), { 'retry-after': 'Sat, 21 Nov 2026 07:00:30 GMT' }, 1, 30_000],
  ['a time in words', 429, google(429, 'rateLimitExceeded', 'User-rate limit exceeded.  Retry after 2026-11-21T07:15:00.250Z (Mail sending)'), {}, 1, 900_250],
  ['a time that is over', 429, google(429, 'rateLimitExceeded', 'User-rate limit exceeded.  Retry after 2026-11-21T06:59:00.000Z'), {}, 1, 1_000],
  ['nothing, first', 403, google(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded'), {}, 1, 1_250],
  ['nothing, third', 403, google(403, 'rateLimitExceeded', 'Rate Limit Exceeded'), {}, 3, 5_000],
  ['nothing, long', 429, '', {}, 20, 80_000],
  ['a word that is no time', 429, '', { 'retry-after': 'soon' }, 1, 1_250],
  ['the day', 403, google(403, 'dailyLimitExceeded', 'Daily Limit Exceeded'), {}, 1, 3_600_000],
  ['no limit', 403, google(403, 'insufficientPermissions', 'x'), { 'retry-after': '7' }, 1, null],
  ['broken', 500, google(500, 'backendError', 'x'), {}, 1, null],
  ['unavailable, without a time', 503, '', {}, 1, null]
]
for (const [name, status, body, headers, attempt, wanted] of pauses) test(`asked to wait: ${name}`, () => assert.equal(pauseAsked(errorOf(status, body, headers), now, attempt, 0.5), wanted))
