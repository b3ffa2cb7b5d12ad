import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dashboard } from '#contract/dashboard.ts'
import type { RoundResult } from '#contract/incoming-server.ts'
import type { Problem } from '#contract/problem.ts'
import { ProblemError } from '#contract/problem.ts'
import { createRig, createWorld, mailOf, testServer, type World } from '../../testbed/fetching-rig.ts'
import { systemClock } from '../fetching/clock.ts'
import { handOverTable } from '../database/hand-over-table.ts'
import { mailTables } from '../database/mail-tables.ts'
import { nativeServerId } from '../receiving/native-origin.ts'
import type { StoredIncomingServer } from '../servers/server-sources.ts'
import { createDashboard } from './create-dashboard.ts'
import { createRoundTally } from './round-tally.ts'
import { createSampleQueues } from './sample-queues.ts'

const noon = Date.parse('2026-11-20T12:30:00Z')
const tables = { ...mailTables, handOver: handOverTable }
const stored = (id: number, name: string): StoredIncomingServer => ({ id, server: testServer({ name }), ready: testServer({ name }), issues: [], lastTest: null })
const sources = {
  incoming: async () => [stored(1, 'it'), stored(2, 'hr')],
  incomingNamed: async (name: string) => (name === 'it' ? stored(1, 'it') : name === 'hr' ? stored(2, 'hr') : Promise.reject(new ProblemError({ code: 'not-found', what: 'incoming server', name, nearest: 'it' })))
}
const clockAt = (start: number) => {
  const timers: { at: number; work: () => void }[] = []
  const clock = { time: start, now: () => clock.time, after: (ms: number, work: () => void) => { const timer = { at: clock.time + ms, work }; timers.push(timer); return () => void timers.splice(timers.indexOf(timer) >>> 0, timers.includes(timer) ? 1 : 0) }, timers }
  return clock
}
const ask = (world: World, input: { hours?: 24 | 168 | 720; server?: string | null; offsetMinutes?: number } = {}, now = noon): Promise<Dashboard> =>
  createDashboard({ database: world.database, tables, sources, now: () => now })({ hours: 24, server: null, offsetMinutes: 0, ...input })
const round = (problem: Problem | null = null): RoundResult => ({ server: 'it', seconds: 1, startedAt: '', problem, fetched: 0, requests: 0, replies: 0, commands: 0, dropped: 0, errors: 0 })
const refused: Problem = { code: 'connection-refused', host: 'mail.example.com', port: 993 }

/** Mail of 08:00 that is fetched at half past twelve. */
async function fetched(world: World, ...mails: string[]): Promise<void> {
  world.mail.deliver(...mails)
  const rig = createRig(world, { clock: { ...systemClock, now: () => noon } })
  assert.equal((await rig.round()).result.problem, null)
}

test('mail is counted by outcome in its hour, with its delay, in the transaction of its outcome', async () => {
  const world = createWorld()
  await fetched(world, mailOf('1', 'one'), mailOf('2', 'two'), mailOf('3', '##RE-1## again'), mailOf('4', 'spam'), mailOf('5', 'bad'))
  const { traffic, delay, servers, stepHours } = await ask(world)
  assert.deepEqual([stepHours, traffic.length], [1, 24])
  assert.deepEqual(traffic.at(-1), { at: '2026-11-20T12:00:00.000Z', request: 2, reply: 1, command: 0, dropped: 1, error: 1 })
  assert.deepEqual(traffic.slice(0, -1).filter(({ request, reply, dropped, error }) => request + reply + dropped + error > 0), [])
  // All took four and a half hours: the class from four hours to a day.
  assert.deepEqual(delay.at(-1), { at: '2026-11-20T12:00:00.000Z', median: 50_400, p95: 82_800 })
  assert.deepEqual(delay.at(-2), { at: '2026-11-20T11:00:00.000Z', median: null, p95: null })
  assert.deepEqual(servers, [
    { server: 'hr', messages: 0, errors: 0, rounds: 0, failed: 0, medianDelay: null, lastMailAt: null, silentSince: null },
    { server: 'it', messages: 5, errors: 1, rounds: 0, failed: 0, medianDelay: 50_400, lastMailAt: '2026-11-20T12:30:00.000Z', silentSince: null }
  ])
})

test('a commit that fails counts nothing, and the same mail counts once when it is committed', async () => {
  const world = createWorld()
  world.mail.deliver(mailOf('1', 'one'))
  const fault = { is: true }
  const rig = createRig(world, { clock: { ...systemClock, now: () => noon }, step: (name) => { if (name === 'commit' && fault.is) throw new ProblemError({ code: 'disk-full', folder: '/data' }) } })
  assert.equal((await rig.round()).result.problem?.code, 'disk-full')
  assert.equal((await ask(world)).traffic.at(-1)?.request, 0)
  fault.is = false
  assert.equal((await rig.round()).result.problem, null)
  assert.deepEqual((await world.database.all('SELECT * FROM traffic_hours')).map((row) => ({ ...row })), [{ hour: '2026-11-20T12', server: 1, outcome: 'request', messages: 1 }])
})

test('a batch of fifty is a handful of rows', async () => {
  const world = createWorld()
  await fetched(world, ...Array.from({ length: 50 }, (_, index) => mailOf(String(index), index % 10 === 0 ? 'bad' : `mail ${index}`)))
  const rows = async (table: string): Promise<number> => (await world.database.all(`SELECT * FROM ${table}`)).length
  assert.deepEqual([await rows('traffic_hours'), await rows('delay_hours'), await rows('last_mails')], [2, 1, 1])
})

test('one server alone, native mail, files and servers that are gone', async () => {
  const world = createWorld()
  await world.database.transaction(async (transaction) => {
    const add = (server: number, messages: number) => tables.trafficHours.add(transaction, [{ hour: '2026-11-20T11', server, outcome: 'request', messages }])
    for (const [server, messages] of [[1, 1], [2, 2], [7, 4], [8, 8], [0, 16], [nativeServerId, 32]] as const) await add(server, messages)
    await tables.silences.put(transaction, { server: 2, since: '2026-11-19T10:00:00.000Z' })
  })
  const all = await ask(world)
  assert.equal(all.traffic.at(-2)?.request, 63)
  assert.deepEqual(all.servers.map(({ server, messages, silentSince }) => [server, messages, silentSince]), [['(deleted servers)', 12, null], ['(files)', 16, null], ['Native mail', 32, null], ['hr', 2, '2026-11-19T10:00:00.000Z'], ['it', 1, null]])
  const hr = await ask(world, { server: 'hr' })
  assert.deepEqual([hr.traffic.at(-2)?.request, hr.servers.map(({ server }) => server)], [2, ['hr']])
  assert.equal((await ask(world, { server: 'Native mail' })).traffic.at(-2)?.request, 32)
  await assert.rejects(ask(world, { server: 'its' }), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'not-found')
})

test('days begin at midnight of the clock that asks', async () => {
  const world = createWorld()
  await world.database.transaction((transaction) => tables.trafficHours.add(transaction, [{ hour: '2026-11-19T23', server: 1, outcome: 'request', messages: 1 }]))
  assert.deepEqual((await ask(world, { hours: 720 })).traffic.slice(-2).map(({ request }) => request), [1, 0])
  assert.deepEqual((await ask(world, { hours: 720, offsetMinutes: 60 })).traffic.slice(-2).map(({ request }) => request), [0, 1])
})

test('rounds are kept in memory until there is a transaction, and what came meanwhile stays', async () => {
  const world = createWorld()
  const heard: RoundResult[] = []
  const tally = createRoundTally({ tables, now: () => noon, heard: (result) => void heard.push(result) })
  for (const problem of [null, null, refused, { code: 'delayed-by-provider', server: 'it', until: '', serverSaid: '' } as const, { code: 'cancelled' } as const]) tally.ended(1, round(problem))
  tally.ended(2, round())
  assert.equal(heard.length, 6)
  const done = await world.database.transaction(async (transaction) => {
    const kept = await tally.keep(transaction, 1)
    tally.ended(1, round(refused))
    return kept
  })
  done()
  assert.deepEqual((await ask(world)).rounds.at(-1), { at: '2026-11-20T12:00:00.000Z', rounds: 4, failed: 1 })
  await world.database.transaction((transaction) => tally.keep(transaction, null)).then((kept) => kept())
  await world.database.transaction((transaction) => tally.keep(transaction, null)).then((kept) => kept())
  assert.deepEqual((await ask(world)).rounds.at(-1), { at: '2026-11-20T12:00:00.000Z', rounds: 6, failed: 2 })
})

test('what is not written because the transaction failed is written with the next one', async () => {
  const world = createWorld()
  const tally = createRoundTally({ tables, now: () => noon, heard: () => undefined })
  tally.ended(1, round())
  await assert.rejects(world.database.transaction(async (transaction) => {
    await tally.keep(transaction, 1)
    throw new Error('disk')
  }))
  await world.database.transaction((transaction) => tally.keep(transaction, 1)).then((kept) => kept())
  assert.equal((await ask(world)).rounds.at(-1)?.rounds, 1)
})

const waits: [name: string, act: (tally: ReturnType<typeof createRoundTally>) => void, waiting: number | undefined][] = [
  ['nothing was seen yet', () => undefined, undefined],
  ['a round found nothing', (tally) => tally.ended(1, round()), 0],
  ['a round is under way', (tally) => tally.progressed(1, { done: 3, total: 10 }), 7],
  ['a round broke off', (tally) => { tally.progressed(1, { done: 3, total: 10 }); tally.ended(1, round(refused)) }, 7],
  ['a round did not get to the mailbox', (tally) => { tally.progressed(1, { done: 3, total: 10 }); tally.ended(1, round(refused)); tally.ended(1, round(refused)) }, 7],
  ['a later round found nothing', (tally) => { tally.progressed(1, { done: 3, total: 10 }); tally.ended(1, round(refused)); tally.ended(1, round()) }, 0],
  ['a round took all', (tally) => { tally.progressed(1, { done: 10, total: 10 }); tally.ended(1, round()) }, 0]
]
for (const [name, act, waiting] of waits)
  test(`messages waiting on a server after ${name}`, () => {
    const tally = createRoundTally({ tables, now: () => noon, heard: () => undefined })
    act(tally)
    assert.equal(tally.waiting().get(1), waiting)
  })

test('queues are looked at from the beginning on, every five minutes, and old counts go once a day', async () => {
  const world = createWorld()
  const clock = clockAt(noon)
  const tally = createRoundTally({ tables, now: clock.now, heard: () => undefined })
  const unexpected: unknown[] = []
  world.settings.alerts.applicationErrors.enabled = false
  await fetched(world, mailOf('1', 'bad'), mailOf('2', 'bad too'))
  tally.progressed(1, { done: 1, total: 6 })
  // Of a server that was deleted while mail waited on it nobody can say any more how much does.
  tally.progressed(9, { done: 0, total: 8 })
  await world.database.transaction(async (transaction) => {
    await tables.trafficHours.add(transaction, [{ hour: '2025-10-01T00', server: 1, outcome: 'request', messages: 1 }])
    await tables.queueSamples.add(transaction, [{ at: '2026-10-01T00:00:00.000Z', queue: 'outbox', length: 9 }])
  })
  const samples = createSampleQueues({ database: world.database, tables, sources, tally, clock, reportUnexpected: (thrown) => unexpected.push(thrown) })
  await samples.sample()
  assert.deepEqual((await world.database.all('SELECT queue, length FROM queue_samples ORDER BY queue')).map((row) => ({ ...row })), [{ queue: 'errors 1', length: 2 }, { queue: 'outbox', length: 0 }, { queue: 'waiting 1', length: 5 }])
  assert.equal((await world.database.all(`SELECT * FROM traffic_hours WHERE hour < '2026'`)).length, 0)
  clock.time += 300_000
  tally.progressed(1, { done: 4, total: 6 })
  await samples.sample()
  assert.deepEqual((await ask(world, {}, clock.time)).queues.at(-1), { at: '2026-11-20T12:00:00.000Z', outbox: 0, handOver: 0, errorFolder: 2, waitingOnServers: 5 })
  assert.deepEqual((await ask(world, { server: 'hr' }, clock.time)).queues.at(-1), { at: '2026-11-20T12:00:00.000Z', outbox: 0, handOver: 0, errorFolder: 0, waitingOnServers: 0 })
  samples.begin()
  tally.ended(1, round())
  await samples.close()
  assert.deepEqual([clock.timers.length, unexpected], [0, []])
  assert.equal((await ask(world, {}, clock.time)).rounds.at(-1)?.rounds, 1)
})
