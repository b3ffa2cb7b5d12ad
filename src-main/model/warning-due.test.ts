import assert from 'node:assert/strict'
import { test } from 'node:test'
import { warningDue } from './warning-due.ts'

const at = '2027-01-31T00:00:00.000Z'
const table: [daysLeft: number, given: number | null, due: number | null][] = [
  [61, null, null], [60, null, 60], [59, null, 60], [59, 60, null], [31, 60, null], [30, 60, 30], [8, 30, null], [7, 30, 7], [1, 30, 7], [0, 7, null], [-1, 7, 0], [-300, 0, null], [-300, null, 0], [5, null, 7], [5, 60, 7]
]
for (const [daysLeft, given, due] of table)
  test(`${daysLeft} days left, last warned ${given === null ? 'never' : `${given} days ahead`}: ${due === null ? 'nothing is due' : `the warning for ${due} is due`}`, () => {
    assert.equal(warningDue({ what: 'client-secret', at, daysLeft }, given === null ? null : { ends: at, days: given }), due)
  })

test('another end starts anew', () => {
  assert.equal(warningDue({ what: 'client-secret', at, daysLeft: 50 }, { ends: '2026-12-01T00:00:00.000Z', days: 7 }), 60)
  assert.equal(warningDue({ what: 'client-secret', at, daysLeft: 90 }, { ends: '2026-12-01T00:00:00.000Z', days: 0 }), null)
})

test('of the certificate of a server only the last week is told', () => {
  assert.deepEqual([60, 30, 8, 7, -1].map((daysLeft) => warningDue({ what: 'server-certificate', at, daysLeft }, null)), [null, null, null, 7, 0])
})
