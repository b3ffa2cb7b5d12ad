import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { openOutboxWorld, serverNamed, type OutboxWorld } from '../../testbed/outbox-office.ts'
import type { Database } from '../database/database.ts'
import { mailTables } from '../database/mail-tables.ts'
import { migrations } from '../database/migrations/migrations.ts'
import type { OutboxNeeds } from './outbox.ts'
import type { Route } from './routes.ts'

const peer = { host: 'mail.example.com', port: 25 }
const down: Problem = { code: 'connection-refused', ...peer }
const dropped: Problem = { code: 'connection-dropped', during: 'message', ...peer }
const unknown: Problem = { code: 'mail-uncertain', server: 'main', serverSaid: '' }
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}@example.com`)
const sentTo = (world: OutboxWorld, to: string): number => world.taken.filter((one) => one.to === to).length

const toOverride: OutboxNeeds['compose'] = async (server, mail) => ({ from: server.replyTo, recipients: [server.overrideTo ?? mail.to], raw: Buffer.from(''), messageId: mail.messageId })

/** A database whose transactions fail as long as `fails` says so of the statements in them. */
function failing(): { database: Database; fails: (sql: string) => boolean } {
  const real = createMemoryDatabase()
  const disk = {
    fails: (_sql: string): boolean => false,
    database: {
      ...real,
      all: (sql, parameters) => (disk.fails(sql) ? Promise.reject(new Error('disk I/O error')) : real.all(sql, parameters)),
      transaction: (work) => real.transaction((transaction) => work({ ...transaction, run: (sql, parameters) => (disk.fails(sql) ? Promise.reject(new Error('disk I/O error')) : transaction.run(sql, parameters)) }))
    } as Database
  }
  return disk
}

test('one mail at which the server hangs up time and again does not keep the others waiting', async () => {
  const world = openOutboxWorld({ servers: [serverNamed('main', { mostConnections: 1 })], behaviour: ({ to }) => (to === 'p0@example.com' ? dropped : null) })
  await world.put(...people(60))
  world.outbox.begin()
  await world.clock.pass(120_000)
  assert.equal(world.taken.length, 59)
  assert.deepEqual((await world.states())['p0@example.com'], 'waiting')
  await world.outbox.close()
})

test('a mail is not sent again because the alternate that may have sent it is gone', async () => {
  let isThere = true
  const second = serverNamed('second', { protocol: 'smtp' })
  const main = serverNamed('main', { alternate: { server: 'second', afterFailures: 1, returnToPrimary: 'manual' } })
  const world = openOutboxWorld({
    servers: [main, second], behaviour: () => unknown, wasSent: async () => (isThere ? null : false),
    own: { routes: { of: async (server): Promise<Route> => ({ name: server.name, server: second, through: 'alternate' }), failed: async () => false, worked: () => undefined } }
  })
  await world.put('a@example.com')
  isThere = false
  world.servers.splice(0, 2, serverNamed('main'))
  world.outbox.begin()
  await world.clock.pass(600_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'uncertain' })
  assert.deepEqual(world.rung.map(({ kind }) => kind), ['mail-uncertain'])
  await world.outbox.close()
})

test('what a mailbox says of the first try is no answer about the second', async () => {
  let attempt = 0
  const world = openOutboxWorld({ behaviour: () => { attempt += 1; return attempt < 3 ? unknown : null }, wasSent: async () => false })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(55_000)
  assert.equal((await world.outbox.sendAgain({ ids: [1] })).waiting, 1)
  await world.clock.pass(10_000)
  assert.equal(attempt, 2, 'ten seconds after the second try nobody knows that it has no copy')
  await world.clock.pass(60_000)
  assert.equal(attempt, 3)
  await world.outbox.close()
})

test('what a mailbox said is not lost where the disk does not take it at once', async () => {
  const disk = failing()
  let broken = 2
  disk.fails = (sql) => sql.includes(`state = 'sent', ended_at`) && broken-- > 0
  let reported = 0
  const world = openOutboxWorld({ database: disk.database, behaviour: () => unknown, wasSent: async () => true, own: { reportUnexpected: () => { reported += 1; return { code: 'unexpected', reference: 'x' } } } })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  assert.deepEqual([await world.states(), reported], [{ 'a@example.com': 'uncertain' }, 1])
  await world.clock.pass(200_000)
  assert.deepEqual([await world.states(), reported], [{ 'a@example.com': 'sent' }, 2])
  await world.outbox.close()
})

test('nobody is called for a mail that was cancelled, or settled, while it was asked for', async () => {
  const answers: ((said: boolean | null) => void)[] = []
  const world = openOutboxWorld({ behaviour: () => unknown, wasSent: () => new Promise((resolve) => answers.push(resolve)) })
  await world.put('a@example.com', 'b@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  await world.outbox.cancel({ ids: [1], state: null })
  await world.outbox.arrived({ ids: [2] })
  for (const answer of answers) answer(null)
  await world.clock.pass(5_000)
  assert.deepEqual(world.rung, [])
  await world.outbox.close()
})

test('a number that is given again is not taken for the mail that had it before', async () => {
  const answers = new Map<string, (said: boolean | null) => void>()
  const world = openOutboxWorld({ behaviour: () => unknown, wasSent: (messageId) => new Promise((resolve) => answers.set(messageId, resolve)) })
  await world.put({ to: 'old@example.com', messageId: '<old@x>' })
  world.outbox.begin()
  await world.clock.pass(1)
  await world.outbox.cancel({ ids: [1], state: null })
  await world.put({ to: 'new@example.com', messageId: '<new@x>' })
  world.outbox.wake()
  await world.clock.pass(1)
  assert.deepEqual([...answers.keys()], ['<old@x>', '<new@x>'])
  answers.get('<old@x>')?.(true)
  await world.clock.pass(5_000)
  assert.deepEqual(await world.states(), { 'new@example.com': 'uncertain' })
  answers.get('<new@x>')?.(null)
  await world.outbox.close()
})

test('a partition that goes to another server while the outbox looks sends through that one alone', async () => {
  const looks: (() => void)[] = []
  let held = false
  let of = 'main'
  const servers = [serverNamed('main'), serverNamed('second')]
  const stored = (name: string) => servers.map((server, id) => ({ id, server, ready: server, issues: [], lastTest: null })).find(({ server }) => server.name === name) ?? null
  const world = openOutboxWorld({ servers })
  const again = openOutboxWorld({
    servers, database: world.database, clock: world.clock, own: {
      sources: {
        outgoing: async () => servers.map((server, id) => ({ id, server, ready: server, issues: [], lastTest: null })), partitions: async () => [], settings: async () => world.settings,
        outgoingFor: async () => { const now = of; if (held) await new Promise<void>((resolve) => looks.push(resolve)); return stored(now) },
        connectionFor: async () => ({ credentials: null, proxyPassword: null, clientKeyPassphrase: null })
      }
    }
  })
  again.outbox.begin()
  await world.clock.pass(1)
  await again.put('a@example.com')
  held = true
  again.outbox.wake()
  await world.clock.pass(1)
  of = 'second'
  await again.change()
  held = false
  for (const go of looks) go()
  await world.clock.pass(1_000)
  for (let at = 0; at < 20; at++) {
    await again.put(`b${at}@example.com`)
    again.outbox.wake()
    await world.clock.pass(1)
  }
  assert.deepEqual([again.taken.length, again.taken.filter(({ server }) => server === 'main').length], [21, 0])
  await again.outbox.close()
})

test('a mail that goes through another server now is not sent twice because the one that hung fails after that', async () => {
  const opening: (() => void)[] = []
  let of = 'main'
  const servers = [serverNamed('main'), serverNamed('second')]
  const stored = servers.map((server, id) => ({ id, server, ready: server, issues: [], lastTest: null }))
  const { settings } = openOutboxWorld()
  const world = openOutboxWorld({
    servers, open: (server) => (server === 'main' ? new Promise((resolve) => opening.push(() => resolve(down))) : null), own: {
      sources: {
        outgoing: async () => stored, partitions: async () => [], settings: async () => settings, outgoingFor: async () => stored.find(({ server }) => server.name === of) ?? null,
        connectionFor: async () => ({ credentials: null, proxyPassword: null, clientKeyPassphrase: null })
      }
    }
  })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  of = 'second'
  await world.change()
  assert.deepEqual([world.taken.map(({ server }) => server), opening.length], [['second'], 1])
  for (const go of opening) go()
  await world.clock.pass(300_000)
  assert.deepEqual([world.taken.map(({ server }) => server), await world.states()], [['second'], { 'a@example.com': 'sent' }])
  await world.outbox.close()
})

test('flush tries the alternate too before it says what is left', async () => {
  const second = serverNamed('second')
  let through: 'primary' | 'alternate' = 'primary'
  const world = openOutboxWorld({
    open: (server) => (server === 'main' ? down : null),
    own: { routes: { of: async (server): Promise<Route> => (through === 'primary' ? { name: 'main', server, through } : { name: 'main', server: second, through }), failed: async () => { const changed = through === 'primary'; through = 'alternate'; return changed }, worked: () => undefined } }
  })
  await world.put('a@example.com')
  assert.deepEqual([(await world.outbox.flush()).left, world.taken.length], [0, 1])
  await world.outbox.close()
})

test('a disk that fails when the server is back loses no mail from sight', async () => {
  const disk = failing()
  const reported: unknown[] = []
  let away = true
  const world = openOutboxWorld({ database: disk.database, open: () => (away ? down : null), own: { reportUnexpected: (thrown) => { reported.push(thrown); return { code: 'unexpected', reference: 'x' } as Problem } } })
  await world.put(...people(20))
  world.outbox.begin()
  await world.clock.pass(1)
  away = false
  let broken = 3
  disk.fails = (sql) => /next_at > \? *AND|SELECT id, problem FROM outbox|state = 'waiting', next_at = \?, begun_at/.test(sql) && broken-- > 0
  await world.clock.pass(300_000)
  assert.ok(reported.length > 0)
  assert.deepEqual([world.taken.length, new Set(world.taken.map(({ to }) => to)).size, new Set(Object.values(await world.states()))], [20, 20, new Set(['sent'])])
  await world.outbox.close()
})

test('a disk that takes nothing any more does not keep the console from ending', { timeout: 20_000 }, async () => {
  const disk = failing()
  const reported: string[] = []
  const world = openOutboxWorld({ database: disk.database, behaviour: () => { disk.fails = (sql) => sql.startsWith('UPDATE'); return null }, own: { reportUnexpected: (thrown) => { reported.push(String(thrown)); return { code: 'unexpected', reference: 'x' } } } })
  await world.put(...people(3))
  world.outbox.begin()
  await world.clock.pass(5_000)
  const closing = world.outbox.close().then(() => 'closed')
  await world.clock.pass(60_000)
  assert.equal(await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, 1_000, 'hangs'))]), 'closed')
  disk.fails = () => false
  assert.deepEqual([world.sessionsOpen(), await world.states(), reported.length > 0], [0, { 'p0@example.com': 'sending', 'p1@example.com': 'waiting', 'p2@example.com': 'waiting' }, true])
})

test('mail that was under way is seen to later where the database could not be read at the start', async () => {
  const disk = failing()
  const world = openOutboxWorld({ database: disk.database, own: { reportUnexpected: () => ({ code: 'unexpected', reference: 'x' }) as Problem } })
  await world.put({ to: 'a@example.com', state: 'sending', begunAt: new Date(world.clock.now()).toISOString(), server: 'main', through: 'primary' }, 'b@example.com')
  let broken = 2
  disk.fails = (sql) => /FROM outbox WHERE state = \? ORDER BY id/.test(sql) && broken-- > 0
  world.outbox.begin()
  await world.clock.pass(200_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'uncertain', 'b@example.com': 'sent' })
  await world.outbox.close()
})

test('many mails that are too old are given up together', async () => {
  const world = openOutboxWorld({ open: () => down })
  const at = new Date(world.clock.now()).toISOString()
  await world.database.transaction((transaction) => mailTables.outbox.add(transaction, Array.from({ length: 1_200 }, (_, index) => ({ partition: 'IT', to: `p${index}@example.com`, subject: 's', content: 'c', inReplyTo: null, messageId: `<${index}@x>`, request: null, createdAt: at, tries: 0, nextAt: at, problem: null }))))
  world.outbox.begin()
  await world.clock.pass(73 * 3_600_000)
  await world.clock.pass(1_300_000)
  assert.equal((await mailTables.outbox.countStates(world.database)).refused, 1_200)
  assert.equal(sentTo(world, 'p0@example.com'), 0)
  await world.outbox.close()
})

test('an alternate that has taken no mail yet refuses none for good', async () => {
  const second = serverNamed('second')
  let primaryIsBack = false
  const denied: Problem = { code: 'recipient-refused', server: 'main', recipients: ['a@example.com'], serverSaid: '554 5.7.1 Relay access denied' }
  const world = openOutboxWorld({
    behaviour: ({ server }) => (server === 'second' ? denied : null),
    own: { routes: { of: async (server): Promise<Route> => (primaryIsBack ? { name: 'main', server, through: 'primary' } : { name: 'main', server: second, through: 'alternate', isTrial: true }), failed: async () => false, worked: () => undefined } }
  })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  assert.deepEqual([await world.states(), world.rung], [{ 'a@example.com': 'waiting' }, []])
  primaryIsBack = true
  await world.clock.pass(60_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'sent' })
  await world.outbox.close()
})

test('a mail that cannot be written for the alternate alone waits for the server itself, and goes as soon as that takes its mail again', async () => {
  const second = serverNamed('second')
  const fits = new Set(['main'])
  const tooLarge: Problem = { code: 'mail-too-large', server: 'second', size: 2_000, limit: 1_000, serverSaid: '' }
  const noKey: Problem = { code: 'dkim-key-unusable', server: 'second', reason: 'it is not a private key' }
  let primaryIsBack = false
  const world = openOutboxWorld({
    own: {
      routes: { of: async (server): Promise<Route> => (primaryIsBack ? { name: 'main', server, through: 'primary' } : { name: 'main', server: second, through: 'alternate' }), failed: async () => false, worked: () => undefined },
      compose: async (server, mail) => {
        if (mail.to !== 'small@example.com' && !fits.has(server.name)) throw new ProblemError(mail.to === 'large@example.com' ? tooLarge : noKey)
        return { from: server.replyTo, recipients: [mail.to], raw: Buffer.from(''), messageId: mail.messageId }
      }
    }
  })
  await world.put('large@example.com', 'signed@example.com', 'small@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  assert.deepEqual([await world.states(), world.rung], [{ 'large@example.com': 'waiting', 'signed@example.com': 'waiting', 'small@example.com': 'sent' }, []])
  const { problem, nextTryAt, attempts } = await world.outbox.show({ id: 1 })
  assert.deepEqual([problem, attempts.map(({ through }) => through), nextTryAt === null], [tooLarge, ['alternate'], false])
  primaryIsBack = true
  await world.change()
  assert.deepEqual(await world.states(), { 'large@example.com': 'sent', 'signed@example.com': 'sent', 'small@example.com': 'sent' })
  primaryIsBack = false
  fits.clear()
  await world.put('large@example.com')
  world.outbox.wake()
  await world.clock.pass(1)
  assert.equal((await world.outbox.show({ id: 4 })).state, 'refused')
  await world.outbox.close()
})

test('what waited in a backup is not sent a second time by the folder that was restored from it', async () => {
  let isRestored = true
  const restored = { is: () => isRestored, seen: async () => void (isRestored = false) }
  const copied = openOutboxWorld({ wasSent: async (messageId) => (messageId.includes('a@') ? true : messageId.includes('b@') ? false : null) })
  await copied.put('a@example.com', 'b@example.com', 'c@example.com', { to: 'd@example.com', state: 'held' })
  const world = copied.restart({ restored })
  await world.put('new@example.com')
  world.outbox.begin()
  await world.clock.pass(120_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'sent', 'b@example.com': 'sent', 'c@example.com': 'uncertain', 'd@example.com': 'uncertain', 'new@example.com': 'sent' })
  assert.deepEqual([world.taken.map(({ to }) => to).toSorted(), isRestored, world.rung.map(({ kind, times }) => [kind, times])], [['b@example.com', 'new@example.com'], false, [['mail-uncertain', 2]]])
  await world.put('e@example.com')
  world.outbox.wake()
  await world.clock.pass(1)
  assert.equal((await world.states())['e@example.com'], 'sent')
  await world.outbox.close()
})

test('settings that cannot be read lose no mail from sight', async () => {
  let broken = 0
  const tried = new Set<string>()
  const world = openOutboxWorld({ own: { compose: async (server, mail) => {
    if (mail.to === 'p1@example.com' && !tried.has(mail.to)) { tried.add(mail.to); broken = 2; throw new Error('cannot be written') }
    return { from: server.replyTo, recipients: [mail.to], raw: Buffer.from(''), messageId: mail.messageId }
  }, reportUnexpected: () => ({ code: 'unexpected', reference: 'x' }) as Problem } })
  const { sending } = world.settings
  Object.defineProperty(world.settings, 'sending', { get: () => { if (broken-- > 0) throw new Error('disk I/O error'); return sending } })
  await world.put(...people(5))
  world.outbox.begin()
  await world.clock.pass(300_000)
  assert.deepEqual(new Set(Object.values(await world.states())), new Set(['sent']))
  await world.outbox.close()
})

test('mailboxes are asked about a few mails at a time, and about all of them', async () => {
  let asking = 0
  let most = 0
  const asked = new Set<string>()
  const world = openOutboxWorld({ wasSent: async (messageId) => {
    most = Math.max(most, (asking += 1))
    asked.add(messageId)
    await new Promise((resolve) => setImmediate(resolve))
    asking -= 1
    return true
  } })
  await world.put(...people(200).map((to) => ({ to, messageId: `<${to}>`, state: 'sending' as const, begunAt: new Date(world.clock.now()).toISOString(), server: 'main', through: 'primary' as const })))
  world.outbox.begin()
  for (let turn = 0; turn < 100 && asked.size < 200; turn++) await world.clock.pass(1)
  assert.deepEqual([asked.size, most <= 4], [200, true], `${most} at once`)
  await world.clock.pass(1_000)
  assert.deepEqual(new Set(Object.values(await world.states())), new Set(['sent']))
  await world.outbox.close()
})

test('a console that ends while it asks goes on asking afterwards, and tells a person once', async () => {
  const gone = (): Promise<never> => Promise.reject(new Error('the mailbox is away'))
  const world = openOutboxWorld({ behaviour: () => unknown, wasSent: gone })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(60_000)
  await world.outbox.close()
  assert.deepEqual(world.rung, [])
  const second = world.restart()
  second.outbox.begin()
  await world.clock.pass(20 * 3_600_000)
  await second.outbox.close()
  assert.deepEqual(second.rung.map(({ kind, times }) => [kind, times]), [['mail-uncertain', 1]])
  const third = second.restart()
  third.outbox.begin()
  await world.clock.pass(20 * 3_600_000)
  await third.outbox.close()
  assert.deepEqual(third.rung, [])
})

test('what is to be sent again without asking anybody is so after a restart too', async () => {
  let isAway = true
  const world = openOutboxWorld({ servers: [serverNamed('main', { whenUncertain: 'send-again' })], behaviour: () => (isAway ? unknown : null), wasSent: async () => (isAway ? Promise.reject(new Error('away')) : null) })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(60_000)
  await world.outbox.close()
  isAway = false
  const second = world.restart()
  second.outbox.begin()
  await world.clock.pass(3_600_000)
  assert.deepEqual(await second.states(), { 'a@example.com': 'sent' })
  await second.outbox.close()
})

test('a sign-in that never comes to an end holds up its server for minutes, not for ever, and not the end of the console', { timeout: 20_000 }, async () => {
  let hangs = 1
  const world = openOutboxWorld({ open: () => (hangs-- > 0 ? new Promise<null>(() => undefined) : null) })
  await world.put('a@example.com', 'b@example.com')
  world.outbox.begin()
  await world.clock.pass(600_000)
  assert.deepEqual([sentTo(world, 'a@example.com'), sentTo(world, 'b@example.com')], [1, 1])
  hangs = 1
  await world.put('c@example.com')
  await world.clock.pass(120_000)
  const closing = world.outbox.close()
  await world.clock.pass(30_000)
  await closing
})

test('a mail whose sending never comes to an end is uncertain after a while, and the others go', { timeout: 20_000 }, async () => {
  const world = openOutboxWorld({ servers: [serverNamed('main', { mostConnections: 1 })], behaviour: ({ to }) => (to === 'a@example.com' ? new Promise<null>(() => undefined) : null) })
  await world.put('a@example.com', 'b@example.com')
  world.outbox.begin()
  await world.clock.pass(2 * 3_600_000)
  assert.deepEqual(await world.states(), { 'a@example.com': 'uncertain', 'b@example.com': 'sent' })
  await world.outbox.close()
})

test('a session that came too late is closed', { timeout: 20_000 }, async () => {
  let go = (): void => undefined
  let attempt = 0
  const world = openOutboxWorld({ open: () => (attempt++ === 0 ? new Promise<null>((resolve) => (go = () => resolve(null))) : null) })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(600_000)
  go()
  await world.clock.pass(60_000)
  assert.deepEqual([sentTo(world, 'a@example.com'), world.opened.length, world.sessionsOpen()], [1, 2, 0])
  await world.outbox.close()
})

test('mailboxes that never answer keep neither other questions nor the end of the console waiting', { timeout: 20_000 }, async () => {
  const world = openOutboxWorld({ behaviour: () => unknown, wasSent: (messageId) => (messageId.includes('p9@') ? Promise.resolve(true) : new Promise(() => undefined)) })
  await world.put(...people(10).map((to) => ({ to, messageId: `<${to}>` })))
  world.outbox.begin()
  await world.clock.pass(3 * 3_600_000)
  assert.equal((await world.states())['p9@example.com'], 'sent')
  const closing = world.outbox.close()
  await world.clock.pass(30_000)
  await closing
})

test('a server that is blocked, or sends all to one address from now on, sends nothing as it was before, however busy the database is', async () => {
  for (const change of [{ block: true }, { overrideTo: 'trial@example.com' }]) {
    const real = createMemoryDatabase()
    let isBusy = false
    const waiting: (() => void)[] = []
    const database: Database = { ...real, all: async (sql, parameters) => { if (isBusy && sql.includes(`state = 'held'`)) await new Promise<void>((resolve) => waiting.push(resolve)); return real.all(sql, parameters) } }
    const answers: (() => void)[] = []
    const world: OutboxWorld = openOutboxWorld({
      database, servers: [serverNamed('main', { mostConnections: 1 })], answering: () => (world.taken.length === 3 && answers.length === 0 ? new Promise((resolve) => answers.push(resolve)) : Promise.resolve()),
      own: { compose: toOverride }
    })
    await world.put('first@example.com')
    world.outbox.begin()
    await world.clock.pass(1)
    isBusy = true
    await world.change()
    await world.put(...people(5))
    world.outbox.wake()
    await world.clock.pass(1)
    assert.deepEqual([world.taken.length, answers.length], [3, 1])
    world.servers[0] = serverNamed('main', { mostConnections: 1, ...change })
    await world.change()
    for (const go of answers) go()
    await world.clock.pass(1)
    assert.deepEqual(world.taken.slice(3).filter(({ to }) => to !== 'trial@example.com'), [], JSON.stringify(change))
    isBusy = false
    for (const go of waiting) go()
    await world.clock.pass(1)
    await world.outbox.close()
  }
})

test('what was written before a change does not go over a session that opened meanwhile', async () => {
  const opening: (() => void)[] = []
  const world = openOutboxWorld({ open: (_server, attempt) => (attempt === 1 ? new Promise((resolve) => opening.push(() => resolve(null))) : null), own: { compose: toOverride } })
  await world.put('a@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  world.servers[0] = serverNamed('main', { overrideTo: 'trial@example.com' })
  await world.change()
  for (const go of opening) go()
  await world.clock.pass(1)
  assert.deepEqual([world.taken.map(({ to }) => to), await world.states()], [['trial@example.com'], { 'a@example.com': 'sent' }])
  await world.outbox.close()
  assert.equal(world.sessionsOpen(), 0)
})

test('a session that ended is not replaced by one for a mail that is to be written otherwise now', async () => {
  const opening: (() => void)[] = []
  const world: OutboxWorld = openOutboxWorld({
    servers: [serverNamed('main', { mostConnections: 1 })], behaviour: ({ to, attempt }) => (to === 'b@example.com' && attempt === 1 ? dropped : null),
    open: (_server, attempt) => (attempt === 2 ? new Promise((resolve) => opening.push(() => resolve(null))) : null),
    own: { compose: toOverride }
  })
  await world.put('a@example.com', 'b@example.com')
  world.outbox.begin()
  await world.clock.pass(1)
  world.servers[0] = serverNamed('main', { mostConnections: 1, overrideTo: 'trial@example.com' })
  await world.change()
  assert.equal(opening.length, 1)
  for (const go of opening) go()
  await world.clock.pass(1)
  assert.deepEqual(world.taken.map(({ to }) => to), ['a@example.com', 'trial@example.com'])
  await world.outbox.close()
})

test('an outbox of the version before, with mail in it, is sent once', async () => {
  const database = createMemoryDatabase(migrations.slice(0, 4).flat())
  await database.transaction(async (transaction) => {
    for (const [to, tries, notice] of [['a@example.com', 0, 0], ['b@example.com', 3, 0], ['c@example.com', 0, 1]] as const) {
      await transaction.run(`INSERT INTO outbox (partition_name, recipient, subject, content, in_reply_to, message_id, request, created_at, tries, next_at, problem, notice) VALUES ('IT', ?, 's', 'c', NULL, ?, 7, '2026-11-20T07:00:00.000Z', ?, '2026-11-20T08:20:00.000Z', ?, ?)`, [to, `<${to}>`, tries, tries > 0 ? JSON.stringify(down) : null, notice])
    }
    for (const statement of migrations[4] ?? []) await transaction.run(statement)
  })
  const world = openOutboxWorld({ database })
  world.outbox.begin()
  await world.clock.pass(3_600_000)
  await world.outbox.close()
  const again = world.restart()
  again.outbox.begin()
  await world.clock.pass(3_600_000)
  assert.deepEqual([world.taken.map(({ to, messageId }) => [to, messageId]), again.taken], [[['a@example.com', '<a@example.com>'], ['b@example.com', '<b@example.com>'], ['c@example.com', '<c@example.com>']], []])
  await again.outbox.close()
})
