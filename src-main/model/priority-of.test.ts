import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priorityMatrix, type RequestValues } from '#contract/request-values.ts'
import { priorityAfter, priorityOf } from './priority-of.ts'

const priorities = priorityMatrix.parse({ impacts: ['High', 'Low'], urgencies: ['High', 'Low'], priorities: ['1', '2'], matrix: [{ impact: 'High', urgency: 'High', priority: '1' }, { impact: 'Low', urgency: 'High', priority: '2' }] })

const pairs: [RequestValues, string | null][] = [
  [{ impact: 'High', urgency: 'High' }, '1'], [{ impact: 'low', urgency: 'HIGH' }, '2'], [{ impact: 'High', urgency: 'Low' }, null], [{ impact: 'High' }, null], [{}, null], [{ impact: 'Odd', urgency: 'High' }, null]
]
for (const [values, expected] of pairs) test(`priority of ${JSON.stringify(values)}`, () => assert.equal(priorityOf(priorities, values), expected))

const changes: [string, string, RequestValues, RequestValues, string | null][] = [
  ['follows the matrix', '', { impact: 'High', urgency: 'High', priority: '1' }, { impact: 'Low' }, '2'],
  ['set by hand stays', '', { impact: 'High', urgency: 'High', priority: '2' }, { impact: 'Low' }, null],
  ['given by the command', '', { impact: 'High', urgency: 'High', priority: '1' }, { impact: 'Low', priority: '1' }, null],
  ['fixed by the template', '1', { impact: 'High', urgency: 'High', priority: '1' }, { impact: 'Low' }, null],
  ['nothing that weighs changes', '', { impact: 'High', urgency: 'High', priority: '1' }, { site: 'x' }, null],
  ['first impact', '', { urgency: 'High' }, { impact: 'Low' }, '2'],
  ['a pair that the matrix leaves out', '', { impact: 'High', urgency: 'High', priority: '1' }, { urgency: 'Low' }, ''],
  ['impact taken away', '', { impact: 'High', urgency: 'High', priority: '1' }, { impact: '' }, ''],
  ['the same again', '', { impact: 'High', urgency: 'High', priority: '1' }, { impact: 'High' }, null]
]
for (const [what, fixed, before, change, expected] of changes) test(`priority after a change: ${what}`, () => assert.equal(priorityAfter(priorities, { priority: fixed }, before, change), expected))
