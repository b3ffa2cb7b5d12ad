import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { openOutboxWorld, serverNamed } from '../../testbed/outbox-office.ts'
import type { EventListener } from '../console.ts'
import { createRoutes } from './routes.ts'

const minute = 60_000
const refused = (name: string): Problem => ({ code: 'connection-refused', host: `${name}.example.com`, port: 587 })
const dropped = (name: string): Problem => ({ code: 'connection-dropped', during: 'greeting', host: `${name}.example.com`, port: 587 })
const pairOf = (returnToPrimary: 'manual' | 'health-check'): OutgoingServer[] => [serverNamed('main', { alternate: { server: 'reserve', returnToPrimary, afterFailures: 1 } }), serverNamed('reserve')]

/** An outbox, the ways of its mail, and two servers that are up or down. Each mail is to somebody else but for every fifth, which is to one person. */
function office(servers: OutgoingServer[]) {
  const clock = createHeldClock()
  const down = new Set<string>()
  const rung: string[] = []
  let put = 0
  const listening = (listeners: EventListener[] = []): { announce: EventListener; subscribe: (listener: EventListener) => void } => ({ announce: (name, detail) => { for (const listener of listeners) listener(name, detail) }, subscribe: (listener) => void listeners.push(listener) })
  const routing = () => {
    const told = listening()
    const routes = createRoutes({
      ...told, clock, sources: { outgoing: async () => stored }, ring: async ({ kind }) => void rung.push(kind),
      healthOf: async ({ name }) => ({ healthy: !down.has(name), signInTrouble: false }), reportUnexpected: (thrown) => { throw thrown }
    })
    return { ...told, routes }
  }
  const stored = servers.map((server, id) => ({ id, server, ready: server, issues: [], lastTest: null }))
  const world = { now: openOutboxWorld({ clock, servers, own: routing(), open: (server) => (down.has(server) ? refused(server) : null), behaviour: ({ server }) => (down.has(server) ? dropped(server) : null) }) }
  const taken = [...[world.now.taken]]
  world.now.outbox.begin()
  return {
    down, rung, clock,
    taken: () => taken.flat(),
    states: () => world.now.states(),
    /** The console ends and starts again on the same folder. */
    async restart() {
      const closing = world.now.outbox.close()
      await clock.pass(6_000)
      await closing
      world.now = world.now.restart(routing())
      taken.push(world.now.taken)
      world.now.outbox.begin()
      await clock.pass(1)
    },
    /** A mail every so often, for so long; `after` looks at the end of each. */
    async write(everyMs: number, forMs: number, after: () => void = () => undefined) {
      for (let passed = 0; passed < forMs; passed += everyMs) {
        put += 1
        await world.now.put({ to: put % 5 === 0 ? 'same@example.com' : `p${put}@example.com`, messageId: `<${put}@example.com>` })
        world.now.outbox.wake()
        await clock.pass(everyMs)
        after()
      }
    },
    /** Each mail once, and those to one person in the order in which they were written. */
    assertAllOnce() {
      const ids = taken.flat().map(({ messageId }) => messageId)
      assert.equal(new Set(ids).size, ids.length, 'a mail was taken twice')
      assert.equal(ids.length, put, 'a mail was lost')
      const same = taken.flat().filter(({ to }) => to === 'same@example.com').map(({ messageId }) => Number(/\d+/.exec(messageId)?.[0]))
      assert.deepEqual(same, same.toSorted((one, other) => one - other), 'mail to one person overtook itself')
    },
    close: async () => { const closing = world.now.outbox.close(); await clock.pass(6_000); await closing }
  }
}

test('the primary is down for an hour: no mail waits for it, and a health check brings the rest back', async () => {
  const { down, rung, write, taken, assertAllOnce, close, clock } = office(pairOf('health-check'))
  let put = 0
  const noneWaits = (): void => assert.equal(taken().length, ++put)
  await write(minute, 60 * minute, noneWaits)
  down.add('main')
  await write(minute, 60 * minute, noneWaits)
  down.delete('main')
  await clock.pass(minute)
  await write(minute, 60 * minute, noneWaits)
  assert.deepEqual(taken().map(({ server }) => server), [...Array(60).fill('main'), ...Array(60).fill('reserve'), ...Array(60).fill('main')])
  assert.deepEqual(rung, ['on-alternate', 'on-primary'])
  assertAllOnce()
  await close()
})

test('returning by hand is waited for, and until then mail goes through the alternate', async () => {
  const { down, rung, write, taken, assertAllOnce, close } = office(pairOf('manual'))
  down.add('main')
  await write(minute, 10 * minute)
  down.delete('main')
  await write(minute, 120 * minute)
  assert.deepEqual([new Set(taken().map(({ server }) => server)), rung], [new Set(['reserve']), ['on-alternate']])
  assertAllOnce()
  await close()
})

test('both are down overnight, with a restart in it: all mail waits, then all goes, in order, none lost, none twice', async () => {
  const { down, rung, write, taken, states, restart, assertAllOnce, close, clock } = office(pairOf('manual'))
  await write(minute, 10 * minute)
  for (const name of ['main', 'reserve']) down.add(name)
  await write(5 * minute, 4 * 60 * minute)
  await restart()
  await write(5 * minute, 4 * 60 * minute)
  assert.equal(taken().length, 10)
  assert.deepEqual(new Set(Object.values(await states())), new Set(['waiting', 'sent']))
  down.clear()
  // No wait between two tries is longer than an hour and a quarter.
  await clock.pass(75 * minute)
  assertAllOnce()
  assert.deepEqual([new Set(Object.values(await states())), rung], [new Set(['sent']), []])
  await close()
})

test('both are down and only the alternate comes back: mail goes through it', async () => {
  const { down, rung, write, taken, assertAllOnce, close, clock } = office(pairOf('manual'))
  for (const name of ['main', 'reserve']) down.add(name)
  await write(5 * minute, 2 * 60 * minute)
  down.delete('reserve')
  await clock.pass(75 * minute)
  assert.deepEqual([new Set(taken().map(({ server }) => server)), rung], [new Set(['reserve']), ['on-alternate']])
  assertAllOnce()
  await close()
})

test('while the alternate stands in, it goes down too, and the primary is back first: mail goes through the primary, and somebody is told', async () => {
  const { down, rung, write, taken, assertAllOnce, close, clock } = office(pairOf('manual'))
  down.add('main')
  await write(minute, 10 * minute)
  down.add('reserve')
  await write(5 * minute, 3 * 60 * minute)
  down.delete('main')
  await clock.pass(75 * minute)
  assert.deepEqual([taken().at(-1)?.server, rung], ['main', ['on-alternate', 'on-primary']])
  assertAllOnce()
  await close()
})
