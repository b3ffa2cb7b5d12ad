import { test } from 'node:test'
import assert from 'node:assert/strict'
import { parseDuration, parseSize, printDuration, printSize } from './human-units.ts'

const durations: [string, number | null][] = [
  ['60s', 60_000], ['5m', 300_000], ['1h', 3_600_000], ['500ms', 500], ['1.5s', 1500], ['60 s', 60_000], ['0s', 0],
  ['60', null], ['', null], ['s', null], ['-5s', null], ['1d', null], ['1h30m', null], ['0.0001s', null], ['9999999999999999s', null], ['5 minutes', null]
]
const sizes: [string, number | null][] = [
  ['50MB', 50_000_000], ['10KB', 10_000], ['10kb', 10_000], ['1GB', 1_000_000_000], ['1.5MB', 1_500_000], ['17B', 17], ['0.1MB', 100_000],
  ['50', null], ['50MiB', null], ['MB', null], ['1.0000000005GB', null]
]
for (const [text, milliseconds] of durations) test(`the duration “${text}” is ${milliseconds} ms`, () => assert.equal(parseDuration(text), milliseconds))
for (const [text, bytes] of sizes) test(`the size “${text}” is ${bytes} bytes`, () => assert.equal(parseSize(text), bytes))

test('printing takes the largest exact unit and is read back unchanged', () => {
  assert.deepEqual([0, 1, 500, 1000, 60_000, 90_000, 3_600_000, 86_400_000].map(printDuration), ['0ms', '1ms', '500ms', '1s', '1m', '90s', '1h', '24h'])
  assert.deepEqual([0, 17, 1000, 1_500_000, 50_000_000, 1_000_000_000].map(printSize), ['0B', '17B', '1KB', '1500KB', '50MB', '1GB'])
  for (const amount of [0, 1, 999, 61_000, 3_599_999, 7_200_000]) {
    assert.equal(parseDuration(printDuration(amount)), amount)
    assert.equal(parseSize(printSize(amount)), amount)
  }
})
