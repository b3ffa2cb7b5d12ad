import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessedMessage } from '#contract/message.ts'
import { createdRows, differencesOf, fieldWords, reportOf } from './processed-words.ts'

const message = (part: Partial<ProcessedMessage>): ProcessedMessage => ({ outcome: 'request', reason: null, message: null, steps: [{ step: 'readable', outcome: 'pass', detail: 'Read.' }], ...part })
const request = (priority: string): ProcessedMessage =>
  message({ creates: { request: { subject: 'Printer', status: 'open', requester: { name: 'Ann', address: 'ann@example.com' }, newPerson: true, values: { priority, additional: { 'Cost centre': '4711' }, resources: { res_1: { q_1: ['a', 'b'] } } } }, reply: null, change: null, answers: [{ to: 'ann@example.com', subject: 'Received' }, { to: 'b@example.com', subject: 'Taken off' }] } })

test('field names read as words', () => {
  for (const [field, words] of [['requestType', 'Request type'], ['technicianEmail', 'Technician email'], ['Cost centre', 'Cost centre'], ['SubCategory', 'Sub category'], ['', '']] as const) assert.equal(fieldWords(field), words)
})

test('everything that would be made is named', () => {
  assert.deepEqual(createdRows(request('High').creates).map(({ name, value }) => `${name}=${value}`), ['New request=Printer', 'Status=open', 'Requester=Ann <ann@example.com> (becomes known as a user)', 'Priority=High', 'Cost centre=4711', 'res_1.q_1=a, b', 'Answer=to ann@example.com: Received', 'Answer=to b@example.com: Taken off'])
  assert.deepEqual(createdRows(null), [])
  assert.deepEqual(createdRows({ request: null, reply: null, change: { request: 7, operation: 'close', fields: [{ field: 'Resolution', value: '' }] }, answers: [] }).map(({ value }) => value), ['Request 7 is closed', '(taken away)'])
})

test('only what differs is a difference', () => {
  assert.deepEqual(differencesOf(request('High'), request('High')), [])
  assert.deepEqual(differencesOf(request('High'), request('Low')), [{ what: 'Priority', here: 'High', there: 'Low' }])
  assert.deepEqual(differencesOf(message({}), message({ outcome: 'dropped', steps: [{ step: 'readable', outcome: 'pass', detail: 'Read.' }, { step: 'recipients', outcome: 'dropped', detail: 'For others.' }] })), [{ what: 'Outcome', here: 'request', there: 'dropped' }, { what: 'Step recipients', here: '–', there: 'dropped: For others.' }])
})

test('a report names the outcome, each step and what would be made', () => {
  const report = reportOf('a.eml', null, { ...request('High'), reason: 'Because' })
  for (const words of ['Message: a.eml', 'Outcome: request – Because', ' 1. readable [pass] Read.', '- Priority: High']) assert.ok(report.includes(words), words)
})
