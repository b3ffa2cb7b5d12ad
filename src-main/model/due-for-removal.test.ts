import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutoffFor, cutoffsOf, dueForRemoval, logCutoff, type RetentionRules } from './due-for-removal.ts'

const now = Date.parse('2026-11-21T12:00:00.000Z')
const rules: RetentionRules = {
  retention: { originals: 30, texts: 365, errorRecords: 90, logs: 30 },
  partitions: [
    { name: 'IT', retention: null },
    { name: 'HR', retention: { originals: 1, texts: 7, errorRecords: null } },
    { name: 'Legal', retention: { originals: null, texts: null, errorRecords: null } },
    { name: 'Odd', retention: { originals: 30, texts: 5, errorRecords: 1 } }
  ]
}
const rows: [partition: string, receivedAt: string, removed: 'original' | 'text' | null, due: 'original' | 'text' | null, why: string][] = [
  ['IT', '2026-11-21T11:00:00.000Z', null, null, 'an hour old'],
  ['IT', '2026-10-22T12:00:00.000Z', null, null, 'exactly 30 days old: still within'],
  ['IT', '2026-10-22T11:59:59.999Z', null, 'original', 'a millisecond longer'],
  ['IT', '2026-10-01T00:00:00.000Z', 'original', null, 'its original is gone already'],
  ['IT', '2025-11-21T11:59:59.999Z', 'original', 'text', 'more than a year old'],
  ['IT', '2020-01-01T00:00:00.000Z', null, 'text', 'with the text goes the original'],
  ['IT', '2020-01-01T00:00:00.000Z', 'text', null, 'nothing is left'],
  ['HR', '2026-11-20T11:00:00.000Z', null, 'original', 'the partition has a period of its own'],
  ['HR', '2026-11-14T11:00:00.000Z', 'original', 'text', 'the partition has a period of its own for texts'],
  ['Legal', '1999-01-01T00:00:00.000Z', null, null, 'its own periods are: for ever'],
  ['Odd', '2026-11-15T00:00:00.000Z', null, 'text', 'texts go before originals would'],
  ['gone', '2026-10-01T00:00:00.000Z', null, 'original', 'a partition that is no more follows the settings'],
  ['', '2026-11-20T00:00:00.000Z', null, null, 'no partition follows the settings'],
  ['IT', '2027-01-01T00:00:00.000Z', null, null, 'a clock that was wrong']
]
for (const [partition, receivedAt, removed, due, why] of rows)
  test(`${partition || '(none)'}, ${receivedAt}, ${removed ?? 'whole'}: ${due ?? 'stays'}, ${why}`, () => assert.equal(dueForRemoval({ partition, receivedAt, removed }, rules, now), due))

test('cut-offs of error records and of the log', () => {
  const cutoffs = cutoffsOf('errorRecords', rules, now)
  assert.deepEqual(['IT', 'HR', 'Odd', 'gone'].map((name) => cutoffFor(cutoffs, name)), ['2026-08-23T12:00:00.000Z', null, '2026-11-20T12:00:00.000Z', '2026-08-23T12:00:00.000Z'])
  assert.equal(logCutoff(rules, now), '2026-10-22T12:00:00.000Z')
  assert.equal(logCutoff({ retention: { ...rules.retention, logs: null } }, now), null)
})
