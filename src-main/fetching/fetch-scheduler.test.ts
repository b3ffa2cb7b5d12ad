import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Events } from '#contract/events.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createRig, createWorld, mailOf, testServer, type Rig, type World } from '../../testbed/fetching-rig.ts'
import { createHeldClock, type HeldClock } from '../../testbed/held-clock.ts'
import type { StoredIncomingServer } from '../servers/server-sources.ts'
import { createWorks } from '../work/works.ts'
import { createFetchRound } from './fetch-round.ts'
import { createFetchScheduler, type FetchScheduler } from './fetch-scheduler.ts'

type Office = { clock: HeldClock; world: World; rig: Rig; servers: StoredIncomingServer[]; scheduler: FetchScheduler; opens: () => number[]; fail: (problem: Problem | null) => void; notices: () => Promise<string[]> }
const who = { who: 'test' }
const work = (): { workId: string } => ({ workId: `work-${Math.random()}` })
const unreachable: Problem = { code: 'host-unreachable', host: 'mail.example.com', port: 993 }
const refused: Problem = { code: 'credentials-refused', server: 'it', user: 'it', serverSaid: 'no' }

/** A scheduler over one fake mail server for all servers; `opens` tells after how many seconds connections were opened. */
function createOffice(servers: Partial<IncomingServer>[] = [{}], options: { push?: boolean; step?: (name: string) => Promise<void> | void; roundsAtOnce?: number } = {}): Office {
  const clock = createHeldClock()
  const begun = clock.now()
  const world = createWorld({ push: options.push ?? false, clock })
  const openedAt: number[] = []
  let failure: Problem | null = null
  const step = (name: string): Promise<void> | void => {
    if (name === 'open') openedAt.push((clock.now() - begun) / 1000)
    if (name === 'open' && failure !== null) throw new ProblemError(failure)
    return options.step?.(name)
  }
  const rig = createRig(world, { clock, step })
  const stored = servers.map((changes, index): StoredIncomingServer => {
    const server = testServer({ name: index === 0 ? 'it' : `it${index}`, enabled: true, ...changes })
    return { id: index + 1, server, ready: server, issues: [], lastTest: null }
  })
  const scheduler = createFetchScheduler({
    ...rig, works: createWorks(), chance: () => 0.5, round: createFetchRound(rig),
    roundsAtOnce: options.roundsAtOnce ?? 20,
    sources: {
      incoming: async () => stored,
      incomingNamed: async (name) => stored.find(({ server }) => server.name === name) ?? Promise.reject(new ProblemError({ code: 'not-found', what: 'incoming server', name, nearest: null })),
      settings: rig.settings
    },
    setEnabled: async (id, enabled) => {
      const one = stored.find((candidate) => candidate.id === id)
      if (one === undefined || one.server.enabled === enabled) return false
      one.server = { ...one.server, enabled }
      if (one.ready !== null) one.ready = { ...one.ready, enabled }
      return true
    }
  })
  const notices = async (): Promise<string[]> => (await world.database.all('SELECT kind FROM notices ORDER BY id')).map(({ kind }) => String(kind))
  return { clock, world, rig, servers: stored, scheduler, opens: () => openedAt, fail: (problem) => void (failure = problem), notices }
}

test('fetches at once and then at its interval', async () => {
  const { clock, scheduler, opens, world } = createOffice()
  await scheduler.begin()
  await clock.pass(130_000)
  assert.deepEqual(opens(), [0, 60, 120])
  assert.equal(world.mail.open, 0)
  assert.equal(scheduler.stateOf(1).fetching, 'waiting')
  assert.equal(scheduler.stateOf(1).nextRoundAt, '2026-11-20T08:03:00.000Z')
  await scheduler.close()
})

test('how the last round went is known after a restart', async () => {
  const { clock, scheduler, world, rig, servers, fail } = createOffice()
  fail(unreachable)
  const failed = await scheduler.fetch({ name: 'it', ...work() })
  await clock.pass(1_000)
  await scheduler.close()
  const remembered = await rig.tables.health.all(world.database)
  const again = createFetchScheduler({
    ...rig, works: createWorks(), chance: () => 0.5, round: createFetchRound(rig), remembered, setEnabled: async () => false,
    sources: { incoming: async () => servers, incomingNamed: async () => servers[0]!, settings: rig.settings }
  })
  const { lastRound, problem, failuresInARow, fetching } = again.stateOf(1)
  assert.deepEqual([lastRound, problem?.code, failuresInARow, fetching], [failed, 'host-unreachable', 1, 'stopped'])
  await again.close()
})

test('a changed interval takes effect at the next poll', async () => {
  const { clock, scheduler, opens, servers } = createOffice()
  await scheduler.begin()
  await clock.pass(1_000)
  servers[0]!.ready = { ...servers[0]!.ready!, fetchEveryMs: 10_000 }
  await clock.pass(84_000)
  assert.deepEqual(opens(), [0, 60, 70, 80])
  await scheduler.close()
})

const patience: [string, Problem, number, number[]][] = [
  ['an unreachable server is tried again soon, then less often', unreachable, 80, [0, 5, 15, 35, 75]],
  ['a refused password is not hammered', refused, 3000, [0, 900, 2700]]
]
for (const [title, problem, seconds, expected] of patience)
  test(title, async () => {
    const { clock, scheduler, opens, fail } = createOffice()
    fail(problem)
    await scheduler.begin()
    await clock.pass(seconds * 1000)
    assert.deepEqual(opens(), expected)
    const state = scheduler.stateOf(1)
    assert.deepEqual([state.fetching, state.problem, state.failuresInARow, state.failingSince], ['failing', problem, expected.length, '2026-11-20T08:00:00.000Z'])
    await scheduler.close()
  })

test('connectivity is told lost once and back once', async () => {
  const { clock, scheduler, fail, notices, rig } = createOffice()
  fail(unreachable)
  await scheduler.begin()
  await clock.pass(36_000)
  assert.deepEqual(await notices(), [])
  await clock.pass(3_600_000)
  assert.deepEqual(await notices(), ['connectivity-lost'])
  fail(null)
  await clock.pass(3_600_000)
  assert.deepEqual(await notices(), ['connectivity-lost', 'connectivity-back'])
  assert.equal(rig.mails.length, 2)
  assert.deepEqual([scheduler.stateOf(1).failuresInARow, scheduler.stateOf(1).failingSince, scheduler.stateOf(1).problem], [0, null, null])
  await scheduler.close()
})

test('connectivity alerts can be switched off', async () => {
  const { clock, scheduler, fail, notices, world } = createOffice()
  world.settings.alerts.connectivity.enabled = false
  fail(unreachable)
  await scheduler.begin()
  await clock.pass(3_600_000)
  assert.deepEqual(await notices(), [])
  await scheduler.close()
})

test('a mailbox that hangs holds no other up, and is ended by its deadline', async () => {
  const office = createOffice([{ host: 'slow.example.com' }, {}, {}])
  office.rig.transportFor = () => office.world.mail.transport
  const { open } = office.world.mail.transport
  office.world.mail.transport.open = (server, needs) => (server.host === 'slow.example.com' ? new Promise(() => undefined) : open(server, needs))
  await office.scheduler.begin()
  await office.clock.pass(125_000)
  assert.equal(office.opens().length, 6)
  const slow = office.scheduler.stateOf(1)
  assert.deepEqual([slow.fetching, slow.stuckSince], ['fetching', '2026-11-20T08:00:00.000Z'])
  await office.clock.pass(478_000)
  assert.deepEqual([office.scheduler.stateOf(1).fetching, office.scheduler.stateOf(1).problem?.code, office.scheduler.stateOf(1).stuckSince], ['failing', 'round-too-slow', null])
  await office.scheduler.close()
})

test('no more rounds at once than there are slots, and everybody gets one', async () => {
  let listing = 0
  let most = 0
  const step = async (name: string): Promise<void> => {
    if (name !== 'list') return
    most = Math.max(most, ++listing)
    await new Promise((resolve) => setTimeout(resolve, 1))
    listing--
  }
  const { scheduler } = createOffice(Array.from({ length: 12 }, () => ({ enabled: false })), { step, roundsAtOnce: 4 })
  const results = await scheduler.fetchAll(work())
  assert.deepEqual([results.length, results.filter(({ problem }) => problem === null).length, most], [12, 12, 4])
  await scheduler.close()
})

test('fetch now: joins a running round, wakes a waiting server, works for a stopped one', async () => {
  const { clock, scheduler, opens, world } = createOffice()
  world.mail.deliver(mailOf('1', 'one'))
  await scheduler.begin()
  const [first, second] = await Promise.all([scheduler.fetch({ name: 'it', ...work() }), scheduler.fetch({ name: 'it', ...work() })])
  assert.deepEqual([first.fetched, second.fetched, opens().length], [1, 1, 1])
  await clock.pass(10_000)
  world.mail.deliver(mailOf('2', 'two'))
  assert.equal((await scheduler.fetch({ name: 'it', ...work() })).fetched, 1)
  assert.deepEqual(opens(), [0, 10])
  await scheduler.stop({ name: 'it' }, who)
  world.mail.deliver(mailOf('3', 'three'))
  assert.equal((await scheduler.fetch({ name: 'it', ...work() })).fetched, 1)
  assert.equal(scheduler.stateOf(1).fetching, 'stopped')
  await clock.pass(600_000)
  assert.equal(opens().length, 3)
  await scheduler.close()
})

test('a fetch that is cancelled says so', async () => {
  const office = createOffice([{ enabled: false }], { step: (name) => (name === 'list' ? new Promise<void>(() => undefined) : undefined) })
  const works = createWorks()
  const scheduler = createFetchScheduler({ ...office.rig, works, chance: () => 0, round: createFetchRound(office.rig), sources: { incoming: async () => office.servers, incomingNamed: async () => office.servers[0]!, settings: office.rig.settings }, setEnabled: async () => false })
  const fetching = scheduler.fetch({ name: 'it', workId: 'a-work-id' })
  await new Promise((resolve) => setTimeout(resolve, 5))
  works.cancel('a-work-id')
  await assert.rejects(fetching, (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'cancelled')
  await scheduler.close()
})

test('push: news begins a round on the same connection, polling goes on behind it', async () => {
  const { clock, scheduler, opens, world } = createOffice([{ push: true }], { push: true })
  await scheduler.begin()
  await clock.pass(1_000)
  assert.equal(scheduler.stateOf(1).fetching, 'listening')
  world.mail.deliver(mailOf('1', 'one'))
  world.mail.news()
  await clock.pass(10)
  assert.equal((await world.database.all('SELECT number FROM requests')).length, 1)
  world.mail.deliver(mailOf('2', 'two'))
  await clock.pass(61_000)
  assert.equal((await world.database.all('SELECT number FROM requests')).length, 2)
  assert.deepEqual([opens(), world.mail.open], [[0], 1])
  world.mail.deliver(mailOf('3', 'three'))
  assert.equal((await scheduler.fetch({ name: 'it', ...work() })).fetched, 1)
  assert.deepEqual(opens(), [0])
  await scheduler.stop({ name: 'it' }, who)
  assert.equal(world.mail.open, 0)
  await scheduler.close()
})

test('push: a connection that dies while listening is opened again with patience', async () => {
  let isDead = true
  const step = (name: string): void => {
    if (name === 'news' && isDead) throw new ProblemError({ code: 'connection-dropped', host: 'h', port: 1, during: 'listening' })
  }
  const { clock, scheduler, opens, world } = createOffice([{ push: true, fetchEveryMs: 600_000 }], { push: true, step })
  await scheduler.begin()
  for (let times = 0; times < 3; times++) {
    await clock.pass(1)
    world.mail.news()
    await clock.pass(41_000)
  }
  assert.deepEqual(opens().map(Math.floor), [0, 5, 51, 102])
  isDead = false
  await clock.pass(1_000)
  assert.deepEqual([scheduler.stateOf(1).fetching, world.mail.open], ['listening', 1])
  await scheduler.close()
})

test('a full error folder stops the server until it is started by hand', async () => {
  const { clock, scheduler, world, servers, notices, opens } = createOffice([{ errorFolder: { enabled: true, name: 'Errors', stopAfter: 1, notify: false } }])
  world.mail.deliver(mailOf('1', 'bad'))
  await scheduler.begin()
  await clock.pass(600_000)
  assert.deepEqual([servers[0]!.server.enabled, scheduler.stateOf(1).fetching, scheduler.stateOf(1).problem?.code, opens()], [false, 'stopped', 'error-folder-full', [0]])
  assert.deepEqual(await notices(), ['message-failed', 'error-folder-full'])
  await scheduler.close()
})

test('another mailbox under the name waits for a person, and a start by hand accepts it', async () => {
  const { clock, scheduler, world, servers, notices } = createOffice([{ afterFetch: 'delete' }])
  await scheduler.begin()
  await clock.pass(1_000)
  world.mail.identity = 'INBOX 2'
  world.mail.deliver(mailOf('1', 'one'))
  await clock.pass(60_000)
  assert.deepEqual([servers[0]!.server.enabled, scheduler.stateOf(1).problem?.code, world.mail.inbox.length, await notices()], [false, 'mailbox-identity-changed', 1, ['mailbox-identity-changed']])
  await scheduler.start({ name: 'it' }, who)
  await clock.pass(1_000)
  assert.deepEqual([scheduler.stateOf(1).problem, world.mail.inbox.length], [null, 0])
  await scheduler.close()
})

test('a start while the loop comes to its end is not lost', async () => {
  let letClose = (): void => undefined
  const step = (name: string): Promise<void> | void => (name === 'close' && !isStarted ? new Promise((resolve) => (letClose = resolve)) : undefined)
  let isStarted = false
  const { clock, scheduler, opens, world } = createOffice([{ push: true }], { push: true, step })
  await scheduler.begin()
  await clock.pass(1_000)
  const stopping = scheduler.stop({ name: 'it' }, who)
  await clock.pass(1)
  await scheduler.start({ name: 'it' }, who)
  isStarted = true
  letClose()
  await clock.pass(1_000)
  await stopping
  await clock.pass(1_000)
  assert.deepEqual([opens().length, world.mail.open], [2, 1])
  await scheduler.close()
})

test('a loop outlives a failing store, tells why, and does not spin', async () => {
  const office = createOffice()
  const { incoming } = { incoming: async () => office.servers }
  let questions = 0
  let isBroken = false
  const scheduler = createFetchScheduler({
    ...office.rig, works: createWorks(), chance: () => 0.5, round: createFetchRound(office.rig), setEnabled: async () => false,
    sources: { settings: office.rig.settings, incomingNamed: async () => office.servers[0]!, incoming: () => (questions++, isBroken ? Promise.reject(new Error('the store is broken')) : incoming()) }
  })
  await scheduler.begin()
  await office.clock.pass(1_000)
  isBroken = true
  const before = questions
  await assert.rejects(scheduler.fetch({ name: 'it', ...work() }), /unexpected/)
  await office.clock.pass(180_000)
  assert.ok(questions - before < 12, `${questions - before} questions`)
  isBroken = false
  await office.clock.pass(61_000)
  assert.deepEqual([scheduler.stateOf(1).problem, scheduler.stateOf(1).fetching], [null, 'waiting'])
  await scheduler.close()
})

test('start all leaves drafts out, stop all stops, a draft cannot be fetched', async () => {
  const { scheduler, servers } = createOffice([{ enabled: false }, { enabled: false }])
  servers[1]!.ready = null
  assert.deepEqual(await scheduler.startAll({}, who), { started: ['it'], drafts: ['it1'] })
  await assert.rejects(scheduler.fetch({ name: 'it1', ...work() }), /server-is-draft/)
  await assert.rejects(scheduler.start({ name: 'it1' }, who), /server-is-draft/)
  assert.deepEqual(await scheduler.stopAll({}, who), { stopped: ['it'] })
  assert.equal(servers[0]!.server.enabled, false)
  await scheduler.close()
})

test('nothing is fetched on schedule before the scheduler begins; one command does not', async () => {
  const { clock, scheduler, servers, opens } = createOffice([{ enabled: false }])
  await scheduler.start({ name: 'it' }, who)
  await scheduler.configurationChanged()
  await clock.pass(200_000)
  assert.deepEqual([opens(), servers[0]!.server.enabled, scheduler.stateOf(1).fetching], [[], true, 'stopped'])
  await scheduler.begin()
  await clock.pass(1_000)
  assert.equal(opens().length, 1)
  await scheduler.close()
})

test('closing waits for a change of the configuration that is being followed, and follows no more after it', async () => {
  const { scheduler, servers } = createOffice()
  await scheduler.begin()
  let isFollowed = false
  void scheduler.configurationChanged().then(() => void (isFollowed = true))
  await scheduler.close()
  assert.ok(isFollowed)
  servers.splice(0, 1, null as never)
  await scheduler.configurationChanged()
})

test('a deleted server is fetched from no more', async () => {
  const { clock, scheduler, servers, opens } = createOffice()
  await scheduler.begin()
  await clock.pass(1_000)
  servers.splice(0)
  await scheduler.configurationChanged()
  await clock.pass(600_000)
  assert.deepEqual(opens(), [0])
  await scheduler.close()
})

test('the state is announced at most four times a second, and at last as it is', async () => {
  const { clock, scheduler, world, rig } = createOffice()
  for (let index = 0; index < 300; index++) world.mail.deliver(mailOf(`m${index}`, 'question'))
  const started = performance.now()
  await scheduler.begin()
  await scheduler.fetch({ name: 'it', ...work() })
  await clock.pass(1_000)
  const states = rig.announced.filter(({ name }) => name === 'incoming-state-changed').map(({ detail }) => detail as Events['incoming-state-changed'])
  assert.ok(states.length <= 5, `${states.length} announcements in ${performance.now() - started} ms`)
  assert.equal(states.at(-1)?.state.lastRound?.fetched, 300)
  assert.ok(rig.announced.filter(({ name }) => name === 'work-progressed').length >= 6)
  await scheduler.close()
})

test('closing waits for the batch that is being committed', async () => {
  let letCommit = (): void => undefined
  const step = (name: string): Promise<void> | void => (name === 'commit' && isCommitting() ? new Promise((resolve) => (letCommit = resolve)) : undefined)
  let commits = 0
  const isCommitting = (): boolean => ++commits === 2
  const { clock, scheduler, world } = createOffice([{}], { step })
  world.mail.deliver(mailOf('1', 'one'))
  await scheduler.begin()
  await clock.pass(10)
  let isClosed = false
  const closing = scheduler.close().then(() => (isClosed = true))
  await clock.pass(10)
  assert.equal(isClosed, false)
  letCommit()
  await clock.pass(10_000)
  await closing
  assert.equal((await world.database.all('SELECT number FROM requests')).length, 1)
  assert.equal(world.mail.open, 0)
})

test('a provider that asks for patience for an hour is left alone that long, and nobody is alarmed', async () => {
  const { clock, scheduler, opens, fail, notices } = createOffice([{}, {}])
  fail({ code: 'delayed-by-provider', server: 'it', until: '2026-11-20T09:00:00.000Z', serverSaid: '429' })
  await scheduler.begin()
  await clock.pass(1_000)
  const state = scheduler.stateOf(1)
  assert.deepEqual([state.fetching, state.delayedUntil, state.problem, state.failuresInARow], ['waiting', '2026-11-20T09:00:00.000Z', null, 0])
  fail(null)
  await clock.pass(3_597_000)
  assert.deepEqual(opens(), [0, 0])
  await clock.pass(3_000)
  assert.deepEqual(opens(), [0, 0, 3600, 3600])
  assert.deepEqual([scheduler.stateOf(1).delayedUntil, await notices()], [null, []])
  await scheduler.close()
})

test('as many mailboxes are listened to as the settings allow; the others are asked at their interval', async () => {
  const { clock, scheduler, world } = createOffice([{ push: true }, { push: true }, { push: true }], { push: true })
  world.settings.fetching.mostListening = 2
  await scheduler.begin()
  await clock.pass(70_000)
  const states = [1, 2, 3].map((id) => scheduler.stateOf(id).fetching)
  assert.deepEqual(states.sort(), ['listening', 'listening', 'waiting'])
  assert.equal(world.mail.open, 2)
  const listener = [1, 2, 3].find((id) => scheduler.stateOf(id).fetching === 'listening')!
  await scheduler.stop({ name: listener === 1 ? 'it' : `it${listener - 1}` }, who)
  await clock.pass(61_000)
  assert.deepEqual([1, 2, 3].map((id) => scheduler.stateOf(id).fetching).sort(), ['listening', 'listening', 'stopped'])
  await scheduler.close()
})

test('a refused sign-in is told at the first failure, and tried again when something was changed', async () => {
  const { clock, scheduler, opens, fail, notices } = createOffice()
  fail({ code: 'sign-in-revoked', server: 'it', serverSaid: 'AADSTS50173' })
  await scheduler.begin()
  await clock.pass(1_000)
  assert.deepEqual(await notices(), ['connectivity-lost'])
  fail(null)
  await scheduler.configurationChanged()
  await clock.pass(1_000)
  assert.equal(opens().length, 2)
  assert.equal(scheduler.stateOf(1).problem, null)
  await scheduler.close()
})
