import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '#contract/problem.ts'
import { afterTry, fateAfter, isGivenUp, waitAfter, waitForServer } from './after-try.ts'

const peer = { host: 'mail.example.com', port: 25 }
const at = { server: 'main', serverSaid: '' }
const fates: [Problem, ReturnType<typeof fateAfter>][] = [
  [{ code: 'recipient-refused', ...at, recipients: [] }, 'refused'], [{ code: 'sender-refused', ...at, sender: '' }, 'refused'], [{ code: 'mail-refused', ...at }, 'refused'], [{ code: 'mail-too-large', ...at, size: 2, limit: 1 }, 'refused'], [{ code: 'recipient-unusable', address: 'x' }, 'refused'],
  [{ code: 'outgoing-blocked', server: 'main' }, 'held'], [{ code: 'sender-unverified', server: 'main', sender: 'x' }, 'held'], [{ code: 'no-outgoing-server' }, 'held'], [{ code: 'server-is-draft', server: 'main', issues: [] }, 'held'], [{ code: 'dkim-key-unusable', server: 'main', reason: '' }, 'held'],
  [{ code: 'mail-deferred', ...at }, 'again'], [{ code: 'provider-refused', ...at, request: '' }, 'again'], [{ code: 'unexpected', reference: 'X' }, 'again'],
  [{ code: 'connection-refused', ...peer }, 'server-down'], [{ code: 'connection-dropped', during: 'message', ...peer }, 'server-down'], [{ code: 'server-busy', serverSaid: '421', ...peer }, 'server-down'], [{ code: 'host-not-found', ...peer }, 'server-down'], [{ code: 'tls-handshake-failed', serverSaid: '', ...peer }, 'server-down'],
  [{ code: 'credentials-refused', ...at, user: '' }, 'server-down'], [{ code: 'sign-in-revoked', ...at }, 'server-down'], [{ code: 'delayed-by-provider', ...at, until: '' }, 'server-down'], [{ code: 'disk-full', folder: '' }, 'server-down'],
  [{ code: 'mail-uncertain', ...at }, 'uncertain'], [{ code: 'cancelled' }, 'cancelled']
]
for (const [problem, fate] of fates) test(`${problem.code} means ${fate}`, () => assert.equal(fateAfter(problem), fate))

test('a mail waits longer each time up to an hour, and as long as the provider asks, but never longer than that', () => {
  const down: Problem = { code: 'connection-refused', ...peer }
  const now = Date.parse('2026-11-20T08:00:00Z')
  assert.deepEqual([1, 2, 3, 8, 99].map((tries) => waitAfter(down, tries, { now, chance: 0 }) / 1000), [30, 60, 120, 3600, 3600])
  assert.deepEqual([1, 3, 8, 99].map((failures) => waitForServer(down, failures, { now, chance: 0 }) / 1000), [30, 120, 600, 600], 'a server that is away is looked for every ten minutes')
  assert.equal(waitForServer({ code: 'credentials-refused', ...at, user: 'it', serverSaid: '' } as Problem, 99, { now, chance: 0 }) / 1000, 3600, 'one that refuses the sign-in more seldom')
  const asked = (until: string): number => waitAfter({ code: 'delayed-by-provider', ...at, until }, 5, { now, chance: 0 }) / 1000
  assert.deepEqual([asked('2026-11-20T08:02:00Z'), asked('2026-11-20T07:00:00Z'), asked('2026-11-21T08:00:00Z'), asked('soon')], [120, 1, 4500, 480])
})

test('given up is what is old and was tried ten times; what was refused for good says so itself', () => {
  const hours = 72
  assert.deepEqual([[72, 10], [71.9, 10], [8760, 9], [-1, 99]].map(([age = 0, tries = 0]) => isGivenUp({ ageMs: age * 3_600_000, tries, hours })), [true, false, false, false])
  const tried = { tries: 12, ageMs: 73.5 * 3_600_000, hours, now: 0, chance: 0 }
  assert.deepEqual(afterTry({ ...tried, problem: { code: 'mail-deferred', ...at } }), { state: 'refused', nextAt: 0, problem: { code: 'mail-given-up', hours: 73, tries: 12 } })
  assert.equal(afterTry({ ...tried, problem: { code: 'mail-refused', ...at } }).problem.code, 'mail-refused')
  assert.deepEqual(afterTry({ ...tried, ageMs: 0, tries: 1, problem: { code: 'mail-deferred', ...at } }), { state: 'waiting', nextAt: 30_000, problem: { code: 'mail-deferred', ...at } })
})
