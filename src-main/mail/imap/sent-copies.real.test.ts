import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { dovecotMissing, startDovecot, type Dovecot } from '../../../testbed/dovecot.ts'
import { passwordConnection } from '../../../testbed/password-connection.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { createImapSentCopies } from './sent-copies.ts'

describe('copies of what was sent, on Dovecot', { skip: dovecotMissing() ?? false }, () => {
  let dovecot: Dovecot
  before(async () => {
    // RFC 6154: the folder is found by its use, whatever its name.
    dovecot = await startDovecot({ settings: 'namespace inbox {\n  mailbox Abgelegt {\n    special_use = \\Sent\n    auto = create\n  }\n}\n' })
  })
  after(() => dovecot.stop())
  const copies = createImapSentCopies({ copyAppearsMs: [0, 200, 200] })
  const server = (): IncomingServer => ({ ...newIncomingServer('imap', 'IT'), name: 'copies', host: '127.0.0.1', port: dovecot.ports.imap, security: 'none', auth: { method: 'password', user: 'ann', secret: 'keychain' } }) as IncomingServer
  const has = (messageId: string, secret = dovecot.password): Promise<boolean | null> => copies.has(server(), messageId, { ...passwordConnection('ann', secret), signal: AbortSignal.timeout(10_000), transcript: null, cursor: null })
  const mail = (messageId: string): string => `From: it@example.com\r\nMessage-ID: ${messageId}\r\nSubject: x\r\n\r\nx\r\n`

  test('a copy is found by its whole Message-ID, also one that comes a moment later, and stays unread', async () => {
    dovecot.deliver('ann', mail('<1@example.com>'), { folder: 'Abgelegt' })
    dovecot.deliver('ann', mail('<inbox@example.com>'))
    assert.equal(await has('<1@example.com>'), true)
    assert.equal(await has('1@example.com'), true)
    for (const none of ['<1@example.co>', '<11@example.com>', '<inbox@example.com>']) assert.equal(await has(none), false, none)
    const looking = has('<late@example.com>')
    dovecot.deliver('ann', mail('<late@example.com>'), { folder: 'Abgelegt' })
    assert.equal(await looking, true)
    assert.ok(dovecot.mailbox('ann', 'Abgelegt').messages().every(({ flags }) => !flags.includes('S')))
  })

  test('a mailbox that cannot be asked throws', async () => {
    assert.equal((await problemOf(has('<1@example.com>', 'wrong'))).code, 'credentials-refused')
  })
})

test('a mailbox without a folder for what was sent cannot tell', { skip: dovecotMissing() ?? false }, async () => {
  const dovecot = await startDovecot()
  try {
    const server = { ...newIncomingServer('imap', 'IT'), name: 'copies', host: '127.0.0.1', port: dovecot.ports.imap, security: 'none', auth: { method: 'password', user: 'ann', secret: 'keychain' } } as IncomingServer
    assert.equal(await createImapSentCopies({ copyAppearsMs: [0] }).has(server, '<1@example.com>', { ...passwordConnection('ann', dovecot.password), signal: AbortSignal.timeout(10_000), transcript: null, cursor: null }), null)
  } finally {
    await dovecot.stop()
  }
})
