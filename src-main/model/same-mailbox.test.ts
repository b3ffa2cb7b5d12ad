import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incomingServer, newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { sameMailbox } from './same-mailbox.ts'

const server = (changes: Partial<IncomingServer> & { user?: string }): IncomingServer => {
  const { user = 'it', ...more } = changes
  return incomingServer.parse({ ...newIncomingServer(more.protocol ?? 'imap', 'IT'), name: 'a', host: 'mail.example.com', ...more, auth: { method: 'password', user, secret: 'keychain' } })
}
const rows: [string, IncomingServer, IncomingServer, boolean][] = [
  ['another name and port', server({}), server({ name: 'b', port: 143, security: 'none' }), true],
  ['another case of the host', server({}), server({ host: 'Mail.Example.com' }), true],
  ['POP3 reads INBOX', server({}), server({ protocol: 'pop3', folder: 'whatever' }), true],
  ['another user', server({}), server({ user: 'hr' }), false],
  ['another folder', server({}), server({ folder: 'Support' }), false],
  ['another host', server({}), server({ host: 'mail2.example.com' }), false]
]
for (const [name, one, other, same] of rows) test(name, () => assert.equal(sameMailbox(one, other), same))
