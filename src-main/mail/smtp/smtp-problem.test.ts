import { test } from 'node:test'
import assert from 'node:assert/strict'
import { codesOf, smtpProblem, type SmtpStage } from './smtp-problem.ts'
import type { ProblemCode } from '#contract/problem.ts'

const table: [SmtpStage, string, ProblemCode, encrypted?: boolean][] = [
  ['greeting', '421 4.3.2 Service shutting down', 'server-busy'],
  ['greeting', '450 4.7.1 too many connections', 'server-busy'],
  ['greeting', '554 5.7.1 No SMTP service here: your address is blocked', 'server-refused'],
  ['greeting', '* OK IMAP4 ready', 'not-a-mail-server'],
  ['greeting', '+OK POP3 ready', 'not-a-mail-server'],
  ['ehlo', '550 5.7.1 Go away', 'server-refused'],
  ['ehlo', '421 4.7.0 closing', 'server-busy'],
  ['sign-in', '535 5.7.8 Authentication credentials invalid', 'credentials-refused'],
  ['sign-in', '535-5.7.8 Username and Password not accepted.\n535 5.7.8 https://example.com/help', 'credentials-refused'],
  ['sign-in', '534 5.7.9 Application-specific password required', 'credentials-refused'],
  ['sign-in', '535 5.7.139 Authentication unsuccessful, basic authentication is disabled', 'credentials-refused'],
  ['sign-in', '550 5.7.30 Basic authentication is not supported for Client Submission.', 'credentials-refused'],
  ['sign-in', '432 4.7.12 A password transition is needed', 'credentials-refused'],
  ['sign-in', '454 4.7.0 Temporary authentication failure', 'server-busy'],
  ['sign-in', '421 4.4.2 timeout', 'server-busy'],
  ['sign-in', '504 5.5.4 Unrecognized authentication type', 'sign-in-method-not-offered'],
  ['sign-in', '503 5.5.1 authentication not enabled', 'sign-in-method-not-offered'],
  ['sign-in', '538 5.7.11 Encryption required for requested authentication mechanism', 'sign-in-needs-encryption'],
  ['sign-in', '530 5.7.0 Must issue a STARTTLS command first', 'sign-in-needs-encryption'],
  ['sender', '530 5.7.0 Must issue a STARTTLS command first', 'sign-in-needs-encryption'],
  ['sender', '530 5.7.57 Client not authenticated to send mail', 'credentials-refused', true],
  ['sender', '553 5.7.1 Sender address rejected: not owned by user', 'sender-refused'],
  ['sender', '550 5.1.7 Invalid sender', 'sender-refused'],
  ['sender', '552 5.3.4 Message size exceeds fixed limit', 'mail-too-large'],
  ['sender', '552 5.2.2 Mailbox full', 'sender-refused'],
  ['sender', '451 4.7.1 try later', 'mail-deferred'],
  ['sender', '421 4.3.2 Service shutting down', 'server-busy'],
  ['sender', '452 4.3.1 Insufficient system storage', 'mail-deferred'],
  ['recipient', '550 5.1.1 No such user', 'recipient-refused'],
  ['recipient', '552 5.2.2 Mailbox full', 'recipient-refused'],
  ['recipient', '554 5.7.1 Relay access denied', 'recipient-refused'],
  ['recipient', '554 5.7.1 <it@example.com>: Sender address rejected: Access denied', 'sender-refused'],
  ['recipient', '553 5.7.1 <it@example.com>: Sender address rejected: not owned by user ann', 'sender-refused'],
  ['recipient', '550 5.1.8 Sender domain does not exist', 'sender-refused'],
  ['recipient', '450 4.2.0 Greylisted', 'mail-deferred'],
  ['recipient', '530 5.7.0 Authentication required', 'credentials-refused', true],
  ['message', '530 5.7.0 Authentication required', 'credentials-refused', true],
  ['recipient', '421 4.7.0 closing', 'mail-deferred'],
  ['message', '552 5.3.4 Message too big', 'mail-too-large'],
  ['message', '552 5.2.2 Over quota', 'mail-refused'],
  ['message', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'sender-refused'],
  ['message', '554 5.2.252 SendAsDenied; it@example.com not allowed to send as boss@example.com', 'sender-refused'],
  ['message', '554 5.7.1 Message refused as spam', 'mail-refused'],
  ['message', '421 4.3.0 later', 'mail-deferred'],
  ['message', '451 4.3.0 queue file write error', 'mail-deferred']
]

test('replies become problems', () => {
  for (const [stage, said, code, encrypted] of table) {
    const problem = smtpProblem({ stage, said, server: 'main', user: 'it@example.com', peer: { host: 'mail.example.com', port: 587 }, encrypted: encrypted ?? false, addresses: ['a@example.com'], offered: ['PLAIN'], sender: 'it@example.com', size: 5_000, limit: 1_000 })
    assert.equal(problem.code, code, `${stage}: ${said}`)
  }
})

test('a size that the server never told is no limit to name', () => {
  const problem = smtpProblem({ stage: 'message', said: '552 5.3.4 Message too big', server: 'main', user: '', peer: { host: 'h', port: 1 }, encrypted: true, addresses: [], offered: [], sender: '', size: 5_000, limit: 0 })
  assert.equal(problem.code, 'mail-refused')
})

test('over TLS nobody is told to encrypt', () => {
  const problem = smtpProblem({ stage: 'sign-in', said: '530 5.7.0 Must issue a STARTTLS command first', server: 'main', user: 'u', peer: { host: 'h', port: 1 }, encrypted: true, addresses: [], offered: [], sender: '', size: 0, limit: 0 })
  assert.equal(problem.code, 'credentials-refused')
})

test('codes are read from the last line', () => {
  assert.deepEqual(codesOf('535-5.7.8 a\r\n535 5.7.9 b'), { code: 535, enhanced: '5.7.9' })
  assert.deepEqual(codesOf('250 OK'), { code: 250, enhanced: '' })
  assert.deepEqual(codesOf(''), { code: 0, enhanced: '' })
})
