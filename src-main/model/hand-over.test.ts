import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handOverTarget, type HandOverTarget } from '#contract/hand-over.ts'
import { handOverPauseMs, saysItHasItAlready, verdictOf } from './after-hand-over.ts'
import { handOversOf } from './hand-overs-of.ts'

const target = (name: string, wish: Partial<HandOverTarget> = {}): HandOverTarget => ({ ...handOverTarget.parse({ name, kind: 'json', url: 'https://desk.example.com/in', enabled: true }), ...wish })

test('An event goes to every enabled target whose partitions fit', () => {
  const targets = [target('all'), target('off', { enabled: false }), target('it', { partitions: ['IT', 'HR'] }), target('sales', { partitions: ['Sales'] })]
  let keys = 0
  const events = handOversOf(targets, [{ request: 7, partition: 'IT', event: 'request-created', subjectId: 3 }, { request: 7, partition: 'IT', event: 'reply-added', subjectId: 4 }], '2026-11-20T08:00:00.000Z', () => `k${++keys}`)
  assert.deepEqual(events.map(({ target: name, event, key }) => [name, event, key]), [['all', 'request-created', 'k1'], ['it', 'request-created', 'k2'], ['all', 'reply-added', 'k3'], ['it', 'reply-added', 'k4']])
  assert.deepEqual(events[0], { target: 'all', request: 7, event: 'request-created', subjectId: 3, key: 'k1', at: '2026-11-20T08:00:00.000Z' })
})

const verdicts: [number, boolean, string][] = [
  [200, false, 'delivered'], [201, false, 'delivered'], [204, false, 'delivered'], [299, false, 'delivered'],
  [301, false, 'refused'], [302, true, 'refused'], [304, false, 'refused'],
  [400, false, 'refused'], [401, false, 'refused'], [403, false, 'refused'], [404, false, 'refused'], [410, false, 'refused'], [422, true, 'refused'],
  [408, false, 'later'], [425, false, 'later'], [429, false, 'later'],
  [409, true, 'delivered'], [409, false, 'refused'],
  [500, false, 'later'], [502, false, 'later'], [503, true, 'later'], [504, false, 'later'], [599, false, 'later'], [100, false, 'later'], [0, false, 'later']
]
for (const [status, hasItAlready, verdict] of verdicts) test(`${status}${hasItAlready ? ' where it is there already' : ''}: ${verdict}`, () => assert.equal(verdictOf(status, { hasItAlready }), verdict))

test('A help desk says that it has an event already', () => {
  for (const said of ['{"error":"Already received"}', 'duplicate event', '{"id":"evt_1"}', 'Duplicated.']) assert.equal(saysItHasItAlready(said, 'evt_1'), true, said)
  for (const said of ['', 'Conflict', '{"error":"The request is locked"}', 'evt_']) assert.equal(saysItHasItAlready(said, 'evt_1'), false, said)
})

test('Pauses grow from 10 s to an hour, with up to a quarter more', () => {
  assert.deepEqual([1, 2, 3, 4, 9, 10, 11, 1000].map((tries) => handOverPauseMs(tries, 0)), [10_000, 20_000, 40_000, 80_000, 2_560_000, 3_600_000, 3_600_000, 3_600_000])
  assert.equal(handOverPauseMs(1, 1), 12_500)
})
