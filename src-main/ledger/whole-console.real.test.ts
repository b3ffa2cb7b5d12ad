import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { ImapFlow } from 'imapflow'
import type { LedgerPage, Reconciliation } from '#contract/ledger.ts'
import type { RoundResult } from '#contract/incoming-server.ts'
import { openConsoleUnderTest } from '../../testbed/console-under-test.ts'
import { dovecotMissing, startDovecot } from '../../testbed/dovecot.ts'
import { mailOf } from '../../testbed/fetching-rig.ts'
import { differing } from '../../testbed/ledger-over.ts'

const skip = dovecotMissing() ?? false
const withoutSender = (id: string): string => mailOf(id, `from nobody ${id}`).replace(/^From:.*\r\n/m, '')

test('the whole console: read by another program, dropped, failed, taken out and put back, and in the end nothing is lost', { skip, timeout: 90_000 }, async (context) => {
  const dovecot = await startDovecot()
  const core = await openConsoleUnderTest({ BOX: dovecot.password })
  context.after(async () => {
    await core.stop()
    await dovecot.stop()
  })
  await core.must('configuration.import', { yaml: yamlFor(dovecot.ports.imap), replace: false })
  const another = new ImapFlow({ host: dovecot.host, port: dovecot.ports.imap, secure: false, doSTARTTLS: false, auth: { user: 'it', pass: dovecot.password }, logger: false })
  await another.connect()
  context.after(() => another.logout().catch(() => undefined))
  const fetch = (): Promise<RoundResult> => core.must<RoundResult>('incoming.fetch', { name: 'it', workId: randomUUID() })
  const check = (): Promise<Reconciliation> => core.must<Reconciliation>('ledger.reconcile', { name: 'it', workId: randomUUID() })
  const inFolder = async (folder: string, work: () => Promise<unknown>): Promise<void> => {
    await another.mailboxOpen(folder)
    await work()
    await another.mailboxClose()
  }

  // The first round finds what is there; from then on everything counts.
  dovecot.deliver('it', mailOf('1', 'first'))
  assert.equal((await fetch()).requests, 1)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  dovecot.deliver('it', mailOf('2', 'second'))
  dovecot.deliver('it', mailOf('1', 'first'))
  dovecot.deliver('it', withoutSender('4'))
  dovecot.deliver('it', withoutSender('5'))
  await inFolder('INBOX', () => another.messageFlagsAdd({ header: { 'message-id': '2@example.com' } }, ['\\Seen']))
  const { requests, dropped, errors } = await fetch()
  assert.deepEqual([requests, dropped, errors], [0, 1, 2])
  const found = await check()
  assert.deepEqual([found.verdict, differing(found)], ['differs', ['not-taken! 1']])
  const list = await core.must<LedgerPage>('ledger.list', { server: 'it', outcome: 'dropped' })
  assert.deepEqual(list.rows.map(({ server, subject, from, isFinished }) => ({ server, subject, from, isFinished })), [{ server: 'it', subject: 'first', from: 'ann@example.com', isFinished: true }])
  assert.equal((await core.must<LedgerPage>('ledger.list', { query: '1@example.com' })).rows.length, 2)
  assert.deepEqual(list.counts, [{ outcome: 'dropped', count: 1 }, { outcome: 'error', count: 2 }, { outcome: 'request', count: 1 }])

  const ids = found.differences[0]?.messages.map(({ id }) => id) ?? []
  assert.deepEqual(await core.must('ledger.take-again', { name: 'it', ids, workId: randomUUID() }), { marked: 1 })
  assert.equal((await fetch()).requests, 1)
  assert.deepEqual(differing(await check()), [])

  // Its record is deleted, the mail stays: nobody is told of it any more, but for the ledger.
  const { rows: failed } = await core.must<{ rows: { id: number; messageId: string | null }[] }>('errors.list', {})
  await core.must('errors.delete', { ids: failed.filter(({ messageId }) => messageId?.includes('4@')).map(({ id }) => id) })
  await inFolder('Errors', () => another.messageDelete({ header: { 'message-id': '5@example.com' } }))
  assert.deepEqual(differing(await check()), ['not-in-error-folder! 1', 'not-recorded! 1'])
  assert.equal((await core.must<{ moved: number }>('errors.requeue', { server: 'it', ids: null, workId: randomUUID() })).moved, 1)
  assert.equal((await fetch()).errors, 1)
  const last = await check()
  assert.deepEqual([last.verdict, differing(last), last.onServer], ['nothing-lost', [], { inbox: 3, unread: 0, known: 3, errorFolder: 1 }])
})

const yamlFor = (port: number): string => `version: 1
partitions: [{ name: IT, default: true }]
incoming:
  - { name: it, protocol: imap, host: 127.0.0.1, port: ${port}, security: none, auth: { method: password, user: it, secret: env:BOX }, partition: IT, enabled: false, push: false, errorFolder: { enabled: true, name: Errors, notify: false } }
`
