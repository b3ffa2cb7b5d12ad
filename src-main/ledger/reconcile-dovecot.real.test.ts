import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { createChance } from '../../testbed/chance.ts'
import { dovecotMissing, startDovecot, type Dovecot } from '../../testbed/dovecot.ts'
import { openFetchOffice, plainServer, type FetchOffice } from '../../testbed/fetch-office.ts'
import { mailOf } from '../../testbed/fetching-rig.ts'
import { differing, ledgerOver, type LedgerUnderTest } from '../../testbed/ledger-over.ts'
import { passwordConnection } from '../../testbed/password-connection.ts'
import { transportNeeds } from '../../testbed/transport-needs.ts'
import { createTransports } from '../mail/transports.ts'

const skip = dovecotMissing() ?? false
const longAgo = '2026-01-01T00:00:00Z'

type Ground = { dovecot: Dovecot; dataFolder: string; server: IncomingServer; office: FetchOffice; ledger: LedgerUnderTest }
async function ground(context: TestContext, change: Partial<IncomingServer> = {}): Promise<Ground> {
  const dovecot = await startDovecot()
  const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-ledger-'))
  const server = plainServer({ port: dovecot.ports.imap, push: false, ...change })
  const open = await openFetchOffice(dataFolder, dovecot.password)
  let isClosed = false
  const office = { ...open, close: () => (isClosed ? Promise.resolve() : ((isClosed = true), open.close())) }
  context.after(async () => {
    await office.close()
    await dovecot.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  })
  return { dovecot, dataFolder, server, office, ledger: ledgerOf(dovecot, server, office) }
}
const ledgerOf = (dovecot: Dovecot, server: IncomingServer, office: FetchOffice): LedgerUnderTest =>
  ledgerOver({ database: office.database, servers: new Map([[1, server]]), transport: createTransports(transportNeeds()).incoming[server.protocol], connection: async () => passwordConnection('it', dovecot.password), addedAt: longAgo })

/** Another program on the same mailbox. */
async function asAnotherProgram<Result>(dovecot: Dovecot, work: (client: ImapFlow) => Promise<Result>): Promise<Result> {
  const client = new ImapFlow({ host: dovecot.host, port: dovecot.ports.imap, secure: false, doSTARTTLS: false, auth: { user: 'it', pass: dovecot.password }, logger: false })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.logout()
  }
}
/** What is too large is an error, and its record knows neither subject nor Message-ID. */
const tooLarge = (id: string): string => mailOf(id, `large ${id}`, Array.from({ length: 15 }, () => `X-Filler: ${'x'.repeat(900)}`))
/** Nobody can be answered. */
const withoutSender = (id: string): string => mailOf(id, `from nobody ${id}`).replace(/^From:.*\r\n/m, '')
const small = { maxMessageSize: 10_000 }

test('mail read by another program before the fetch is found, taken again, and becomes a request', { skip, timeout: 60_000 }, async (context) => {
  const { dovecot, office, server, ledger } = await ground(context)
  for (const id of ['1', '2', '3']) dovecot.deliver('it', mailOf(id, `mail ${id}`))
  await asAnotherProgram(dovecot, async (client) => {
    await client.mailboxOpen('INBOX')
    await client.messageFlagsAdd('2', ['\\Seen'])
  })
  assert.equal((await office.fetch(server)).requests, 2)
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found), found.onServer], ['differs', ['not-taken! 1'], { inbox: 3, unread: 0, known: 2, errorFolder: null }])
  const ids = found.differences[0]?.messages.flatMap(({ id }) => id ?? []) ?? []
  assert.deepEqual(await ledger.takeAgain({ name: 'it', ids, workId: randomUUID() }), { marked: 1 })
  assert.deepEqual(ledger.woken, [1])
  assert.equal((await office.fetch(server)).requests, 1)
  const last = await ledger.check('it')
  assert.deepEqual([last.verdict, differing(last), last.onServer.known, last.inLedger], ['nothing-lost', [], 3, [{ outcome: 'request', count: 3 }]])
})

test('mail that was read long before is left alone, and said', { skip, timeout: 60_000 }, async (context) => {
  const { dovecot, office, server, ledger } = await ground(context)
  await asAnotherProgram(dovecot, (client) => client.append('INBOX', mailOf('old', 'old'), ['\\Seen'], new Date('2025-06-01T00:00:00Z')))
  dovecot.deliver('it', mailOf('new', 'new'))
  await office.fetch(server)
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found)], ['nothing-lost', ['not-taken 1']])
})

test('deleted by hand in the inbox, in the error folder, moved out of it, put into it: each is told for what it is', { skip, timeout: 60_000 }, async (context) => {
  const { dovecot, office, server, ledger } = await ground(context, small)
  for (const id of ['1', '2']) dovecot.deliver('it', mailOf(id, `mail ${id}`))
  for (const raw of [tooLarge('7'), withoutSender('8'), withoutSender('9')]) dovecot.deliver('it', raw)
  const round = await office.fetch(server)
  assert.deepEqual([round.requests, round.errors], [2, 3])
  assert.deepEqual(differing(await ledger.check('it')), [])
  await asAnotherProgram(dovecot, async (client) => {
    await client.mailboxOpen('INBOX')
    await client.messageDelete('1')
    await client.mailboxOpen('Errors')
    await client.messageDelete('1')
    await client.messageMove('1', 'INBOX')
    await client.append('Errors', mailOf('put', 'put in'))
    assert.equal(await client.status('Errors', { messages: true }).then((status) => status && status.messages), 2)
  })
  const found = await ledger.check('it')
  // What was deleted after it became a request is no loss; what was moved back waits to be tried again.
  assert.deepEqual([found.verdict, differing(found)], ['differs', ['not-in-error-folder! 2', 'not-recorded! 1', 'waiting 1']])
  assert.deepEqual(found.onServer, { inbox: 2, unread: 1, known: 1, errorFolder: 2 })
})

test('appended while it is looked at: nothing is lost, then it waits', { skip, timeout: 60_000 }, async (context) => {
  const { dovecot, office, server, ledger } = await ground(context)
  for (let count = 0; count < 400; count++) dovecot.deliver('it', mailOf(`m${count}`, `mail ${count}`))
  await office.fetch(server)
  const stop = new AbortController()
  const appending = asAnotherProgram(dovecot, async (client) => {
    let appended = 0
    for (; !stop.signal.aborted; appended++) await client.append('INBOX', mailOf(`late${appended}`, 'late'))
    return appended
  })
  await sleep(100)
  const checks = []
  for (let times = 0; times < 5; times++) checks.push(await ledger.check('it'))
  stop.abort()
  const appended = await appending
  for (const { verdict, onServer, differences } of checks) {
    assert.equal(verdict, 'nothing-lost')
    assert.equal(onServer.known + differences.reduce((sum, { count }) => sum + count, 0), onServer.inbox)
  }
  assert.deepEqual(differing(await ledger.check('it')), [`waiting ${appended}`])
})

test('a folder that is made anew (UIDVALIDITY): compared by Message-ID, nothing twice', { skip, timeout: 60_000 }, async (context) => {
  const { dovecot, office, server, ledger } = await ground(context, { folder: 'Tickets' })
  const refill = (flags: string): Promise<void> =>
    asAnotherProgram(dovecot, async (client) => {
      if ((await client.list()).some(({ path }) => path === 'Tickets')) await client.mailboxDelete('Tickets')
      // Dovecot numbers by the second in which a folder is made.
      await sleep(1_100)
      await client.mailboxCreate('Tickets')
      for (const id of ['1', '2', '3']) await client.append('Tickets', mailOf(id, `mail ${id}`), flags === '' ? [] : [flags])
    })
  await refill('')
  assert.equal((await office.fetch(server)).requests, 3)
  await refill('\\Seen')
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found), found.onServer.known], ['nothing-lost', ['renumbered 3'], 3])
  assert.match(found.differences[0]?.title ?? '', /UIDVALIDITY/)
  assert.equal((await office.fetch(server)).requests, 0)
})

test('killed between commit and marking: unfinished, and the next round finishes it', { skip, timeout: 120_000 }, async (context) => {
  const { dovecot, dataFolder, office, server } = await ground(context)
  await office.close()
  for (let count = 0; count < 120; count++) dovecot.deliver('it', mailOf(`k${count}`, `mail ${count}`))
  const chance = createChance(5)
  let seenUnfinished = 0
  for (let kill = 0; kill < 8; kill++) {
    await fetchAndKill(dataFolder, dovecot.password, server, 1 + (kill % 3), chance.draw() * 10)
    const again = await openFetchOffice(dataFolder, dovecot.password)
    const found = await ledgerOf(dovecot, server, again).check('it')
    assert.equal(found.verdict, 'nothing-lost', JSON.stringify(found.differences))
    const of = (kind: string): number => found.differences.find((one) => one.kind === kind)?.count ?? 0
    assert.equal(found.onServer.known + of('waiting'), 120)
    seenUnfinished += of('unfinished')
    await again.close()
  }
  assert.ok(seenUnfinished > 0, 'no kill came between commit and marking')
  const last = await openFetchOffice(dataFolder, dovecot.password)
  context.after(() => last.close())
  assert.equal((await last.fetch(server)).problem, null)
  const found = await ledgerOf(dovecot, server, last).check('it')
  assert.deepEqual([found.verdict, differing(found), found.inLedger], ['nothing-lost', [], [{ outcome: 'request', count: 120 }]])
})

/** Kills a fetching process some milliseconds after its nth batch of five. */
async function fetchAndKill(dataFolder: string, secret: string, server: IncomingServer, batches: number, laterMs: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../testbed/fetch-office.ts'), dataFolder, secret, JSON.stringify({ port: server.port, push: false })], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let told = -1
  for await (const line of createInterface(child.stdout)) {
    if (line === '' || ++told < batches) continue
    await sleep(laterMs)
    child.kill('SIGKILL')
    break
  }
  await ended
}

test('a server that is down is an answer, not a failure', { skip, timeout: 60_000 }, async (context) => {
  const { dovecot, office, server } = await ground(context)
  const gone = { ...server, port: 1 }
  const found = await ledgerOf(dovecot, gone, office).check('it')
  assert.deepEqual([found.verdict, found.problem?.code, found.differences], ['not-reachable', 'connection-refused', []])
})
