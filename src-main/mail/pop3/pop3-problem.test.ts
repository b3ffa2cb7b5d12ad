import { test } from 'node:test'
import assert from 'node:assert/strict'
import { pop3Problem, saysMessageGone, type Pop3Refusal } from './pop3-problem.ts'
import type { ProblemCode } from '#contract/problem.ts'

const table: [Pop3Refusal['command'], string, ProblemCode, boolean?][] = [
  ['sign-in', '[AUTH] Authentication failed.', 'credentials-refused'],
  ['sign-in', 'Authentication failed.', 'credentials-refused'],
  ['sign-in', 'invalid user name or password', 'credentials-refused'],
  ['sign-in', 'Logon failure: unknown user name or bad password.', 'credentials-refused'],
  ['sign-in', '[AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.', 'sign-in-needs-encryption'],
  ['sign-in', 'Plaintext authentication disallowed on non-secure (SSL/TLS) connections.', 'sign-in-needs-encryption'],
  ['sign-in', 'Command is not valid in this state: use STLS first', 'sign-in-needs-encryption'],
  ['sign-in', 'TLS handshake of the upstream server failed', 'credentials-refused', true],
  ['sign-in', '[IN-USE] Mailbox is locked by another session', 'mailbox-locked'],
  ['sign-in', 'unable to lock maildrop: mailbox is locked by POP server', 'mailbox-locked'],
  ['sign-in', 'Mailbox in use', 'mailbox-locked'],
  ['sign-in', '[LOGIN-DELAY] minimum time between mail checks is 60 seconds', 'server-busy'],
  ['sign-in', '[SYS/TEMP] Temporary authentication failure. [host:2026-11-21]', 'server-busy'],
  ['sign-in', 'Temporary problem, please try again later', 'server-busy'],
  ['sign-in', 'Too many simultaneous connections', 'server-busy'],
  ['sign-in', '[SYS/PERM] POP access is disabled for your domain.', 'server-refused'],
  ['sign-in', 'User is authenticated but not connected.', 'mailbox-access-denied', true],
  ['greeting', '[SYS/TEMP] shutting down', 'server-busy'],
  ['greeting', 'too many connections from your address', 'server-busy'],
  ['greeting', 'access denied', 'server-refused'],
  ['UIDL', 'command not supported', 'command-refused'],
  ['RETR', 'internal error', 'server-busy'],
  ['QUIT', 'some deleted messages not removed', 'command-refused']
]

test('refusals become problems', () => {
  for (const [command, said, code, encrypted] of table) {
    const problem = pop3Problem({ command, said, server: 'it', auth: { method: 'password', user: 'ann', secret: 'keychain' }, user: 'it@example.com', peer: { host: 'mail.example.com', port: 110 }, encrypted: encrypted ?? false })
    assert.equal(problem.code, code, `${command}: ${said}`)
    assert.ok('serverSaid' in problem && problem.serverSaid === said)
  }
})

test('a missing message is told from a refusal', () => {
  for (const said of ['no such message', 'Message 3 does not exist.', "There's no message 5.", 'Message is deleted.', 'Message was expunged']) assert.equal(saysMessageGone(said), true, said)
  for (const said of ['internal error', '[SYS/TEMP] cannot read', 'permission denied']) assert.equal(saysMessageGone(said), false, said)
})
