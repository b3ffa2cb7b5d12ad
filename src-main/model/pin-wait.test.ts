import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterWrongPin, triesLeft, waitNow } from './pin-wait.ts'

const minute = 60_000
const table: [wrongBefore: number, waitMs: number, left: number][] = [
  [0, 0, 4], [1, 0, 3], [2, 0, 2], [3, 0, 1], [4, minute / 2, 0], [5, minute, 0], [6, 5 * minute, 0], [7, 15 * minute, 0], [8, 60 * minute, 0], [9, 60 * minute, 0], [1_000, 60 * minute, 0]
]
for (const [wrong, waitMs, left] of table)
  test(`wrong try ${wrong + 1} costs ${waitMs} ms and leaves ${left}`, () => {
    const tries = afterWrongPin({ wrong, until: 0 }, 1_000_000)
    assert.equal(waitNow(tries, 1_000_000), waitMs)
    assert.equal(triesLeft(tries), left)
  })

test('a wait is over when its time has come', () => {
  const tries = afterWrongPin({ wrong: 4, until: 0 }, 1_000)
  assert.equal(waitNow(tries, 30_999), 1)
  assert.equal(waitNow(tries, 31_000), 0)
})

test('a clock that was set back a year makes nobody wait a year', () => assert.equal(waitNow({ wrong: 5, until: 31_536_000_000 }, 0), 60 * minute))
