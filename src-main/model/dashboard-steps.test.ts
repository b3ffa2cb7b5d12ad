import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dashboardSteps } from './dashboard-steps.ts'

const now = Date.parse('2026-11-21T13:24:50Z')
const rows: [hours: 24 | 168 | 720, offset: number, stepHours: number, count: number, first: string, last: string][] = [
  [24, 0, 1, 24, '2026-11-20T14:00:00.000Z', '2026-11-21T13:00:00.000Z'],
  [24, 60, 1, 24, '2026-11-20T14:00:00.000Z', '2026-11-21T13:00:00.000Z'],
  [168, 0, 6, 28, '2026-11-14T18:00:00.000Z', '2026-11-21T12:00:00.000Z'],
  [168, 60, 6, 28, '2026-11-14T17:00:00.000Z', '2026-11-21T11:00:00.000Z'],
  [720, 0, 24, 30, '2026-10-23T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
  [720, 60, 24, 30, '2026-10-22T23:00:00.000Z', '2026-11-20T23:00:00.000Z'],
  [720, -300, 24, 30, '2026-10-23T05:00:00.000Z', '2026-11-21T05:00:00.000Z'],
  [720, 660, 24, 30, '2026-10-23T13:00:00.000Z', '2026-11-21T13:00:00.000Z'],
  [720, 330, 24, 30, '2026-10-22T18:00:00.000Z', '2026-11-20T18:00:00.000Z']
]
for (const [hours, offset, stepHours, count, first, last] of rows)
  test(`${hours} hours, ${offset} minutes ahead of UTC`, () => {
    const steps = dashboardSteps(hours, now, offset)
    assert.deepEqual([steps.stepHours, steps.at.length, steps.at[0], steps.at.at(-1)], [stepHours, count, first, last])
    assert.deepEqual([steps.indexOf('2026-11-21T13'), steps.indexOf(first), steps.indexOf('2026-09-01T00'), steps.indexOf('2026-11-23T00')], [count - 1, 0, null, null])
  })
