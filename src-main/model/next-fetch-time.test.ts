import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextFetchTime } from './next-fetch-time.ts'

const rows: [string, Parameters<typeof nextFetchTime>[0], number][] = [
  ['one interval after the last began', { startedAt: 1000, endedAt: 3000, fetchEveryMs: 60_000, retryAfterMs: null }, 61_000],
  ['at once when the round took longer than the interval', { startedAt: 1000, endedAt: 99_000, fetchEveryMs: 60_000, retryAfterMs: null }, 99_000],
  ['after a failure when the wait is over', { startedAt: 1000, endedAt: 3000, fetchEveryMs: 60_000, retryAfterMs: 5_000 }, 8_000],
  ['a long wait is kept', { startedAt: 1000, endedAt: 3000, fetchEveryMs: 5_000, retryAfterMs: 900_000 }, 903_000]
]
for (const [title, input, expected] of rows) test(title, () => assert.equal(nextFetchTime(input), expected))
