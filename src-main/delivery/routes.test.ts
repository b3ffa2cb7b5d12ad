import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestStepName } from '#contract/connection-test.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import { healthCheckEveryMs, signInCheckEveryMs, type Health } from './fail-over.ts'
import { healthOf } from './health-of.ts'
import { mayUseAlternate } from './may-use-alternate.ts'
import { createRoutes, type Route, type Routes } from './routes.ts'
import { waysOf } from './ways-of.ts'

const peer = { host: 'mail.example.com', port: 587 }
const down: Problem = { code: 'connection-refused', ...peer }
const password: Problem = { code: 'credentials-refused', server: 'main', user: 'it', serverSaid: '535' }
const server = (name: string, changes: Partial<OutgoingServer> = {}): OutgoingServer =>
  ({ ...newOutgoingServer('smtp'), name, host: `${name}.example.com`, port: 587, replyTo: `${name}@example.com`, alternate: null, ...changes }) as OutgoingServer
const byName = (other: string, changes: object = {}): OutgoingServer['alternate'] => ({ server: other, returnToPrimary: 'manual', afterFailures: 1, ...changes })
const byHost = (host: string, changes: object = {}): OutgoingServer['alternate'] => ({ host, port: 465, security: 'tls', returnToPrimary: 'manual', afterFailures: 1, ...changes })
const storedOf = (servers: readonly OutgoingServer[]) => servers.map((one, index) => ({ id: index + 1, server: one, ready: one as OutgoingServer | null, issues: [], lastTest: null }))
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

/** Routes over servers that can be changed, with a clock that is held. */
function testbed(...servers: OutgoingServer[]) {
  const stored = { current: storedOf(servers) }
  const rung: string[] = []
  const timers: { ms: number; work: () => void }[] = []
  const health: { now: Health } = { now: { healthy: false, signInTrouble: false } }
  const listeners: EventListener[] = []
  const announced: string[] = []
  const unverified = new Set<string>()
  const routes = createRoutes({
    mayNotSend: async ({ name, replyTo }) => (unverified.has(name) ? { code: 'sender-unverified', server: name, sender: replyTo } : null),
    sources: { outgoing: async () => stored.current },
    clock: { now: () => Date.UTC(2026, 10, 20), after: (ms, work) => { const timer = { ms, work }; timers.push(timer); return () => { const at = timers.indexOf(timer); if (at >= 0) timers.splice(at, 1) } } },
    announce: (name, detail) => { announced.push(name); for (const listener of listeners) listener(name, detail) }, subscribe: (listener) => void listeners.push(listener),
    ring: async ({ kind, text }) => void rung.push(`${kind}: ${text}`), healthOf: async () => health.now, reportUnexpected: (thrown) => assert.fail(String(thrown))
  })
  const change = async (...next: OutgoingServer[]): Promise<void> => {
    stored.current = storedOf(next)
    for (const listener of listeners) listener('servers-changed', { kind: 'outgoing' })
    await settle()
  }
  const tick = async (): Promise<void> => { timers.shift()?.work(); await settle() }
  const verify = async (...names: string[]): Promise<void> => {
    unverified.clear()
    for (const name of names) unverified.add(name)
    for (const listener of listeners) listener('senders-changed', {})
    await settle()
  }
  return { routes, rung, timers, health, announced, stored, change, tick, verify }
}

/** A mail that is taken where `isUp` says so; the ways that it went. */
async function send(routes: Routes, of: OutgoingServer, isUp: (route: Route) => boolean, problem: Problem = down): Promise<string[]> {
  const went: string[] = []
  for (;;) {
    const route = await routes.of(of)
    went.push(`${route.through} ${route.server.host}`)
    assert.ok(went.length < 20, 'a mail goes round and round')
    if (isUp(route)) { routes.worked(route); return went }
    if (!(await routes.failed(route, problem))) return [...went, 'waits']
  }
}
const all = (): boolean => true
const none = (): boolean => false
const only = (...hosts: string[]) => (route: Route): boolean => hosts.includes(route.server.host)

test('another host is signed in to as the server is, without its pin; another server is used as it is', () => {
  const pin = `${'AA:'.repeat(31)}AA`
  const main = server('main', { alternate: byHost('mx2.example.com'), tls: { minVersion: 'TLSv1.2', caFile: null, pin } })
  const [, second] = waysOf(main, storedOf([main]))
  assert.deepEqual([second?.name, second?.host, second?.port, second?.security, second?.tls.pin, second?.alternate], ['main', 'mx2.example.com', 465, 'tls', null, null])
  const reserve = server('reserve', { tls: { minVersion: 'TLSv1.2', caFile: null, pin } })
  const [, other] = waysOf(server('main', { alternate: byName('reserve') }), storedOf([reserve]))
  assert.deepEqual([other?.name, other?.replyTo, other?.tls.pin], ['reserve', 'reserve@example.com', pin])
})

test('what keeps mail from people, and marks requests, holds at whoever stands in', () => {
  const reserve = server('reserve', { conversationId: { attach: false, location: 'body', prefix: 'no' } })
  const tried = server('main', { alternate: byName('reserve'), overrideTo: 'trial@example.com', conversationId: { attach: true, location: 'subject', prefix: '##' } })
  const [, other] = waysOf(tried, storedOf([reserve]))
  assert.deepEqual([other?.overrideTo, other?.conversationId.prefix], ['trial@example.com', '##'])
  const [, held] = waysOf(server('main', { alternate: byName('reserve') }), storedOf([server('reserve', { overrideTo: 'own@example.com' })]))
  assert.equal(held?.overrideTo, 'own@example.com')
  const [, , atHost] = waysOf(tried, storedOf([{ ...reserve, alternate: byHost('mx2.example.com') }]))
  assert.deepEqual([atHost?.host, atHost?.overrideTo, atHost?.conversationId.prefix], ['mx2.example.com', 'trial@example.com', '##'])
})

test('ways end before a server that is blocked, unfinished, gone, or was there before', () => {
  const names = (...servers: OutgoingServer[]): string[] => waysOf(servers[0] as OutgoingServer, storedOf(servers)).map(({ name }) => name)
  assert.deepEqual(names(server('a', { alternate: byName('b') }), server('b', { alternate: byName('c') }), server('c')), ['a', 'b', 'c'])
  assert.deepEqual(names(server('a', { alternate: byName('b') }), server('b', { alternate: byName('a') })), ['a', 'b'])
  assert.deepEqual(names(server('a', { alternate: byName('b') }), server('b', { block: true, alternate: byName('c') }), server('c')), ['a'])
  assert.deepEqual(names(server('a', { alternate: byName('gone') })), ['a'])
  const draft = storedOf([server('b')]).map((one) => ({ ...one, ready: null }))
  assert.equal(waysOf(server('a', { alternate: byName('b') }), draft).length, 1)
})

test('down, over, told once; it lasts while the primary is well again, until somebody returns', async () => {
  const main = server('main', { alternate: byName('reserve') })
  const { routes, rung, announced } = testbed(main, server('reserve'))
  assert.deepEqual(await send(routes, main, only('reserve.example.com')), ['primary main.example.com', 'alternate reserve.example.com'])
  assert.deepEqual(await send(routes, main, all), ['alternate reserve.example.com'])
  assert.deepEqual(routes.standInOf('main'), { since: '2026-11-20T00:00:00.000Z', through: 'reserve' })
  routes.returnToPrimary('main')
  assert.equal(routes.standInOf('main'), null)
  assert.deepEqual(await send(routes, main, all), ['primary main.example.com'])
  assert.deepEqual(rung, ['on-alternate: Mail of “main” goes through its alternate reserve.', 'on-primary: Mail of “main” goes through the server itself again: somebody returned to it.'])
  assert.deepEqual(announced, ['servers-changed', 'servers-changed'])
})

test('a chain is gone through at once, and told where it ended', async () => {
  const main = server('main', { alternate: byName('b') })
  const { routes, rung } = testbed(main, server('b', { alternate: byHost('third.example.com') }))
  assert.deepEqual(await send(routes, main, only('third.example.com')), ['primary main.example.com', 'alternate b.example.com', 'alternate third.example.com'])
  assert.deepEqual([routes.standInOf('main')?.through, rung.length], ['third.example.com:465', 1])
})

test('so many failures in a row as were chosen', async () => {
  const main = server('main', { alternate: byHost('mx2.example.com', { afterFailures: 3 }) })
  const { routes } = testbed(main)
  assert.deepEqual(await send(routes, main, only('mx2.example.com')), ['primary main.example.com', 'waits'])
  assert.deepEqual(await send(routes, main, only('mx2.example.com')), ['primary main.example.com', 'waits'])
  assert.deepEqual(await send(routes, main, only('mx2.example.com')), ['primary main.example.com', 'alternate mx2.example.com'])
})

test('five at once that all find the primary down, and both, come to an end', async () => {
  const main = server('main', { alternate: byName('reserve') })
  for (const [isUp, last] of [[only('reserve.example.com'), 'alternate reserve.example.com'], [none, 'waits']] as const) {
    const { routes } = testbed(main, server('reserve'))
    const ends = await Promise.all(Array.from({ length: 5 }, () => send(routes, main, isUp)))
    assert.deepEqual(ends.map((went) => went.at(-1)), Array(5).fill(last))
  }
})

test('mail of other servers goes its own way', async () => {
  const main = server('main', { alternate: byName('reserve') })
  const reserve = server('reserve', { alternate: byName('main') })
  const { routes } = testbed(main, reserve)
  await send(routes, main, only('reserve.example.com'))
  assert.deepEqual(await send(routes, reserve, all), ['primary reserve.example.com'])
  assert.equal(routes.standInOf('reserve'), null)
})

const problems: [Problem, byHost: boolean, byName: boolean][] = [
  [down, true, true],
  [{ code: 'host-not-found', ...peer }, true, true],
  [{ code: 'connection-timed-out', afterMs: 1, ...peer }, true, true],
  [{ code: 'server-busy', serverSaid: '421', ...peer }, true, true],
  [{ code: 'connection-dropped', during: 'greeting', ...peer }, true, true],
  [{ code: 'connection-dropped', during: 'message', ...peer }, false, false],
  [{ code: 'mail-uncertain', server: 'main', serverSaid: '' }, false, false],
  [password, false, true],
  [{ code: 'sign-in-revoked', server: 'main', serverSaid: '' }, false, true],
  [{ code: 'client-secret-expired', server: 'main', serverSaid: '' }, false, true],
  [{ code: 'starttls-not-offered', ...peer }, false, false],
  [{ code: 'recipient-refused', server: 'main', recipients: [], serverSaid: '550' }, false, false],
  [{ code: 'mail-refused', server: 'main', serverSaid: '554' }, false, false],
  [{ code: 'mail-deferred', server: 'main', serverSaid: '451' }, false, false],
  [{ code: 'mail-too-large', server: 'main', size: 2, limit: 1, serverSaid: '' }, false, false],
  [{ code: 'delayed-by-provider', server: 'main', until: '2026-11-20T00:00:00.000Z', serverSaid: '' }, false, false],
  [{ code: 'outgoing-blocked', server: 'main' }, false, false]
]
for (const [problem, host, name] of problems)
  test(`${problem.code}${'during' in problem ? ` during ${problem.during}` : ''}: ${host ? 'over' : name ? 'over where the other signs in for itself' : 'stays'}`, async () => {
    assert.deepEqual([mayUseAlternate(problem, false), mayUseAlternate(problem, true)], [host, name])
    for (const [alternate, goes] of [[byHost('mx2.example.com'), host], [byName('reserve'), name]] as const) {
      const main = server('main', { alternate })
      const { routes } = testbed(main, server('reserve'))
      assert.equal((await send(routes, main, (route) => route.through === 'alternate', problem)).at(-1) !== 'waits', goes)
    }
  })

test('a health check brings mail back once the primary is proved to be well, and not before', async () => {
  const main = server('main', { alternate: byName('reserve', { returnToPrimary: 'health-check' }) })
  const { routes, rung, timers, health, tick } = testbed(main, server('reserve'))
  await send(routes, main, only('reserve.example.com'))
  assert.deepEqual(timers.map(({ ms }) => ms), [healthCheckEveryMs])
  await tick()
  assert.equal(routes.standInOf('main')?.through, 'reserve')
  health.now = { healthy: true, signInTrouble: false }
  await tick()
  assert.deepEqual([routes.standInOf('main'), timers.length, rung.at(-1)], [null, 0, 'on-primary: Mail of “main” goes through the server itself again: it passed its health check.'])
})

test('a refused password is not offered every minute', async () => {
  const main = server('main', { alternate: byName('reserve', { returnToPrimary: 'health-check' }) })
  const { routes, timers, health, tick } = testbed(main, server('reserve'))
  await send(routes, main, only('reserve.example.com'), password)
  assert.deepEqual(timers.map(({ ms }) => ms), [signInCheckEveryMs])
  health.now = { healthy: false, signInTrouble: true }
  await tick()
  assert.deepEqual(timers.map(({ ms }) => ms), [signInCheckEveryMs])
})

test('no check where somebody is to return by hand, and none after closing', async () => {
  const main = server('main', { alternate: byName('reserve') })
  const byHand = testbed(main, server('reserve'))
  await send(byHand.routes, main, only('reserve.example.com'))
  assert.equal(byHand.timers.length, 0)
  const checked = server('main', { alternate: byName('reserve', { returnToPrimary: 'health-check' }) })
  const { routes, timers } = testbed(checked, server('reserve'))
  await send(routes, checked, only('reserve.example.com'))
  routes.close()
  assert.equal(timers.length, 0)
})

test('a changed configuration of either ends it at once; that of another server does not', async () => {
  const main = server('main', { alternate: byName('reserve') })
  const { routes, change, rung } = testbed(main, server('reserve'), server('third'))
  await send(routes, main, only('reserve.example.com'))
  await change(main, server('reserve'), server('third', { timeoutMs: 5_000 }))
  assert.equal(routes.standInOf('main')?.through, 'reserve')
  await change(main, server('reserve', { timeoutMs: 5_000 }), server('third'))
  assert.deepEqual([routes.standInOf('main'), rung.length], [null, 2])
  await send(routes, main, only('reserve.example.com'))
  await change(server('reserve'))
  assert.equal(routes.standInOf('main'), null)
})

test('where no alternate takes mail any more, the primary is asked, and back is told once it takes some', async () => {
  const main = server('main', { alternate: byName('reserve') })
  const { routes, rung } = testbed(main, server('reserve'))
  await send(routes, main, only('reserve.example.com'))
  for (let tries = 0; tries < 3; tries++) assert.deepEqual(await send(routes, main, none), ['alternate reserve.example.com', 'waits'])
  assert.deepEqual(await send(routes, main, none), ['primary main.example.com', 'alternate reserve.example.com', 'waits'])
  assert.deepEqual([routes.standInOf('main')?.through, rung.length], ['reserve', 1])
  assert.deepEqual(await send(routes, main, all), ['primary main.example.com'])
  assert.deepEqual([routes.standInOf('main'), rung.at(-1)], [null, 'on-primary: Mail of “main” goes through the server itself again: its alternate could not be reached any more.'])
})

const steps = (...names: TestStepName[]) => names.map((step) => ({ step, outcome: 'ok' as const, ms: 1, detail: '', problem: null }))
const healths: [name: string, server: OutgoingServer, steps: ReturnType<typeof healthOf> extends Health ? Parameters<typeof healthOf>[1] : never, healthy: boolean][] = [
  ['signed in', server('main'), steps('connect', 'tls', 'sign-in'), true],
  ['connected alone', server('main'), steps('connect', 'tls', 'capabilities'), false],
  ['no sign-in is wanted', server('main', { auth: { method: 'none', user: '', secret: 'keychain' } }), steps('connect', 'capabilities'), true],
  ['nothing was done', server('main'), [], false],
  ['the sign-in failed', server('main'), [...steps('connect'), { step: 'sign-in', outcome: 'failed', ms: 1, detail: '', problem: password }], false],
  ['an endpoint', server('main', { protocol: 'graph' }), steps('token', 'endpoint'), true],
  ['a token alone', server('main', { protocol: 'graph' }), steps('token'), false]
]
for (const [name, of, seen, healthy] of healths) test(`health: ${name}`, () => assert.deepEqual(healthOf(of, seen), { healthy, signInTrouble: name === 'the sign-in failed' }))

test('an alternate that may not send takes no mail, which waits for the primary then, until its sender is verified', async () => {
  const main = server('main', { alternate: byName('second') })
  const { routes, verify } = testbed(main, server('second', { alternate: byName('third') }), server('third'))
  await verify('second', 'third')
  assert.deepEqual(await send(routes, main, none), ['primary main.example.com', 'waits'])
  assert.deepEqual(await send(routes, main, all), ['primary main.example.com'])
  await verify('second')
  assert.deepEqual(await send(routes, main, none), ['primary main.example.com', 'alternate third.example.com', 'waits'])
  await verify()
  assert.deepEqual(await send(routes, main, only('second.example.com')), ['primary main.example.com', 'alternate second.example.com'])
  await verify('second', 'third')
  assert.deepEqual(await send(routes, main, all), ['primary main.example.com'])
})

for (const code of ['mail-deferred', 'recipient-refused'] as const) test(`an alternate that answers ${code} and has taken nothing yet keeps no mail from the primary; one that stands in goes on`, async () => {
  const main = server('main', { alternate: byHost('mx2.example.com') })
  const { routes } = testbed(main)
  const answer: Problem = code === 'mail-deferred' ? { code, server: 'main', serverSaid: '451' } : { code, server: 'main', recipients: ['a@example.com'], serverSaid: '554 relay access denied' }
  assert.equal(await routes.failed(await routes.of(main), down), true)
  const trial = await routes.of(main)
  assert.deepEqual([trial.through, trial.isTrial], ['alternate', true])
  assert.equal(await routes.failed(trial, answer), false)
  assert.equal((await routes.of(main)).through, 'primary')
  assert.deepEqual(await send(routes, main, only('mx2.example.com')), ['primary main.example.com', 'alternate mx2.example.com'])
  const standing = await routes.of(main)
  assert.equal(standing.isTrial, false)
  await routes.failed(standing, answer)
  assert.equal((await routes.of(main)).through, 'alternate')
})
