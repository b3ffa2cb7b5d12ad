import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import type { Problem } from '#contract/problem.ts'
import { handOverTable } from './hand-over-table.ts'

const at = '2026-11-20T08:00:00.000Z'
const later = '2026-11-20T09:00:00.000Z'
const problem: Problem = { code: 'hand-over-unreachable', target: 'desk', reason: 'It is away.' }

/** Events 1 to 6: of requests 1 2 1 at `desk`, 1 at `other`, 2 1 at `desk`. */
const filled = async () => {
  const database = createMemoryDatabase()
  const events = [['desk', 1], ['desk', 2], ['desk', 1], ['other', 1], ['desk', 2], ['desk', 1]] as const
  await database.transaction((transaction) => handOverTable.add(transaction, events.map(([target, request], index) => ({ target, request, event: 'reply-added', subjectId: 10 + index, key: `k${index + 1}`, at }))))
  const due = async (now = at, limit = 10): Promise<number[]> => (await handOverTable.due(database, { target: 'desk', now, limit })).map(({ id }) => id)
  return { database, due, run: database.transaction }
}

test('Of each request its first undelivered event is due', async () => {
  const { database, due, run } = await filled()
  assert.deepEqual(await handOverTable.due(database, { target: 'desk', now: at, limit: 1 }), [{ id: 1, target: 'desk', request: 1, event: 'reply-added', subjectId: 10, key: 'k1', state: 'waiting', tries: 0, createdAt: at, nextTryAt: at, deliveredAt: null, problem: null }])
  assert.deepEqual(await due(), [1, 2])
  await run((transaction) => handOverTable.delivered(transaction, 1, at))
  assert.deepEqual(await due(), [3, 2])
  await run((transaction) => handOverTable.later(transaction, 3, later, problem))
  assert.deepEqual([await due(), await handOverTable.nextDue(database, 'desk', at), await due(later)], [[2], later, [3, 2]])
  await run((transaction) => handOverTable.refused(transaction, 3, problem))
  assert.deepEqual([await due(later), await handOverTable.nextDue(database, 'desk', at)], [[2], null])
  await run((transaction) => handOverTable.delivered(transaction, 2, at))
  await run((transaction) => handOverTable.delivered(transaction, 5, at))
  assert.deepEqual([await due(later), await handOverTable.counts(database, ['desk', 'other']), await handOverTable.counts(database, [])], [[], { waiting: 2, refused: 1 }, { waiting: 0, refused: 0 }])
})

test('A retry takes what is undelivered at its target alone', async () => {
  const { database, due, run } = await filled()
  await run((transaction) => handOverTable.delivered(transaction, 1, at))
  await run((transaction) => handOverTable.refused(transaction, 2, problem))
  await run((transaction) => handOverTable.later(transaction, 3, later, problem))
  assert.equal(await run((transaction) => handOverTable.retry(transaction, 'desk', [1, 2, 4], at)), 1)
  assert.deepEqual(await due(), [2])
  assert.equal(await run((transaction) => handOverTable.retry(transaction, 'desk', null, at)), 4)
  assert.deepEqual(await due(), [3, 2])
  assert.deepEqual((await handOverTable.page(database, { limit: 10, before: null, target: null, state: 'delivered' })).map(({ id }) => id), [1])
})

test('Pages are newest first, with what the help desk calls the request', async () => {
  const { database, run } = await filled()
  await run((transaction) => handOverTable.keepRemote(transaction, 'desk', 1, 'A'))
  await run((transaction) => handOverTable.keepRemote(transaction, 'desk', 1, 'B'))
  const page = async (before: number | null, target: string | null = null) => (await handOverTable.page(database, { limit: 3, before, target, state: null })).map(({ id, remoteId }) => [id, remoteId])
  assert.deepEqual(await page(null), [[6, 'B'], [5, null], [4, null]])
  assert.deepEqual(await page(4, 'desk'), [[3, 'B'], [2, null], [1, 'B']])
  assert.deepEqual([await handOverTable.remoteOf(database, 'desk', 1), await handOverTable.remoteOf(database, 'other', 1)], ['B', null])
  assert.equal(await run((transaction) => handOverTable.drop(transaction, 'desk')), 5)
  assert.deepEqual([await handOverTable.targets(database), await handOverTable.remoteOf(database, 'desk', 1)], [['other'], null])
})

test('A key stands for one event', async () => {
  const { run } = await filled()
  await assert.rejects(run((transaction) => handOverTable.add(transaction, [{ target: 'desk', request: 1, event: 'reply-added', subjectId: 1, key: 'k1', at }])))
})
