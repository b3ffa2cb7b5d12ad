import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestValues } from '#contract/request-values.ts'
import { mergeValues } from './merge-values.ts'

const table: [string, RequestValues, RequestValues, RequestValues][] = [
  ['nothing changes nothing', { priority: 'High' }, {}, { priority: 'High' }],
  ['a value replaces another', { priority: 'High', site: 'A' }, { priority: 'Low' }, { priority: 'Low', site: 'A' }],
  ['an empty value takes away', { priority: 'High' }, { priority: '' }, {}],
  ['additional fields one by one', { additional: { Floor: '2', Desk: '7' } }, { additional: { Floor: '3', Desk: '' } }, { additional: { Floor: '3' } }],
  ['the last additional field gone', { additional: { Desk: '7' } }, { additional: { Desk: '' } }, {}],
  ['answers one by one', { resources: { r: { q: ['a'], p: ['b'] } } }, { resources: { r: { q: ['c'] } } }, { resources: { r: { q: ['c'], p: ['b'] } } }],
  ['no answers take the question away', { resources: { r: { q: ['a'] }, s: { p: ['b'] } } }, { resources: { r: { q: [] } } }, { resources: { s: { p: ['b'] } } }]
]
for (const [what, before, change, after] of table) test(`values: ${what}`, () => assert.deepEqual(mergeValues(before, change), after))
