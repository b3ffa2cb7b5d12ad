import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delayClassOf, delayQuantile, secondsOnTheWay } from './delay-classes.ts'

const at = '2026-11-21T12:00:00.000Z'
const ways: [date: string | null, seconds: number | null][] = [
  ['2026-11-21T12:00:00.000Z', 0], ['2026-11-21T11:59:57.500Z', 2.5], ['2026-11-21T12:00:30.000Z', 0], ['2026-11-21T12:10:00.000Z', 0], ['2026-11-21T12:10:01.000Z', null],
  ['2026-10-22T12:00:00.000Z', 2_592_000], ['2026-10-22T11:59:59.000Z', null], ['1999-01-01T00:00:00.000Z', null], [null, null], ['', null], ['no date', null]
]
for (const [date, seconds] of ways) test(`a mail of ${String(date)} was ${String(seconds)} s on the way`, () => assert.equal(secondsOnTheWay(date, at), seconds))

const classes: [seconds: number, bound: number][] = [[0, 1], [1, 1], [1.01, 2], [5, 5], [61, 120], [3_600, 3_600], [86_401, 2_592_000], [9_999_999, 2_592_000]]
for (const [seconds, bound] of classes) test(`${seconds} s belong to the class up to ${bound} s`, () => assert.equal(delayClassOf(seconds), bound))

const quantiles: [name: string, counts: [number, number][], share: number, expected: number | null][] = [
  ['of nothing is not known', [], 0.5, null],
  ['of empty classes is not known', [[1, 0], [60, 0]], 0.5, null],
  ['of one class is in its middle', [[60, 10]], 0.5, 45],
  ['lies in the class where half of the messages are', [[1, 5], [2, 5]], 0.5, 1],
  ['goes on into the next class', [[1, 4], [2, 4], [5, 4]], 0.5, 1.5],
  ['of 95 percent', [[1, 90], [10, 10]], 0.95, 7.5],
  ['skips empty classes', [[1, 1], [3_600, 1]], 0.95, 1_800 + 1_800 * 0.9],
  ['of all is the upper bound', [[1, 3], [300, 1]], 1, 300],
  ['of none is where the messages begin', [[30, 2]], 0, 10]
]
for (const [name, counts, share, expected] of quantiles)
  test(`the delay ${name}`, () => {
    const found = delayQuantile(new Map(counts), share)
    if (expected === null) assert.equal(found, null)
    else assert.ok(found !== null && Math.abs(found - expected) < 1e-9, `${String(found)} instead of ${expected}`)
  })
