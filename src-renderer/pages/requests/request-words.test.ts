import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestTemplate } from '../../../src-contract/request-values.ts'
import { calendarPlace, calendarTitle, valueLines } from './request-words.ts'

const meeting = { method: 'REQUEST', summary: 'Look at the printer', start: '2026-11-23T09:30', end: '2026-11-23T10:00', location: 'Room 3.17', organizer: 'ann@example.com' }
const places: [string, Partial<typeof meeting> | { start: string | null; end: string | null }, string][] = [
  ['one day', {}, '23 Nov 2026 09:30 – 10:00, Room 3.17'],
  ['over midnight', { end: '2026-11-24T00:30' }, '23 Nov 2026 09:30 – 24 Nov 2026 00:30, Room 3.17'],
  ['in UTC, which is said', { start: '20261123T083000Z', end: '20261123T090000Z' }, '23 Nov 2026 08:30 UTC – 09:00 UTC, Room 3.17'],
  ['a whole day', { start: '20261123', end: '20261123', location: '' }, '23 Nov 2026'],
  ['no end', { end: null }, '23 Nov 2026 09:30, Room 3.17'],
  ['no time at all', { start: null, end: null }, 'Room 3.17'],
  ['a time that is none stays as it is', { start: 'soon', end: null, location: '' }, 'soon']
]
for (const [what, change, expected] of places) test(`where and when: ${what}`, () => assert.equal(calendarPlace({ ...meeting, ...change }), expected))

test('the method of a calendar part in words', () => {
  assert.equal(calendarTitle(meeting), 'Meeting: Look at the printer')
  assert.equal(calendarTitle({ ...meeting, method: 'CANCEL', summary: '' }), 'Meeting cancelled: without a title')
  assert.equal(calendarTitle({ ...meeting, method: 'X-OTHER' }), 'Calendar: Look at the printer')
})

test('values by weight, without those that are not there', () => {
  assert.deepEqual(valueLines({}), [])
  assert.deepEqual(valueLines({ template: 'Hardware', category: 'Printer', priority: 'High', item: '', additional: { Room: '3.17' }, resources: { res_1: { qst_2: ['Bag', 'Dock'] } }, loggingAnalyst: 'a@example.com' }).map(({ label, text }) => `${label}=${text}`), ['Priority=High', 'Category=Printer', 'Logging analyst=a@example.com', 'Template=Hardware', 'Room=3.17', 'res_1.qst_2=Bag, Dock'])
})

test('questions by their words where the template is still there', () => {
  const template = requestTemplate.parse({ name: 'Hardware', resources: [{ key: 'res_1', label: 'Laptop', questions: [{ key: 'qst_2', label: 'Accessories', kind: 'check', options: ['Bag'] }] }] })
  const values = { template: 'Hardware', resources: { res_1: { qst_2: ['Bag'], qst_9: ['x'] } } }
  assert.deepEqual(valueLines(values, [template]).slice(1), [{ label: 'Laptop: Accessories', text: 'Bag' }, { label: 'res_1.qst_9', text: 'x' }])
})
