import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, Transaction } from '../src-main/database/database.ts'
import { contentsTable } from '../src-main/database/contents-table.ts'
import { entriesTable } from '../src-main/database/entries-table.ts'
import { ledgerTable } from '../src-main/database/ledger-table.ts'
import { ledgerViews } from '../src-main/database/ledger-views.ts'
import { openDatabase } from '../src-main/database/open-database.ts'
import { requestsTable } from '../src-main/database/requests-table.ts'
import { threadsTable } from '../src-main/database/threads-table.ts'
import { createTransports } from '../src-main/mail/transports.ts'
import { startDovecot } from '../testbed/dovecot.ts'
import { plainServer } from '../testbed/fetch-office.ts'
import { mailOf } from '../testbed/fetching-rig.ts'
import { differing, ledgerOver } from '../testbed/ledger-over.ts'
import { passwordConnection } from '../testbed/password-connection.ts'
import { transportNeeds } from '../testbed/transport-needs.ts'

// What a person waits for on the page Ledger, and how long a mailbox of many messages takes to be reconciled.
// Usage: node bench/ledger.ts [rows] [messages in the inbox]
const [rows = 100_000, messages = 20_000] = process.argv.slice(2).map(Number)
const folder = await mkdtemp(join(tmpdir(), 'mailroom-ledger-bench-'))
const database = await openDatabase({ folder, dataKey: Buffer.alloc(32, 5), log: { warning: (text) => console.error(text) } })
try {
  await fill(database)
  const all = { serverId: null, outcome: null, query: '' }
  await told('first page', () => ledgerViews.page(database, all, 200, null))
  await told('page in the middle', () => ledgerViews.page(database, all, 200, rows / 2))
  await told('counts', () => ledgerViews.counts(database, all))
  await told('first page of one server', () => ledgerViews.page(database, { ...all, serverId: 3 }, 200, null))
  await told('counts of one server', () => ledgerViews.counts(database, { ...all, serverId: 3 }))
  await told('first page of one outcome', () => ledgerViews.page(database, { ...all, outcome: 'error' }, 200, null))
  await told('text that is often there', () => ledgerViews.page(database, { ...all, query: 'printer' }, 200, null))
  await told('text that is nowhere', () => ledgerViews.page(database, { ...all, query: 'no such text' }, 200, null))
  await told('counts of a text', () => ledgerViews.counts(database, { ...all, query: 'printer' }))
  await told('rows that name what is missing', () => ledgerViews.dangling(database, 1))
  await reconciled(database)
} finally {
  await database.close()
  await rm(folder, { recursive: true, force: true })
}

async function fill(into: Database): Promise<void> {
  const begun = performance.now()
  for (let first = 1; first <= rows; first += 500) await into.transaction((transaction) => addSome(transaction, first))
  console.log(JSON.stringify({ what: 'fill', rows, seconds: Math.round(performance.now() - begun) / 1000 }))
}

async function addSome(transaction: Transaction, first: number): Promise<void> {
  const some = Array.from({ length: 500 }, (_none, index) => ({ number: first + index, address: randomBytes(18).toString('base64url'), at: new Date(1_790_000_000_000 + (first + index) * 1000).toISOString() }))
  const made = some.filter(({ number }) => number % 10 !== 0)
  await contentsTable.add(transaction, made.map(({ number, address }) => ({ address, place: { pack: 1, offset: number * 14_000, length: 14_028 }, size: 14_000 })))
  await requestsTable.add(transaction, made.map(({ number, at }) => ({ number, subject: subjectOf(number), status: 'open', requester: `person${number % 5000}@example.com`, partition: '', server: 'it', messageId: `<${number}@example.com>`, createdAt: at, replies: 0, attachments: 0, values: {} })))
  await entriesTable.add(transaction, made.map(({ number, address, at }) => ({ id: number, request: number, kind: 'request', content: address, receivedAt: at, steps: [], stripped: [], originalKept: false })))
  await threadsTable.add(transaction, made.map(({ number }) => ({ messageId: `<${number}@example.com>`, request: number })))
  await ledgerTable.add(transaction, some.map(({ number, at }) => ({
    server: number % 50 === 1 ? 3 : 1, identity: 'INBOX;1', uid: String(number), fingerprint: randomBytes(16).toString('hex'), outcome: number % 50 === 0 ? 'error' : number % 10 === 0 ? 'dropped' : 'request', reason: null,
    request: number % 10 === 0 ? null : number, error: null, acknowledged: true, at, headline: number % 10 === 0 ? { subject: subjectOf(number), sender: `robot${number % 50}@example.com`, messageId: `<${number}@example.com>` } : null
  })))
}

function subjectOf(number: number): string {
  return `${['printer', 'screen', 'invoice', 'password'][number % 4]} in room ${number % 977}`
}

async function told(what: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let count = 0; count < 15; count++) {
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  times.sort((a, b) => a - b)
  console.log(JSON.stringify({ what, median: Math.round(times[7] ?? 0), most: Math.round(times.at(-1) ?? 0) }))
}

/** Half of the inbox is known, the rest was read by somebody else. */
async function reconciled(over: Database): Promise<void> {
  const dovecot = await startDovecot({ inMemory: true })
  try {
    for (let count = 1; count <= messages; count++) dovecot.deliver('it', mailOf(String(count), `mail ${count}`), { flags: 'S' })
    const server = plainServer({ port: dovecot.ports.imap, push: false })
    const ledger = ledgerOver({ database: over, servers: new Map([[1, server]]), transport: createTransports(transportNeeds()).incoming.imap, connection: async () => passwordConnection('it', dovecot.password), addedAt: '2026-01-01T00:00:00Z' })
    for (let times = 0; times < 3; times++) {
      const before = process.memoryUsage.rss()
      const begun = performance.now()
      const found = await ledger.reconcile({ name: 'it', workId: randomUUID() })
      console.log(JSON.stringify({ what: 'reconcile', inbox: found.onServer.inbox, known: found.onServer.known, differing: differing(found), seconds: Math.round(performance.now() - begun) / 1000, rssGrowthMegabytes: Math.round((process.memoryUsage.rss() - before) / 1e6) }))
    }
  } finally {
    await dovecot.stop()
  }
}
