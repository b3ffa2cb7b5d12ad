import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-11-21T08:00:00Z')
const cases: [header: string | null | undefined, wanted: number | null][] = [
  [undefined, null],
  [null, null],
  ['', null],
  ['soon', null],
  ['12', 12_000],
  [' 0.5 ', 500],
  ['Sat, 21 Nov 2026 08:01:00 GMT', 60_000],
  ['Sat, 21 Nov 2026 07:59:00 GMT', 0],
  ['2026-11-21T08:00:02.000Z', 2_000]
]
for (const [header, wanted] of cases) test(`Retry-After ${header}`, () => assert.equal(retryAfterMs(header, now), wanted))
