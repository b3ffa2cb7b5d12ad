import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOrder } from './in-order.ts'

/** Work that ends in another order than it began, and counts how much of it runs at once. */
function watched() {
  const seen = { running: 0, most: 0, begun: 0 }
  const work = async (item: number): Promise<number> => {
    seen.begun++
    seen.most = Math.max(seen.most, ++seen.running)
    await new Promise((done) => setTimeout(done, item % 3))
    seen.running--
    if (item === 13) throw new Error('thirteen')
    return item * 2
  }
  return { seen, work }
}

test('results come in the order of the items, so many at once', async () => {
  const { seen, work } = watched()
  const found: number[] = []
  for await (const one of inOrder([5, 4, 3, 2, 1, 0], 3, work)) found.push(one)
  assert.deepEqual([found, seen.most], [[10, 8, 6, 4, 2, 0], 3])
})
test('heavy items go alone, however heavy', async () => {
  const { seen, work } = watched()
  for await (const one of inOrder([1, 2, 3], 3, work, { weigh: () => 100, most: 10 })) assert.ok(one > 0)
  assert.equal(seen.most, 1)
})
test('a failure is met in its turn, and nothing is begun after the consumer stops', async () => {
  const { seen, work } = watched()
  const found: number[] = []
  await assert.rejects(async () => {
    for await (const one of inOrder([1, 13, 2, 3, 4, 5], 2, work)) found.push(one)
  }, /thirteen/)
  assert.deepEqual(found, [2])
  assert.ok(seen.begun <= 3)
})
