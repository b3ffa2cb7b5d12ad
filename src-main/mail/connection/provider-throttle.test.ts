import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHeldClock } from '../../../testbed/held-clock.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { createProviderThrottle, type ThrottleLimits } from './provider-throttle.ts'

function ground(limits: Partial<ThrottleLimits> = {}) {
  const clock = createHeldClock()
  const throttle = createProviderThrottle(clock, { atOnce: 4, most: 10_000, withinMs: 600_000, ...limits })
  const running: string[] = []
  const begun: string[] = []
  let most = 0
  const ask = (name: string, ms: number, { key = 'k', counts = 1, patienceMs = 30_000, signal = new AbortController().signal } = {}): Promise<string> =>
    throttle.enter(key, { server: 'it', signal, patienceMs, counts }, () => new Promise((resolve) => {
      begun.push(name)
      running.push(name)
      most = Math.max(most, running.length)
      clock.after(ms, () => {
        running.splice(running.indexOf(name), 1)
        resolve(name)
      })
    }))
  return { clock, throttle, ask, begun, running, most: () => most }
}

test('four at once, the others in their order, each key by itself', async () => {
  const { clock, ask, begun, most } = ground()
  const all = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ask(name, 1_000)))
  const other = ask('other', 1_000, { key: 'another' })
  await clock.pass(500)
  assert.deepEqual(begun, ['a', 'b', 'c', 'd', 'other'])
  await clock.pass(2_000)
  assert.deepEqual([await all, await other], [['a', 'b', 'c', 'd', 'e', 'f'], 'other'])
  assert.equal(most(), 5)
})

test('a failure gives its place back', async () => {
  const { throttle, ask, clock } = ground({ atOnce: 1 })
  const { signal } = new AbortController()
  await assert.rejects(throttle.enter('k', { server: 'it', signal, patienceMs: 0 }, () => Promise.reject(new Error('no'))), /no/)
  const next = ask('next', 10)
  await clock.pass(20)
  assert.equal(await next, 'next')
})

test('no more than so many in a span of time, a batch by its parts', async () => {
  const { clock, ask, begun } = ground({ most: 10, withinMs: 10_000 })
  const all = [ask('batch', 1, { counts: 9 }), ask('one', 1), ask('later', 1)]
  await clock.pass(9_000)
  assert.deepEqual(begun, ['batch', 'one'])
  await clock.pass(2_000)
  assert.deepEqual(begun, ['batch', 'one', 'later'])
  await Promise.all(all)
})

test('silence that the provider asks for holds everybody, and ends by itself', async () => {
  const { clock, throttle, ask, begun } = ground()
  throttle.delay('k', clock.now() + 5_000, '429')
  assert.equal(throttle.delayedUntil('k'), clock.now() + 5_000)
  throttle.delay('k', clock.now() + 1_000, 'a shorter one changes nothing')
  const waiting = ask('a', 10)
  await clock.pass(4_999)
  assert.deepEqual(begun, [])
  await clock.pass(20)
  assert.equal(await waiting, 'a')
  assert.equal(throttle.delayedUntil('k'), null)
  assert.equal(throttle.delayedUntil('nobody'), null)
})

test('silence beyond patience is told at once, with its end and its reason; those who are more patient wait', async () => {
  const { clock, throttle, ask, begun } = ground()
  const until = clock.now() + 60_000
  const patient = ask('patient', 10, { patienceMs: 120_000 })
  await clock.pass(20)
  await patient
  const waiting = [ask('x', 100_000), ask('x', 100_000), ask('x', 100_000), ask('x', 100_000)]
  const queued = problemOf(ask('queued', 10))
  const stays = ask('stays', 10, { patienceMs: 120_000 })
  throttle.delay('k', until, 'Application is over its limit.')
  assert.deepEqual(await queued, { code: 'delayed-by-provider', server: 'it', until: new Date(until).toISOString(), serverSaid: 'Application is over its limit.' })
  assert.equal((await problemOf(ask('late', 10))).code, 'delayed-by-provider')
  await clock.pass(110_000)
  await Promise.all([...waiting, stays])
  assert.equal(begun.at(-1), 'stays')
})

test('whoever gives up leaves the queue', async () => {
  const { clock, ask, begun } = ground({ atOnce: 1 })
  const controller = new AbortController()
  const first = ask('first', 1_000)
  const gone = ask('gone', 10, { signal: controller.signal })
  const last = ask('last', 10)
  controller.abort(new Error('enough'))
  await assert.rejects(gone, /enough/)
  await assert.rejects(ask('never', 10, { signal: AbortSignal.abort(new Error('before')) }), /before/)
  await clock.pass(2_000)
  await Promise.all([first, last])
  assert.deepEqual(begun, ['first', 'last'])
})
