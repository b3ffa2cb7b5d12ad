import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imapProblem, type ImapCircumstances } from './imap-problem.ts'

const where: ImapCircumstances = { server: 'it', host: 'mail.example.com', port: 143, user: 'ann', mailbox: 'support@example.com', auth: { method: 'oauth2', user: 'ann@example.com', secret: 'keychain' }, command: 'SELECT', folder: 'Work', capabilities: ['IMAP4REV1', 'AUTH=XOAUTH2'] }
const failure = (properties: Record<string, unknown>, message = 'Command failed'): Error => Object.assign(new Error(message), properties)
const refused = (responseText: string, serverResponseCode?: string) => failure({ responseStatus: 'NO', responseText, ...(serverResponseCode ? { serverResponseCode } : {}) })
const login = (responseText: string, serverResponseCode?: string) => failure({ authenticationFailed: true, responseStatus: 'NO', responseText, ...(serverResponseCode ? { serverResponseCode } : {}) })

const table: [string, unknown, string, Partial<ImapCircumstances>?][] = [
  ['wrong password', login('Authentication failed.', 'AUTHENTICATIONFAILED'), 'credentials-refused'],
  ['password without a code', login('Invalid login'), 'credentials-refused'],
  ['password that has run out', login('Password expired', 'EXPIRED'), 'credentials-refused'],
  ['no right to act as', login('Not allowed', 'AUTHORIZATIONFAILED'), 'credentials-refused'],
  ['sign-in without TLS', login('Plaintext authentication disallowed on non-secure (SSL/TLS) connections.', 'PRIVACYREQUIRED'), 'sign-in-needs-encryption'],
  ['sign-in without TLS, in words', login('Plaintext authentication disallowed on non-secure connections.'), 'sign-in-needs-encryption'],
  ['LOGINDISABLED', failure({ authenticationFailed: true }, 'Login is disabled'), 'sign-in-needs-encryption'],
  ['directory down', login('Temporary authentication failure.', 'UNAVAILABLE'), 'server-busy'],
  ['sign-in limit', login('Too many', 'LIMIT'), 'server-busy'],
  ['only XOAUTH2', failure({}, 'Unsupported authentication mechanism'), 'sign-in-method-not-offered'],
  ['shared mailbox', login('User is authenticated but not connected.'), 'mailbox-access-denied'],
  ['shared mailbox, at the first command', failure({ responseStatus: 'BAD', responseText: 'User is authenticated but not connected.' }), 'mailbox-access-denied'],
  ['refused token', failure({ authenticationFailed: true, responseText: 'AUTHENTICATE failed.', oauthError: { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' } }), 'credentials-refused'],
  ['STARTTLS missing', failure({ tlsFailed: true }, 'Server does not support STARTTLS'), 'starttls-not-offered'],
  ['missing folder', refused('Mailbox does not exist', 'NONEXISTENT'), 'folder-not-found'],
  ['missing folder, in words', refused("Mailbox doesn't exist: Work (0.001 secs)."), 'folder-not-found'],
  ['missing folder, Exchange', refused('Work does not exist.'), 'folder-not-found'],
  ['no rights', refused('Permission denied', 'NOPERM'), 'folder-access-denied'],
  ['no rights, in words', refused('Permission denied'), 'folder-access-denied'],
  ['unreadable directory on Dovecot', refused('Internal error occurred.', 'SERVERBUG'), 'folder-access-denied'],
  ['locked', refused('Mailbox in use', 'INUSE'), 'mailbox-locked'],
  ['server trouble', refused('Try later', 'UNAVAILABLE'), 'server-busy', { command: 'SEARCH' }],
  ['full target', refused('Quota exceeded', 'OVERQUOTA'), 'command-refused', { command: 'MOVE' }],
  ['limit of a target', refused('Too many', 'LIMIT'), 'command-refused', { command: 'COPY' }],
  ['unknown command', failure({ responseStatus: 'BAD', responseText: 'Unknown command' }), 'command-refused', { command: 'FETCH' }],
  ['no such message says nothing of folders', refused('No such message'), 'command-refused', { command: 'FETCH' }],
  ['BYE: too many connections', failure({ code: 'NoConnection', reason: 'Maximum number of connections from user+IP exceeded' }), 'server-busy'],
  ['BYE in the greeting', failure({ code: 'ClosedAfterConnectText', reason: 'Server shutting down.' }), 'server-busy'],
  ['BYE for good', failure({ code: 'NoConnection', reason: 'Your address is blocked' }), 'server-refused'],
  ['throttled', failure({ code: 'ETHROTTLE', responseText: 'Request is throttled', responseStatus: 'BAD' }), 'server-busy'],
  ['garbage', failure({ code: 'ParserError11' }, 'Unexpected char'), 'not-a-mail-server'],
  ['a literal beyond all limits', failure({ code: 'LiteralTooLarge' }, 'too large'), 'not-a-mail-server']
]
for (const [name, error, code, change] of table) {
  test(`${name}: ${code}`, () => {
    const problem = imapProblem(error, { ...where, ...change })
    assert.equal(problem?.code, code, JSON.stringify(problem))
  })
}

test('what is about the connection, or a bug, is left to others', () => {
  for (const error of [failure({ code: 'ECONNRESET' }), failure({ code: 'NoConnection' }), failure({ code: 'CERT_HAS_EXPIRED' }), new TypeError('x is undefined'), null]) assert.equal(imapProblem(error, where), null)
})

test('control characters of the server do not reach the words', () => {
  const problem = imapProblem(login('no\u001b[31m\r\nway'), where)
  assert.ok(problem !== null && 'serverSaid' in problem)
  assert.equal(problem.serverSaid, 'no [31m way')
})
