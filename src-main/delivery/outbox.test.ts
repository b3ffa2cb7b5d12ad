import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboxRow } from '#contract/outbox.ts'
import type { TestVerdict } from '#contract/connection-test.ts'
import type { Problem } from '#contract/problem.ts'
import type { Database } from '../database/database.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { nothingNoted, openOutboxWorld, serverNamed, type OutboxWorld } from '../../testbed/outbox-office.ts'

const peer = { host: 'mail.example.com', port: 25 }
const down: Problem = { code: 'connection-refused', ...peer }
const gone: Problem = { code: 'recipient-refused', server: 'main', recipients: ['a@example.com'], serverSaid: '550 no such user' }
const greylisted: Problem = { code: 'mail-deferred', server: 'main', serverSaid: '450 greylisted' }
const dropped: Problem = { code: 'connection-dropped', during: 'message', ...peer }
const unknown: Problem = { code: 'mail-uncertain', server: 'main', serverSaid: '' }

const rows = async ({ outbox }: OutboxWorld, state: OutboxRow['state'] | null = null): Promise<OutboxRow[]> => (await outbox.list({ limit: 500, before: null, state, server: null, request: null, query: '' })).rows
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}@example.com`)

test('mail is sent, what priority has first, and stays on the list with the words of the server', async () => {
  const world = openOutboxWorld()
  await world.put('a@example.com', 'b@example.com', { to: 'code@example.com', kind: 'code', priority: true })
  assert.deepEqual(await world.outbox.flush(), { tried: 3, sent: 3, refused: 0, left: 0 })
  assert.deepEqual(world.taken.map(({ to }) => to), ['code@example.com', 'a@example.com', 'b@example.com'])
  assert.deepEqual((await rows(world, 'sent')).map(({ to, serverSaid, server, through, tries }) => [to, serverSaid, server, through, tries]), ['code', 'b', 'a'].map((one) => [`${one}@example.com`, '250 OK', 'main', 'primary', 1]))
  assert.deepEqual(await rows(world), [])
})

test('while the server is away one mail tries, later each time, the others wait for it, and go when it is back', async () => {
  let away = true
  const world = openOutboxWorld({ open: () => (away ? down : null) })
  await world.put(...people(200))
  world.outbox.begin()
  await world.clock.pass(1)
  assert.equal((await rows(world)).filter(({ tries }) => tries > 0).length, 1)
  assert.deepEqual(new Set((await rows(world)).map(({ nextTryAt, problem }) => `${Date.parse(nextTryAt ?? '') - world.clock.now()} ${problem?.code}`)), new Set(['29999 connection-refused']))
  await world.clock.pass(30_000 + 60_000)
  assert.deepEqual((await rows(world)).map(({ tries }) => tries).filter((tries) => tries > 0), [1, 1, 1])
  away = false
  await world.clock.pass(120_000)
  await world.outbox.flush()
  assert.deepEqual([world.taken.length, new Set(world.taken.map(({ to }) => to)).size, (await rows(world)).length], [200, 200, 0])
  await world.outbox.close()
})

/** What a test of a server found since, and whether its mail is tried at once. */
const testedSince: [what: string, verdict: Partial<TestVerdict>, taken: number][] = [
  ['it passed', { verdict: 'ok' }, 1],
  ['it failed', { verdict: 'failed', failedAt: 'connect', problem: down }, 0],
  ['its second host alone failed', { verdict: 'failed', failedAt: 'connect', problem: down, alternate: 'mail2.example.com:587' }, 1]
]
for (const [what, verdict, taken] of testedSince)
  test(`mail of a server that let none through and was tested since: ${what}`, async () => {
    let away = true
    const world = openOutboxWorld({ open: () => (away ? down : null) })
    await world.put('a@example.com')
    world.outbox.begin()
    await world.clock.pass(1)
    away = false
    world.lastTests.set('main', { verdict: 'ok', at: new Date(world.clock.now()).toISOString(), failedAt: null, problem: null, sample: null, steps: [], ...verdict })
    await world.change()
    assert.equal(world.taken.length, taken)
    await world.outbox.close()
  })

test('a server that lets no mail through is known for it until it does, and a change of it is tried at once', async () => {
  let away = true
  const world = openOutboxWorld({ open: () => (away ? down : null) })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  const since = new Date(world.clock.now() - 1).toISOString()
  assert.deepEqual([world.outbox.troubleOf('main'), world.outbox.troubleOf('other')], [{ since, problem: down }, null])
  await world.clock.pass(30_000)
  assert.equal(world.outbox.troubleOf('main')?.since, since)
  away = false
  await world.change()
  assert.deepEqual([world.taken.length, world.outbox.troubleOf('main')?.since], [0, since])
  world.servers[0] = { ...serverNamed('main'), host: 'mended.example.com' }
  await world.change()
  assert.deepEqual([world.taken.length, world.outbox.troubleOf('main')], [1, null])
  await world.outbox.close()
})

test('the bell rings once when nothing has gone out for a minute, names the server and the reason, and again when mail goes', async () => {
  let problem: Problem | null = down
  const world = openOutboxWorld({ open: () => problem })
  await world.put('a@example.com', 'b@example.com')
  world.outbox.begin()
  await world.clock.pass(59_000)
  assert.deepEqual(world.rung, [])
  await world.clock.pass(600_000)
  assert.deepEqual(world.rung, [{ kind: 'mail-waits', server: 'main', text: 'bell alone: Nothing goes out through “main” (2 mails waiting): mail.example.com, port 25 refused the connection.', problem: down }])
  problem = null
  await world.outbox.flush()
  await world.outbox.close()
  assert.deepEqual(world.rung.slice(1), [{ kind: 'connectivity-back', server: 'main', text: 'bell alone: Mail goes out through “main” again.', problem: null }])
})

test('the bell is silent about a server that is back within the minute, one that nothing waits for, and a provider that names a time', async () => {
  let problem: Problem | null = down
  const brief = openOutboxWorld({ open: () => problem })
  await brief.put('a@example.com')
  brief.outbox.begin()
  await brief.clock.pass(20_000)
  problem = null
  await brief.clock.pass(600_000)
  problem = down
  await brief.put('b@example.com')
  await brief.outbox.flush()
  await brief.outbox.cancel({ ids: null, state: 'waiting' })
  await brief.clock.pass(600_000)
  await brief.outbox.close()
  const throttled = openOutboxWorld({ open: () => ({ code: 'delayed-by-provider', server: 'main', until: new Date(throttled.clock.now() + 900_000).toISOString(), serverSaid: '' }) })
  await throttled.put('a@example.com')
  throttled.outbox.begin()
  await throttled.clock.pass(1_000_000)
  await throttled.outbox.close()
  assert.deepEqual([brief.rung, throttled.rung], [[], []])
})

test('what one mail is told concerns that mail alone: a refused one stays with the words of the server, a deferred one waits under its Message-ID', async () => {
  const world = openOutboxWorld({ behaviour: ({ to, attempt }) => (to === 'a@example.com' ? gone : to === 'b@example.com' && attempt < 3 ? greylisted : null) })
  await world.put('a@example.com', 'b@example.com', 'c@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  assert.deepEqual(await world.states(), { 'a@example.com': 'refused', 'b@example.com': 'waiting', 'c@example.com': 'sent' })
  assert.deepEqual((await rows(world, 'refused')).map(({ problem }) => problem), [gone])
  await world.clock.pass(30_000 + 60_000)
  assert.deepEqual(world.taken.map(({ to, messageId }) => [to, messageId]), [['c@example.com', '<2-c@example.com>'], ['b@example.com', '<1-b@example.com>']])
  assert.deepEqual((await world.outbox.show({ id: 2 })).attempts.map(({ problem }) => problem?.code ?? null), ['mail-deferred', 'mail-deferred', null])
  assert.deepEqual(world.rung.map(({ kind, server, times }) => [kind, server, times]), [['mail-not-sent', 'main', 1]])
  await world.outbox.close()
})

test('a mail is given up when it is old and was tried often, and everything that waited as long with it', async () => {
  const world = openOutboxWorld({ open: () => down })
  await world.put(...people(20))
  world.outbox.begin()
  await world.clock.pass(71 * 3_600_000)
  assert.equal((await rows(world, 'refused')).length, 0)
  await world.put('late@example.com')
  await world.clock.pass(3 * 3_600_000)
  assert.deepEqual([(await rows(world, 'refused')).length, (await rows(world, 'refused'))[0]?.problem?.code, (await rows(world, 'waiting')).map(({ to }) => to)], [20, 'mail-given-up', ['late@example.com']])
  assert.deepEqual(world.rung.reduce((sum, { kind, times = 1 }) => sum + (kind === 'mail-not-sent' ? times : 0), 0), 20)
  await world.outbox.close()
})

test('what was given up and is sent again by hand, or was held for long, has its whole time again', async () => {
  let away = true
  const world = openOutboxWorld({ servers: [serverNamed('main'), serverNamed('other', { block: true })], open: () => (away ? down : null) })
  await world.put('a@example.com', { to: 'b@example.com', wantedServer: 'other' })
  world.outbox.begin()
  await world.clock.pass(74 * 3_600_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'refused', 'b@example.com': 'held' })
  await world.outbox.sendAgain({ ids: [1] })
  world.servers[1] = serverNamed('other')
  await world.change()
  await world.clock.pass(71 * 3_600_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'waiting', 'b@example.com': 'waiting' })
  await world.clock.pass(2 * 3_600_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'refused', 'b@example.com': 'refused' })
  assert.deepEqual((await rows(world, 'refused')).map(({ createdAt, problem }) => [createdAt, problem?.code === 'mail-given-up' && problem.hours]), [['2026-11-20T08:00:00.000Z', 72], ['2026-11-20T08:00:00.000Z', 72]])
  await world.outbox.sendAgain({ ids: [2] })
  away = false
  await world.clock.pass(1_000_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'refused', 'b@example.com': 'sent' })
  await world.outbox.close()
})

test('a setting that stands in the way holds mail, and lets it go when it changes', async () => {
  const world = openOutboxWorld({ servers: [serverNamed('main', { block: true })] })
  await world.put('a@example.com', 'b@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  assert.deepEqual((await rows(world)).map(({ state, problem, nextTryAt, tries }) => [state, problem?.code, nextTryAt, tries]), [['held', 'outgoing-blocked', null, 0], ['held', 'outgoing-blocked', null, 0]])
  world.servers[0] = serverNamed('main')
  await world.change()
  assert.equal(world.taken.length, 2)
  await world.outbox.close()
})

test('without a server mail is held; a code goes out under an address that is not verified', async () => {
  const nobody = openOutboxWorld({ servers: [] })
  await nobody.put('a@example.com')
  await nobody.outbox.flush()
  assert.deepEqual((await rows(nobody)).map(({ state, problem }) => [state, problem?.code]), [['held', 'no-outgoing-server']])
  let isVerified = false
  const world = openOutboxWorld({ own: { mayNotSend: async (server) => (isVerified ? null : { code: 'sender-unverified', server: server.name, sender: server.replyTo }) } })
  await world.put('a@example.com', { to: 'code@example.com', kind: 'code', priority: true })
  await world.outbox.flush()
  assert.deepEqual([world.taken.map(({ to }) => to), (await rows(world)).map(({ state, problem }) => [state, problem?.code])], [['code@example.com'], [['held', 'sender-unverified']]])
  isVerified = true
  await world.change()
  assert.equal(world.taken.length, 2)
})

test('a session is used for many mails, as many at once as the server may have, and to one person one after the other', async () => {
  const underWay = new Set<string>()
  let most = 0
  const world = openOutboxWorld({ servers: [serverNamed('main', { mostConnections: 3 })], behaviour: async ({ to }) => {
    assert.ok(!underWay.has(to), `two mails to ${to} at once`)
    underWay.add(to)
    most = Math.max(most, underWay.size)
    await new Promise((resolve) => setImmediate(resolve))
    underWay.delete(to)
    return null
  } })
  await world.put(...people(90), ...Array.from({ length: 30 }, (_, index) => ({ to: 'same@example.com', messageId: `<same-${index}>` })))
  await world.outbox.flush()
  assert.deepEqual([world.taken.length, most, world.mostOpen(), world.opened.length], [120, 3, 3, 3])
  assert.deepEqual(world.taken.filter(({ to }) => to === 'same@example.com').map(({ messageId }) => messageId), Array.from({ length: 30 }, (_, index) => `<same-${index}>`))
})

test('a session that ended before the message was whole is replaced, and that is no try', async () => {
  const world = openOutboxWorld({ servers: [serverNamed('main', { mostConnections: 1 })], behaviour: ({ to, attempt }) => (to === 'p5@example.com' && attempt === 1 ? dropped : null) })
  await world.put(...people(10))
  await world.outbox.flush()
  assert.deepEqual([world.taken.length, world.opened.length, (await rows(world, 'sent')).map(({ tries }) => tries)], [10, 2, Array.from({ length: 10 }, () => 1)])
})

test('where the disk is slower than the server more mails stand as under way, but few where nothing vouches for them after a crash', async () => {
  const mostUnderWay = async (vouches: boolean): Promise<number> => {
    const real = createMemoryDatabase()
    const slow: Database = { ...real, transaction: async (work) => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      return real.transaction(work)
    } }
    let most = 0
    const world = openOutboxWorld({
      servers: [serverNamed('main', { mostConnections: 1 })], database: slow, own: { wire: { ...nothingNoted, vouches } },
      behaviour: async () => { most = Math.max(most, (await mailTables.outbox.countStates(real)).sending); return null }
    })
    await world.put(...people(80))
    await world.outbox.flush()
    assert.equal(world.taken.length, 80)
    return most
  }
  assert.deepEqual([await mostUnderWay(false), await mostUnderWay(true)], [2, 12])
})

test('a lane that hangs holds up no other', async () => {
  const world = openOutboxWorld({ servers: [serverNamed('main'), serverNamed('hr')], behaviour: ({ server }) => (server === 'main' ? new Promise(() => undefined) : null) })
  await world.put(...people(20), ...people(20).map((to) => ({ to: `hr-${to}`, partition: 'HR' })))
  world.outbox.begin()
  await world.clock.pass(10)
  assert.deepEqual([world.taken.length, new Set(world.taken.map(({ server }) => server))], [20, new Set(['hr'])])
  const closing = world.outbox.close()
  await world.clock.pass(6_000)
  await closing
})

test('uncertain mail: a copy says that it was sent, its absence that it was not, and where nobody can say it a person does', async () => {
  for (const [answer, whenUncertain, expected] of [[true, 'hold', 'sent'], [false, 'hold', 'sent again'], [null, 'hold', 'uncertain'], [null, 'send-again', 'sent again']] as const) {
    const world = openOutboxWorld({ servers: [serverNamed('main', { whenUncertain })], wasSent: async () => answer, behaviour: ({ attempt }) => (attempt === 1 ? unknown : null) })
    await world.put('a@example.com')
    world.outbox.begin()
    await world.clock.pass(1)
    if (answer !== true) assert.deepEqual(await world.states(), { 'a@example.com': whenUncertain === 'send-again' ? 'waiting' : 'uncertain' }, `at first, ${answer} ${whenUncertain}`)
    await world.clock.pass(100_000)
    const [state] = Object.values(await world.states())
    assert.equal(state === 'sent' && world.taken.length === 1 ? 'sent again' : state, expected, `${answer} ${whenUncertain}`)
    assert.deepEqual(world.rung.map(({ kind }) => kind), expected === 'uncertain' ? ['mail-uncertain'] : [])
    await world.outbox.close()
  }
})

test('a person settles uncertain mail, sends what was refused again, and cancels what is not under way', async () => {
  let isThere = false
  const world = openOutboxWorld({ behaviour: ({ to }) => (to === 'a@example.com' ? unknown : to === 'b@example.com' && !isThere ? gone : null) })
  await world.put('a@example.com', 'b@example.com', { to: 'c@example.com', state: 'held' })
  await world.outbox.flush()
  await world.put({ to: 'd@example.com', state: 'sending' })
  assert.deepEqual(await world.states(), { 'a@example.com': 'uncertain', 'b@example.com': 'refused', 'c@example.com': 'held', 'd@example.com': 'sending' })
  isThere = true
  assert.deepEqual([await world.outbox.arrived({ ids: [1, 2, 3] }), await world.outbox.sendAgain({ ids: [1, 2, 4, 99] }), await world.outbox.cancel({ ids: [3, 4, 99], state: null })], [{ settled: 1 }, { waiting: 1 }, { cancelled: 1, tooLate: 1 }])
  await world.outbox.flush()
  assert.deepEqual(await world.states(), { 'a@example.com': 'sent', 'b@example.com': 'sent', 'd@example.com': 'sending' })
  await assert.rejects(world.outbox.show({ id: 3 }), { message: 'not-found' })
})

test('the clock jumps: a year ahead gives nothing up, an hour back makes nobody wait twice', async () => {
  let away = true
  const world = openOutboxWorld({ open: () => (away ? down : null) })
  let shift = 0
  const clock = { ...world.clock, now: () => world.clock.now() + shift }
  const jumping = world.restart({ clock })
  await world.put('a@example.com', { to: 'b@example.com', state: 'sent', endedAt: new Date(clock.now()).toISOString() })
  jumping.outbox.begin()
  await world.clock.pass(1_000)
  shift = 365 * 86_400_000
  await world.clock.pass(120_000)
  assert.deepEqual((await jumping.outbox.list({ limit: 10, before: null, state: null, server: null, request: null, query: '' })).counts, { waiting: 1, sending: 0, held: 0, uncertain: 0, refused: 0, sent: 1 })
  shift = -3_600_000
  away = false
  await world.clock.pass(125_000)
  assert.equal((await rows(jumping, 'sent')).length, 2)
  await jumping.outbox.close()
})

test('states are counted of the whole outbox, and of what was asked for whatever its state', async () => {
  const world = openOutboxWorld({ servers: [serverNamed('main'), serverNamed('other')], behaviour: ({ to }) => (to === 'gone@example.com' ? gone : null), open: (server) => (server === 'other' ? down : null) })
  await world.put('a@example.com', 'gone@example.com', { to: 'b@example.com', wantedServer: 'other' }, { to: 'c@example.com', wantedServer: 'other' })
  await world.outbox.flush()
  const counted = async (asked: { server?: string; query?: string }): Promise<[object, object]> => {
    const { counts, matching } = await world.outbox.list({ limit: 1, before: null, state: null, server: null, request: null, query: '', ...asked })
    return [counts, matching]
  }
  const none = { waiting: 0, sending: 0, held: 0, uncertain: 0, refused: 0, sent: 0 }
  const whole = { ...none, waiting: 2, refused: 1, sent: 1 }
  assert.deepEqual(await counted({}), [whole, whole])
  assert.deepEqual(await counted({ server: 'main' }), [whole, { ...none, refused: 1, sent: 1 }])
  assert.deepEqual(await counted({ server: 'other', query: 'b@' }), [whole, { ...none, waiting: 1 }])
  await world.outbox.close()
})

test('what was sent or refused is kept for so many days, or not at all', async () => {
  const world = openOutboxWorld({ settings: { sending: { keepSentDays: 2 } }, behaviour: ({ to }) => (to === 'b@example.com' ? gone : null) })
  await world.put('a@example.com', 'b@example.com')
  world.outbox.begin()
  await world.clock.pass(47 * 3_600_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'sent', 'b@example.com': 'refused' })
  await world.clock.pass(3 * 3_600_000)
  assert.deepEqual([await world.states(), (await world.database.all('SELECT id FROM outbox_tries')).length], [{}, 0])
  await world.outbox.close()
  const none = openOutboxWorld({ settings: { sending: { keepSentDays: 0 } } })
  await none.put('a@example.com')
  await none.outbox.flush()
  assert.deepEqual([await none.states(), none.taken.length], [{}, 1])
})

test('many changes are announced now and then, and a notification that cannot be sent rings the bell alone', async () => {
  const world = openOutboxWorld({ behaviour: ({ to }) => (to.startsWith('n') ? gone : null) })
  await world.put(...people(300), { to: 'n1@example.com', kind: 'notice' }, { to: 'n2@example.com', kind: 'notice' })
  await world.outbox.flush()
  await world.clock.pass(10_000)
  assert.ok(world.announced.filter((name) => name === 'outbox-changed').length <= 4, String(world.announced.length))
  assert.deepEqual(world.rung.map(({ text, times }) => [text.startsWith('bell alone: 2 mails through “main” could not be sent'), times]), [[true, 2]])
  await world.outbox.close()
})

test('a mail that its provider sent under another Message-ID is known by it, and where that cannot be learned it was sent all the same', async () => {
  const world = openOutboxWorld({ knownAs: async (messageId) => (messageId.includes('b@') ? Promise.reject(new Error('gone')) : messageId.replace('<', '<own-')) })
  await world.put('a@example.com', 'b@example.com', { to: 'c@example.com', request: null })
  assert.equal((await world.outbox.flush()).sent, 3)
  assert.deepEqual(await mailTables.threads.requestsOf(world.database, ['<own-0-a@example.com>', '<own-1-b@example.com>', '<own-2-c@example.com>']), new Map([['<own-0-a@example.com>', [7]]]))
  assert.deepEqual([...(await mailTables.sent.of(world.database, ['<own-0-a@example.com>', '<own-2-c@example.com>'])).values()].map(({ recipient }) => recipient), ['a@example.com', 'c@example.com'])
  await world.outbox.close()
})
