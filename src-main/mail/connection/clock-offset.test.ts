import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockOffset, wrongClock } from './clock-offset.ts'

const now = Date.parse('2026-11-21T07:00:00Z')
const table: [string | undefined, number | null, number | null][] = [
  ['Sat, 21 Nov 2026 07:00:00 GMT', 0, null],
  ['Sat, 21 Nov 2026 06:58:00 GMT', 120_000, null],
  ['Sat, 21 Nov 2026 06:57:59 GMT', 121_000, 121_000],
  ['Sat, 21 Nov 2026 07:10:00 GMT', -600_000, -600_000],
  ['Saturday, 21-Nov-26 06:50:00 GMT', 600_000, 600_000],
  ['Sat Nov 21 07:00:10 2026', -10_000, null],
  ['Tue Nov  3 07:00:00 2026', 18 * 86_400_000, 18 * 86_400_000],
  [undefined, null, null], ['', null, null], ['yesterday', null, null], ['Sat, 21 Xyz 2026 07:00:00 GMT', null, null], ['Sat, 21 Nov 2026 25:61:00 GMT', null, null]
]
for (const [date, offset, wrong] of table) {
  test(`Date ${String(date)} is off by ${String(offset)} ms`, () => {
    assert.equal(clockOffset(date, now), offset)
    assert.equal(wrongClock(date, now), wrong)
  })
}
