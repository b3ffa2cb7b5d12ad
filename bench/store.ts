import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Transaction } from '../src-main/database/database.ts'
import type { ExplainedStep } from '#contract/message.ts'
import { contentsTable } from '../src-main/database/contents-table.ts'
import { entriesTable } from '../src-main/database/entries-table.ts'
import { ledgerTable } from '../src-main/database/ledger-table.ts'
import { requestsTable } from '../src-main/database/requests-table.ts'
import { threadsTable } from '../src-main/database/threads-table.ts'
import { openDatabase } from '../src-main/database/open-database.ts'

// Fills a database with requests as the pipeline writes them and measures, in a process of its own, what a user waits for.
// Usage: node bench/store.ts [requests]
const aims = { ms: 50, megabytes: 150 }
const [first = '100000', measured] = process.argv.slice(2)
// The last 5,000 are the commits that are measured.
const beforehand = Math.max(0, Number(first) - 5000)
const folder = measured ?? (await mkdtemp(join(tmpdir(), 'mailroom-store-')))
const open = () => openDatabase({ folder, dataKey: Buffer.alloc(32, 5), log: { warning: (text) => console.error(text) } })
const filter = (query: string) => ({ limit: 100, before: null, query, server: null })
const words = 'printer screen invoice password projector network slow broken new laptop cannot open file door meeting room account reset please urgent monday mail server vpn update window offer contract'.split(' ')
const word = (seed: number) => words[seed % words.length] ?? ''

if (measured !== undefined) for (const line of await measure()) console.log(JSON.stringify(line))
else
  try {
    console.log(JSON.stringify(await fill()))
    // The bench's own garbage is not the store's: a small young space keeps it out of the figure.
    execFileSync(process.execPath, ['--max-semi-space-size=2', fileURLToPath(import.meta.url), first, folder], { stdio: ['ignore', 'inherit', 'inherit'] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }

async function fill() {
  const database = await open()
  const started = performance.now()
  const times: number[] = []
  for (let number = 1; number <= beforehand; number += 50) times.push(await timed(() => database.transaction((transaction) => addFifty(transaction, number))))
  const seconds = (performance.now() - started) / 1000
  await database.close()
  return { what: 'fill', requests: beforehand, seconds: round(seconds), commit: spread(times), diskMegabytes: round((await sizeOf(folder)) / 1e6) }
}

async function measure() {
  const before = process.memoryUsage().rss
  const started = performance.now()
  const database = await open()
  const openMs = performance.now() - started
  const opened = grownSince(before)
  const commits = await repeat(100, (index) => database.transaction((transaction) => addFifty(transaction, beforehand + 1 + index * 50)))
  const firstPage = await repeat(50, () => requestsTable.page(database, filter('')))
  const total = await repeat(20, () => requestsTable.count(database, filter('')))
  const search = await repeat(20, () => requestsTable.page(database, filter('no such text')))
  const searchCount = await repeat(20, () => requestsTable.count(database, filter('no such text')))
  const searchFew = await repeat(20, () => requestsTable.page(database, filter('vpn update')))
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const grown = grownSince(before)
  await database.close()
  const line = (what: string, times: number[]) => ({ what, ...spread(times), good: spread(times).p99 < aims.ms })
  return [
    { what: 'open', ms: round(openMs) },
    line('commit of 50 more', commits),
    line('first page', firstPage),
    line('count', total),
    line('search without a match', search),
    line('count of a search', searchCount),
    line('search with matches', searchFew),
    { what: 'memory', afterOpening: opened, megabytes: grown, good: grown < aims.megabytes }
  ]
}

async function addFifty(transaction: Transaction, first: number): Promise<void> {
  const numbers = Array.from({ length: 50 }, (_, index) => first + index)
  const rows = numbers.map(oneRequest)
  await contentsTable.add(transaction, rows.map(({ number, address }) => ({ address, place: { pack: 1, offset: number * 14_000, length: 14_028 }, size: 14_000 })))
  await requestsTable.add(transaction, rows.map(({ number, subject, requester, messageId, at }) => ({ number, subject, status: 'open', requester, partition: '', server: 'it', messageId, createdAt: at, replies: 0, attachments: 1, values: {} })))
  await entriesTable.add(transaction, rows.map(({ number, address, at, steps }) => ({ id: number, request: number, kind: 'request', content: address, receivedAt: at, steps, stripped: [], originalKept: false })))
  await threadsTable.add(transaction, rows.map(({ number, messageId }) => ({ messageId, request: number })))
  await ledgerTable.add(transaction, rows.map(({ number, fingerprint, at }) => ({ server: 1, identity: '1732167000', uid: String(number), fingerprint, outcome: 'request', reason: null, request: number, error: null, acknowledged: false, at, headline: null })))
}

function oneRequest(number: number) {
  const subject = `${word(number)} ${word(number * 7 + 1)} ${word(number * 13 + 2)} ${word(number * 3 + 5)} in room ${number % 977}`
  const sentences = [
    `The message has ${4000 + (number % 9000)} bytes: text, 0 attachments.`,
    'Nothing shows that this is automatic mail.',
    'This message was not taken before.',
    'Addressed to it@example.com.',
    'The message begins a conversation: its subject names no request, and it answers no message.',
    'New requests by e-mail are allowed.',
    'The message has no attachments.'
  ]
  const names = ['readable', 'loop-guard', 'already-seen', 'recipients', 'conversation', 'new-requests', 'attachments']
  const passed = sentences.map((detail, index): ExplainedStep => ({ step: names[index] ?? '', outcome: 'pass', detail }))
  const steps: ExplainedStep[] = [...passed, { step: 'outcome', outcome: 'request', detail: `A new request is made: ${subject}` }]
  return {
    number,
    address: randomBytes(18).toString('base64url'),
    fingerprint: randomBytes(32).toString('hex'),
    messageId: `<${randomBytes(16).toString('hex')}.${number}@mail${number % 300}.example.com>`,
    at: new Date(1_790_000_000_000 + number * 1000).toISOString(),
    subject,
    requester: `person${number % 5000}@department${number % 40}.example.com`,
    steps
  }
}

function grownSince(before: number): number {
  return round((process.memoryUsage().rss - before) / 1e6)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function repeat(times: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const all: number[] = []
  for (let index = 0; index < times; index += 1) all.push(await timed(() => work(index)))
  return all
}

function spread(times: number[]): { median: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b)
  return { median: round(sorted[Math.floor(sorted.length / 2)] ?? 0), p99: round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0) }
}

async function sizeOf(path: string): Promise<number> {
  const sizes = await Promise.all((await readdir(path)).map(async (name) => (await stat(join(path, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
