import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem, ProblemCode } from '#contract/problem.ts'
import { httpProblem, offeredMethods, responseProblem, type EwsCircumstances } from './ews-problem.ts'

const where = (change: Partial<EwsCircumstances> = {}): EwsCircumstances => ({
  server: 'it', host: 'mail.example.com', port: 443, endpoint: 'https://mail.example.com/EWS/Exchange.asmx', mailbox: 'help@example.com',
  auth: { method: 'ntlm', user: 'CORP\\svc', secret: 'keychain' }, operation: 'GetFolder', folder: null, impersonating: false, sending: null, ...change
})
const sending = { sender: 'it@example.com', recipients: ['ann@example.org'], size: 5_000 }
const commandOf = (problem: Problem): string => ('command' in problem ? problem.command : '')

// The codes and what they stand for: https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
test('each ResponseCode becomes its problem', () => {
  const table: [string, Partial<EwsCircumstances>, ProblemCode][] = [
    ['ErrorServerBusy', {}, 'server-busy'],
    ['ErrorMailboxStoreUnavailable', {}, 'server-busy'],
    ['ErrorMailboxMoveInProgress', {}, 'server-busy'],
    ['ErrorExceededConnectionCount', {}, 'server-busy'],
    ['ErrorAccountDisabled', {}, 'credentials-refused'],
    ['ErrorPasswordExpired', {}, 'credentials-refused'],
    ['ErrorImpersonateUserDenied', { impersonating: true }, 'mailbox-access-denied'],
    ['ErrorImpersonationFailed', { impersonating: true }, 'mailbox-access-denied'],
    ['ErrorNonExistentMailbox', {}, 'mailbox-not-found'],
    ['ErrorMissingEmailAddress', {}, 'mailbox-not-found'],
    ['ErrorInvalidExchangeImpersonationHeaderData', { impersonating: true }, 'mailbox-not-found'],
    ['ErrorAccessDenied', {}, 'mailbox-access-denied'],
    ['ErrorAccessDenied', { folder: 'Inbox' }, 'mailbox-access-denied'],
    ['ErrorAccessDenied', { folder: 'Tickets' }, 'folder-access-denied'],
    // Exchange does not tell a folder that is hidden from one that is not there.
    ['ErrorFolderNotFound', { folder: 'Inbox' }, 'mailbox-access-denied'],
    ['ErrorItemNotFound', { folder: 'inbox' }, 'mailbox-access-denied'],
    ['ErrorFolderNotFound', { folder: 'Tickets' }, 'folder-not-found'],
    ['ErrorMimeContentConversionFailed', { operation: 'GetItem' }, 'message-unreadable'],
    ['ErrorCorruptData', { operation: 'GetItem' }, 'message-unreadable'],
    ['ErrorCorruptData', { operation: 'MoveItem' }, 'provider-refused'],
    ['ErrorQuotaExceeded', { operation: 'MoveItem' }, 'provider-refused'],
    ['ErrorSchemaValidation', {}, 'provider-refused'],
    ['ErrorInvalidServerVersion', {}, 'provider-refused'],
    ['ErrorThatNobodyKnows', {}, 'provider-refused'],
    ['', {}, 'provider-refused'],
    ['ErrorSendAsDenied', { sending }, 'sender-refused'],
    ['ErrorInvalidRecipients', { sending }, 'recipient-refused'],
    ['ErrorMessageSizeExceeded', { sending }, 'mail-too-large'],
    ['ErrorSubmissionQuotaExceeded', { sending }, 'mail-deferred'],
    ['ErrorServerBusy', { sending }, 'mail-deferred'],
    ['ErrorQuotaExceeded', { sending }, 'mail-deferred'],
    ['ErrorMimeContentInvalid', { sending }, 'mail-refused'],
    ['ErrorAccessDenied', { sending }, 'mailbox-access-denied'],
    ['ErrorSavedItemFolderNotFound', { sending }, 'mailbox-access-denied'],
    ['ErrorPasswordExpired', { sending }, 'credentials-refused']
  ]
  for (const [code, change, wanted] of table) {
    const problem = responseProblem(code, 'Words of the server.', where(change))
    assert.equal(problem.code, wanted, `${code} ${JSON.stringify(change)}`)
    if ('serverSaid' in problem) assert.match(problem.serverSaid, new RegExp(`${code}: Words of the server\\.`), code)
  }
})

test('who may not open a mailbox is told what an administrator can paste', () => {
  assert.equal(commandOf(responseProblem('ErrorAccessDenied', '', where())), "Add-MailboxPermission -Identity 'help@example.com' -User 'CORP\\svc' -AccessRights FullAccess")
  const application = { impersonating: true, auth: { method: 'oauth2' as const, user: 'help@example.com', flow: 'client-credentials' as const, clientId: 'abc', secret: 'keychain' } }
  assert.match(commandOf(responseProblem('ErrorImpersonateUserDenied', '', where(application))), /-Role ApplicationImpersonation -User 'help@example\.com'$/)
  assert.match(commandOf(responseProblem('ErrorImpersonateUserDenied', '', where({ ...application, endpoint: 'https://outlook.office365.com/EWS/Exchange.asmx' }))), /-App 'abc' -Role 'Application EWS\.AccessAsApp'/)
  assert.equal(commandOf(httpProblem(403, {}, '', where())), "Set-CASMailbox -Identity 'help@example.com' -EwsEnabled $true")
  assert.match(commandOf(httpProblem(403, { 'restrict-access-confirm': '1' }, '', where(application))), /ApplicationImpersonation/)
})

test('an answer that is no SOAP becomes its problem', () => {
  const owa = '<html><head><title>Outlook</title></head><body>Sign in</body></html>'
  const table: [number, Record<string, string>, string, Partial<EwsCircumstances>, ProblemCode][] = [
    [200, {}, owa, {}, 'endpoint-wrong'],
    [302, { location: 'https://mail.example.com/owa/auth/logon.aspx?url=secret' }, '', {}, 'endpoint-wrong'],
    [404, {}, '<title>404 - File or directory not found.</title>', {}, 'endpoint-wrong'],
    [405, {}, '', {}, 'endpoint-wrong'],
    [440, {}, 'Login Timeout', {}, 'endpoint-wrong'],
    [403, {}, '', {}, 'mailbox-access-denied'],
    [413, {}, '', { sending }, 'mail-too-large'],
    [400, {}, '', {}, 'provider-refused'],
    [500, {}, 'Runtime Error', {}, 'provider-refused'],
    [502, {}, '', {}, 'server-busy'],
    [503, {}, '', {}, 'server-busy'],
    [503, {}, '', { sending }, 'mail-deferred'],
    [429, {}, '', {}, 'server-busy']
  ]
  for (const [status, headers, body, change, wanted] of table) {
    const problem = httpProblem(status, headers, body, where(change))
    assert.equal(problem.code, wanted, String(status))
    assert.ok('serverSaid' in problem && problem.serverSaid.startsWith(`HTTP ${status}`) && !problem.serverSaid.includes('secret'), JSON.stringify(problem))
  }
  const page = httpProblem(200, {}, owa, where())
  assert.ok('serverSaid' in page && page.serverSaid === 'HTTP 200: Outlook')
})

test('the ways to sign in that are offered are named', () => {
  const table: [string | undefined, string[]][] = [
    [undefined, []],
    ['Negotiate, NTLM', ['NTLM or Kerberos (Negotiate)', 'NTLM']],
    ['Basic realm="mail.example.com"', ['password (Basic)']],
    ['Bearer client_id="0000", trusted_issuers="a@*", token_types="app", authorization_uri="https://x"', ['OAuth 2.0 (Bearer)']],
    ['Bearer client_id="0000", Basic realm="x, y", Negotiate', ['OAuth 2.0 (Bearer)', 'password (Basic)', 'NTLM or Kerberos (Negotiate)']]
  ]
  for (const [header, methods] of table) assert.deepEqual(offeredMethods(header), methods, header)
})
