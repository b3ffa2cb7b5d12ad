import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planBatches } from './plan-batches.ts'

const rows: [string, number[], number[][]][] = [
  ['nothing', [], []],
  ['by count', [1, 1, 1, 1, 1], [[1, 1, 1], [1, 1]]],
  ['by bytes', [60, 30, 20, 90], [[60, 30], [20], [90]]],
  ['a large one is alone', [10, 500, 10], [[10], [500], [10]]],
  ['exactly full', [50, 50, 1], [[50, 50], [1]]]
]
for (const [title, sizes, expected] of rows)
  test(`batches: ${title}`, () => {
    const batches = planBatches(sizes.map((size, index) => ({ id: String(index), size })), 3, 100)
    assert.deepEqual(batches.map((batch) => batch.messages.map(({ size }) => size)), expected)
    for (const batch of batches) assert.equal(batch.bytes, batch.messages.reduce((sum, { size }) => sum + size, 0))
  })
