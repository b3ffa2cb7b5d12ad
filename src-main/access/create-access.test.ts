import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { accessTokensTable } from '../database/access-tokens-table.ts'
import { administrator, createConfiguredConsole, support } from '../../testbed/configured-console.ts'
import { createAccess } from './create-access.ts'

const minute = 60_000
/** Time that the test moves; what was to happen until then happens. */
function heldClock() {
  let time = Date.parse('2026-11-21T13:00:00Z')
  let setBack = 0
  const due = new Set<{ at: number; work: () => void }>()
  return {
    now: () => time - setBack,
    elapsed: () => time,
    setBack: (ms: number) => void (setBack = ms),
    after: (ms: number, work: () => void) => {
      const one = { at: time + ms, work }
      due.add(one)
      return () => void due.delete(one)
    },
    async pass(ms: number, isAsleep = false): Promise<void> {
      time += ms
      if (isAsleep) return
      for (const one of [...due]) if (one.at <= time && due.delete(one)) one.work()
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    }
  }
}

async function accessOver(host: 'desktop' | 'browser' = 'desktop', console = createConfiguredConsole(), clock = heldClock()) {
  const tokens: string[] = []
  const told: string[] = []
  const access = await createAccess({
    ...console.needs, host, clock, accessTokens: accessTokensTable, settings: console.settings.get, notify: { ring: async ({ kind, text }) => void told.push(`${kind} ${text}`) === undefined }, guessed: (from) => void told.push(`guessed ${from}`), reportUnexpected: (thrown) => assert.fail(String(thrown)),
    newToken: () => {
      tokens.push(`token-${tokens.length}-${'x'.repeat(40)}`)
      return tokens.at(-1) ?? ''
    }
  })
  const setPin = (pin: string | null, current: string | null = null, reason: string | null = null) => access.setPin({ current, pin, reason }, administrator)
  const unlock = (pin: string) => access.unlock({ pin }, support)
  const changes = async () => (await console.history.list({ name: null, limit: 100, what: 'access' })).map(({ name, action, who, reason }) => [name, action, who, reason])
  const restart = () => accessOver(host, console, clock)
  return { ...access, told, console, clock, setPin, unlock, changes, restart }
}
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

test('without a PIN the window is an administrator’s, as ever', async () => {
  const { pinState, windowRole } = await accessOver()
  assert.deepEqual([pinState(), windowRole()], ['none', 'administrator'])
})

test('who sets a PIN goes on; after a restart the window is locked until the PIN is entered', async () => {
  const first = await accessOver()
  await first.setPin('2468')
  assert.deepEqual([first.pinState(), first.windowRole()], ['open', 'administrator'])
  const { pinState, windowRole, unlock, lock, console } = await first.restart()
  assert.deepEqual([pinState(), windowRole()], ['locked', 'support'])
  await unlock('2468')
  assert.deepEqual([pinState(), windowRole()], ['open', 'administrator'])
  await lock({}, administrator)
  assert.deepEqual([pinState(), windowRole()], ['locked', 'support'])
  assert.ok(console.events.some(({ name }) => name === 'access-changed'))
  assert.doesNotMatch(JSON.stringify([...console.secrets]) + (await console.wholeDatabase()), /2468/)
})

test('a PIN is changed and taken away with the present one alone', async () => {
  const { setPin, pinState, changes } = await accessOver()
  await setPin('2468')
  assert.deepEqual(await problemOf(setPin('1357')), { code: 'wrong-pin', triesLeft: 4 })
  assert.deepEqual(await problemOf(setPin(null, '9999')), { code: 'wrong-pin', triesLeft: 3 })
  await setPin('1357', '2468', 'it was seen')
  await setPin(null, '1357')
  assert.equal(pinState(), 'none')
  assert.deepEqual(await changes(), [['PIN', 'deleted', 'Ann', null], ['PIN', 'changed', 'Ann', 'it was seen'], ['PIN', 'added', 'Ann', null]])
})

test('five wrong tries, then waits that grow, also over restarts; the right PIN ends them', async () => {
  const { setPin, clock, restart } = await accessOver()
  await setPin('2468')
  let { unlock } = await restart()
  for (const triesLeft of [4, 3, 2, 1, 0]) assert.deepEqual(await problemOf(unlock('0000')), { code: 'wrong-pin', triesLeft })
  assert.deepEqual(await problemOf(unlock('2468')), { code: 'too-many-tries', waitMs: 30_000 })
  ;({ unlock } = await restart())
  assert.deepEqual(await problemOf(unlock('2468')), { code: 'too-many-tries', waitMs: 30_000 })
  await clock.pass(30_000)
  assert.deepEqual(await problemOf(unlock('0000')), { code: 'wrong-pin', triesLeft: 0 })
  assert.deepEqual(await problemOf(unlock('2468')), { code: 'too-many-tries', waitMs: minute })
  await clock.pass(minute)
  await unlock('2468')
  assert.deepEqual(await problemOf(unlock('0000')), { code: 'wrong-pin', triesLeft: 4 })
})

test('a clock that is set forward ends no wait', async () => {
  const { setPin, clock, restart } = await accessOver()
  await setPin('2468')
  const { unlock } = await restart()
  for (const triesLeft of [4, 3, 2, 1, 0]) assert.deepEqual(await problemOf(unlock('0000')), { code: 'wrong-pin', triesLeft })
  clock.setBack(-24 * 60 * minute)
  assert.deepEqual(await problemOf(unlock('0000')), { code: 'too-many-tries', waitMs: 30_000 })
  await clock.pass(30_000)
  await unlock('2468')
})

test('many tries at once count as many', async () => {
  const { setPin, restart } = await accessOver()
  await setPin('2468')
  const { unlock } = await restart()
  const problems = await Promise.all(Array.from({ length: 8 }, () => problemOf(unlock('0000'))))
  assert.deepEqual(problems.map(({ code }) => code), [...Array.from({ length: 5 }, () => 'wrong-pin'), ...Array.from({ length: 3 }, () => 'too-many-tries')])
})

test('a window at which nobody works is locked, and tells the page', async () => {
  const { setPin, windowUsed, windowRole, clock, console } = await accessOver()
  await setPin('2468')
  await clock.pass(14 * minute)
  windowUsed()
  await clock.pass(14 * minute)
  assert.equal(windowRole(), 'administrator')
  console.events.length = 0
  await clock.pass(minute)
  assert.deepEqual(console.events.map(({ name }) => name), ['access-changed'])
  assert.equal(windowRole(), 'support')
  windowUsed()
  assert.equal(windowRole(), 'support')
})

test('a computer that slept finds the window locked, before any timer has run', async () => {
  const { setPin, windowRole, windowUsed, clock } = await accessOver()
  await setPin('2468')
  await clock.pass(60 * minute, true)
  windowUsed()
  assert.equal(windowRole(), 'support')
})

test('a clock that is set back leaves no window open', async () => {
  const { setPin, windowRole, clock } = await accessOver()
  await setPin('2468')
  clock.setBack(24 * 60 * minute)
  await clock.pass(15 * minute)
  assert.equal(windowRole(), 'support')
})

test('a shorter time in the settings holds at once', async () => {
  const { setPin, settingsChanged, windowRole, clock, console } = await accessOver()
  await setPin('2468')
  await clock.pass(5 * minute)
  await console.settings.save({ settings: settingsSchema.parse({ access: { lockAfterMinutes: 5 } }), reason: null }, administrator)
  await settingsChanged()
  assert.equal(windowRole(), 'support')
})

test('what fails to be written down leaves the PIN as it was', async () => {
  const { setPin, console, pinState, restart } = await accessOver()
  await console.settings.save({ settings: settingsSchema.parse({ history: { reasonRequired: true } }), reason: 'x' }, administrator)
  assert.partialDeepStrictEqual(await problemOf(setPin('2468')), { code: 'invalid-input', issues: [{ path: 'reason' }] })
  assert.equal(pinState(), 'none')
  assert.equal((await restart()).pinState(), 'none')
})

test('what the credential store keeps only in part leaves the PIN as it was', async () => {
  const whole = createConfiguredConsole()
  const fault = { is: true }
  const forgets = async (account: string): Promise<boolean> => (fault.is && account === 'access/pin-tries' ? Promise.reject(new Error('the keychain is gone')) : whole.needs.credentials.delete(account))
  const { setPin, restart } = await accessOver('desktop', { ...whole, needs: { ...whole.needs, credentials: { ...whole.needs.credentials, delete: forgets } } })
  await assert.rejects(setPin('2468'), /keychain/)
  assert.equal((await restart()).pinState(), 'none')
})

test('a PIN that was taken away leaves no wait to the next one', async () => {
  const { setPin, resetPin } = await accessOver('browser')
  await setPin('2468')
  for (let wrong = 0; wrong < 5; wrong++) assert.equal((await problemOf(setPin('1357', '0000'))).code, 'wrong-pin')
  await resetPin({ reason: null }, administrator)
  await setPin('1357')
  await setPin(null, '1357')
})

test('a PIN that is set is told of once', async () => {
  const { setPin, console } = await accessOver()
  await setPin('2468')
  assert.equal(console.events.filter(({ name }) => name === 'access-changed').length, 1)
})

test('nobody unlocks the window from elsewhere, and a forgotten PIN is taken away from elsewhere alone', async () => {
  const desktop = await accessOver()
  await desktop.setPin('2468')
  assert.equal((await problemOf(desktop.resetPin({ reason: null }, administrator))).code, 'not-allowed')
  const elsewhere = await accessOver('browser', desktop.console, desktop.clock)
  assert.equal(elsewhere.pinState(), 'none')
  assert.equal((await problemOf(elsewhere.unlock('2468'))).code, 'not-allowed')
  assert.deepEqual(await elsewhere.resetPin({ reason: 'forgotten' }, administrator), { wasSet: true })
  assert.deepEqual(await elsewhere.resetPin({ reason: null }, administrator), { wasSet: false })
  assert.equal((await desktop.restart()).pinState(), 'none')
})

test('a named token is told once, known by its hash, and gone when it is revoked', async () => {
  const { addToken, revokeToken, namedToken, tokens, console, changes, clock, restart, told } = await accessOver('browser')
  const { token } = await addToken({ name: 'monitor', role: 'support', secondFactor: null, reason: 'Prometheus' }, administrator)
  assert.deepEqual(namedToken(hashOf(token)), { name: 'monitor', role: 'support', secondFactor: null })
  assert.equal(namedToken(hashOf(`${token}x`)), null)
  assert.deepEqual((await tokens())[0], { name: 'monitor', role: 'support', createdAt: '2026-11-21T13:00:00.000Z', lastUsedAt: '2026-11-21T13:00:00.000Z', secondFactor: null })
  await clock.pass(59 * minute)
  namedToken(hashOf(token))
  assert.equal((await tokens())[0]?.lastUsedAt, '2026-11-21T13:00:00.000Z')
  await clock.pass(minute)
  namedToken(hashOf(token))
  await console.database.transaction(async () => undefined)
  assert.equal((await (await restart()).tokens())[0]?.lastUsedAt, '2026-11-21T14:00:00.000Z')
  const kept = JSON.stringify(await console.database.all('SELECT * FROM access_tokens')) + (await console.wholeDatabase())
  assert.ok(!kept.includes(token))
  console.events.length = 0
  await revokeToken({ name: 'monitor', reason: null }, administrator)
  assert.equal(namedToken(hashOf(token)), null)
  assert.deepEqual(console.events.map(({ name }) => name), ['access-changed'])
  assert.deepEqual(await changes(), [['monitor', 'deleted', 'Ann', null], ['monitor', 'added', 'Ann', 'Prometheus']])
  assert.deepEqual(told, ['access-changed The access token monitor (support) was added by Ann.', 'access-changed The access token monitor was revoked by Ann.'])
})

test('a token whose code could reach nobody is not made', async () => {
  const { addToken, tokens } = await accessOver('browser')
  assert.deepEqual(await problemOf(addToken({ name: 'ann', role: 'support', secondFactor: 'ann@example..com', reason: null }, administrator)), { code: 'invalid-input', issues: [{ path: 'secondFactor', message: 'No mail can go to that address.' }] })
  assert.deepEqual(await tokens(), [])
})

test('names of tokens are unique in any case, and one that is not there has a nearest', async () => {
  const { addToken, revokeToken } = await accessOver('browser')
  await addToken({ name: 'monitor', role: 'support', secondFactor: null, reason: null }, administrator)
  assert.deepEqual(await problemOf(addToken({ name: 'Monitor', role: 'support', secondFactor: null, reason: null }, administrator)), { code: 'name-taken', what: 'access token', name: 'Monitor' })
  assert.deepEqual(await problemOf(revokeToken({ name: 'monitr', reason: null }, administrator)), { code: 'not-found', what: 'access token', name: 'monitr', nearest: 'monitor' })
})
