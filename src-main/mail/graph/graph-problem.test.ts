import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphProblem, pauseAsked, readGraphError, type GraphCircumstances } from './graph-problem.ts'
import { missingRights } from './graph-rights.ts'

const where: GraphCircumstances = { server: 'it', endpoint: 'https://graph.microsoft.com', mailbox: 'it@example.com', user: 'it@example.com', peer: { host: 'graph.microsoft.com', port: 443 }, request: 'a message', use: 'reading', byApplication: false, isShared: false, granted: ['User.Read'] }
const shared: Partial<GraphCircumstances> = { isShared: true, user: 'ann@example.com' }
const mail = { from: 'it@example.com', recipients: ['a@example.org', 'b@example.org'], size: 5_000 }
const sending: Partial<GraphCircumstances> = { use: 'sending', mail }
const error = (code: string, message = 'x'): string => JSON.stringify({ error: { code, message, innerError: { 'request-id': '1' } } })

// Codes and words: https://learn.microsoft.com/graph/errors, https://learn.microsoft.com/graph/resolve-auth-errors, and the issues and answers named beside them.
const cases: [string, number, string, Partial<GraphCircumstances>, Record<string, unknown>][] = [
  ['an expired token', 401, error('InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'), {}, { code: 'token-refused' }],
  ['a token of another cloud', 401, error('InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.'), {}, { code: 'wrong-cloud' }],
  ['a mailbox on premises', 404, error('MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.'), {}, { code: 'mailbox-not-found', mailbox: 'it@example.com' }],
  ['no such user', 404, error('ErrorInvalidUser', "The requested user 'x' is invalid."), {}, { code: 'mailbox-not-found' }],
  ['no such user in the directory', 404, error('Request_ResourceNotFound'), {}, { code: 'mailbox-not-found' }],
  ['no right on the own mailbox is a missing scope', 403, error('ErrorAccessDenied', 'Access is denied. Check credentials and try again.'), {}, { code: 'scope-missing', missing: ['Mail.ReadWrite'], granted: ['User.Read'] }],
  ['no right on a shared mailbox', 403, error('ErrorAccessDenied'), shared, { code: 'mailbox-access-denied', right: 'FullAccess', command: "Add-MailboxPermission -Identity 'it@example.com' -User 'ann@example.com' -AccessRights FullAccess" }],
  ['an application without its role', 403, error('Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'), { byApplication: true }, { code: 'mailbox-access-denied', right: 'Application Mail.ReadWrite' }],
  ['a proxy that answers in HTML', 404, '<html>Not found</html>', {}, { code: 'endpoint-wrong' }],
  ['an outage', 503, error('serviceNotAvailable'), {}, { code: 'server-busy', host: 'graph.microsoft.com' }],
  ['a mailbox that is being moved', 400, error('ErrorMailboxMoveInProgress'), {}, { code: 'server-busy' }],
  ['anything else', 400, error('BadRequest', 'nonsense'), {}, { code: 'provider-refused', request: 'a message', serverSaid: '400 BadRequest nonsense' }],
  ['another sender', 403, error('ErrorSendAsDenied'), { ...sending, mail: { ...mail, from: 'boss@example.com' } }, { code: 'sender-refused', sender: 'boss@example.com' }],
  ['a shared mailbox that may not be sent from', 403, error('ErrorSendAsDenied'), { ...shared, ...sending }, { code: 'mailbox-access-denied', right: 'SendAs', command: "Add-RecipientPermission -Identity 'it@example.com' -Trustee 'ann@example.com' -AccessRights SendAs" }],
  ['one recipient', 400, error('ErrorInvalidRecipients', "Recipient 'B@example.org' is not resolved."), sending, { code: 'recipient-refused', recipients: ['b@example.org'] }],
  ['recipients that are not named', 400, error('ErrorInvalidRecipients'), sending, { code: 'recipient-refused', recipients: ['a@example.org', 'b@example.org'] }],
  ['a mail that is too large', 413, '<html>Request Entity Too Large</html>', sending, { code: 'mail-too-large', size: 5_000 }],
  ['too many mails', 400, error('ErrorExceededMessageLimit'), sending, { code: 'mail-deferred' }],
  ['a mailbox that is full', 403, error('ErrorQuotaExceeded', 'The mailbox has exceeded its maximum size.'), sending, { code: 'mail-deferred' }],
  ['an outage while sending', 504, '', sending, { code: 'mail-deferred' }],
  ['a mail that is no mail', 400, error('ErrorMimeContentInvalid'), sending, { code: 'mail-refused' }],
  ['sending without the scope', 403, error('ErrorAccessDenied'), sending, { code: 'scope-missing', missing: ['Mail.Send'] }]
]
for (const [name, status, body, change, wanted] of cases) {
  test(name, () => {
    const found = graphProblem(readGraphError(status, {}, body), { ...where, ...change })
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, (found as Record<string, unknown>)[key]])), wanted)
  })
}

test('a pause is seconds, a date, or grows by itself', () => {
  const now = Date.parse('2026-11-21T08:00:00Z')
  const limited = (status: number, headers: Record<string, string> = {}) => readGraphError(status, headers, error('ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'))
  assert.equal(pauseAsked(limited(429, { 'Retry-After': '12' }), now, 1, 0), 12_000)
  assert.equal(pauseAsked(limited(429, { 'retry-after': 'Sat, 21 Nov 2026 08:01:00 GMT' }), now, 1, 0), 60_000)
  assert.equal(pauseAsked(limited(503, { 'retry-after': '5' }), now, 1, 0), 5_000)
  assert.deepEqual([1, 2, 3, 20].map((attempt) => pauseAsked(limited(429), now, attempt, 0)), [500, 1_000, 2_000, 60_000])
  assert.equal(pauseAsked(limited(429), now, 1, 1), 1_000)
  assert.equal(pauseAsked(limited(503), now, 1, 0), null)
  assert.equal(pauseAsked(limited(429, { 'retry-after': '99999999' }), now, 1, 0), 86_400_000)
})

test('claims of a challenge are read', () => {
  assert.equal(readGraphError(401, { 'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="' }, error('InvalidAuthenticationToken')).claims, 'eyJhIjoxfQ==')
})

test('rights are compared by name', () => {
  const own = { byApplication: false, isShared: false }
  assert.deepEqual(missingRights('reading', own, ['https://graph.microsoft.com/Mail.ReadWrite']), [])
  assert.deepEqual(missingRights('reading', own, ['mail.send', 'User.Read']), ['Mail.ReadWrite'])
  assert.deepEqual(missingRights('sending', { ...own, isShared: true }, ['Mail.Send']), ['Mail.Send.Shared'])
  assert.deepEqual(missingRights('sending', own, []), [])
  assert.deepEqual(missingRights('reading', { ...own, byApplication: true }, ['User.Read.All']), [])
  assert.deepEqual(missingRights('reading', { ...own, byApplication: true }, ['Mail.Send']), ['Mail.ReadWrite'])
})
