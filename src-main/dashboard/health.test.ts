import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncomingState } from '#contract/incoming-server.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import type { Health } from '#contract/health.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { systemClock } from '../fetching/clock.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createHealthInTime } from './health-in-time.ts'
import { createLookAtHealth, healthWithout } from './look-at-health.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString()
const well: IncomingState = { fetching: 'waiting', progress: null, lastRound: null, lastSuccessAt: ago(30), nextRoundAt: ago(-30), failuresInARow: 0, failingSince: null, problem: null, stuckSince: null, delayedUntil: null }
const roomy = { free: 500e9, total: 1000e9 }
type Server = { name: string; enabled?: boolean; draft?: boolean; state?: Partial<IncomingState> }

async function look(servers: Server[], { disk = roomy, begunAt = now - 3_600_000, prepare = async () => undefined }: { disk?: typeof roomy; begunAt?: number | null; prepare?: (database: ReturnType<typeof createMemoryDatabase>) => Promise<unknown> } = {}): Promise<Health> {
  const database = createMemoryDatabase()
  await prepare(database)
  return createLookAtHealth({
    database, tables: mailTables, settings: async () => settingsSchema.parse({}), diskRoom: async () => disk, now: () => now,
    stateOf: (id) => ({ ...well, ...servers[id - 1]?.state }),
    sources: { incoming: async () => servers.map(({ name, enabled = true, draft = false }, index) => ({ id: index + 1, server: testServer({ name, enabled }), ready: draft ? null : testServer({ name, enabled }), issues: [], lastTest: null })) }
  })(begunAt)
}

test('all is well: time since the last good round and since the last mail are told apart', async () => {
  const found = await look([{ name: 'it' }], { prepare: (database) => database.transaction((transaction) => mailTables.lastMails.put(transaction, 1, ago(7_200))) })
  assert.deepEqual(found, {
    alive: true, working: true, at: ago(0), reasons: [],
    servers: [{ name: 'it', working: true, reasons: [], fetching: 'waiting', problem: null, failuresInARow: 0, lastSuccessAt: ago(30), secondsSinceSuccess: 30, lastMailAt: ago(7_200), secondsSinceMail: 7_200 }]
  })
})

test('reasons are counted over servers; drafts and servers that nobody started are left out', async () => {
  const problem = { code: 'connection-refused', host: 'x', port: 1 } as const
  const failing = { fetching: 'failing', problem, failuresInARow: 6 } as const
  const found = await look([{ name: 'a', state: failing }, { name: 'b', state: failing }, { name: 'c', state: { stuckSince: ago(90), fetching: 'fetching' } }, { name: 'd', enabled: false }, { name: 'e', draft: true }], {
    prepare: (database) => database.transaction((transaction) => mailTables.silences.put(transaction, { server: 3, since: ago(40_000) }))
  })
  assert.deepEqual([found.working, found.reasons], [false, [{ code: 'server-failing', count: 2 }, { code: 'round-stuck', count: 1 }, { code: 'mailbox-silent', count: 1 }]])
  assert.deepEqual(found.servers.map(({ name, working, reasons, problem: code }) => [name, working, reasons, code]), [['a', false, ['server-failing'], 'connection-refused'], ['b', false, ['server-failing'], 'connection-refused'], ['c', false, ['round-stuck', 'mailbox-silent'], null]])
})

test('what concerns the console: not begun yet, a disk that fills, mail that does not get out', async () => {
  const found = await look([], { begunAt: null, disk: { free: 1e6, total: 1e12 }, prepare: (database) => database.transaction((transaction) => mailTables.standingNotices.add(transaction, { kind: 'mail-waits', server: 'Mailroom', since: ago(9_000) })) })
  assert.deepEqual(found.reasons.map(({ code }) => code), ['starting', 'disk-filling', 'outbox-waits'])
})

test('a locked vault is told without a core', async () => {
  const found = await createHealthInTime({ look: () => null, clock: { ...systemClock, now: () => now }, report: (thrown) => assert.fail(String(thrown)) })()
  assert.deepEqual(found, healthWithout('vault-locked', now))
})

test('a core that does not answer in time, or fails, is told, and nobody waits longer', async () => {
  const reported: unknown[] = []
  const clock = { ...systemClock, now: () => now }
  const begun = performance.now()
  const busy = await createHealthInTime({ look: () => new Promise(() => undefined), clock, report: (thrown) => reported.push(thrown), mostMs: 50 })()
  assert.ok(performance.now() - begun < 1_000)
  const broken = await createHealthInTime({ look: async () => Promise.reject(new Error('no database')), clock, report: (thrown) => reported.push(thrown) })()
  assert.deepEqual([busy, broken].map(({ working, reasons }) => [working, reasons[0]?.code]), [[false, 'not-answering'], [false, 'not-answering']])
  assert.equal(reported.length, 1)
})
