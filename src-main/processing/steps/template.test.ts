import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestValues } from '#contract/request-values.ts'
import { partition } from '#contract/settings.ts'
import { noFindings, stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import type { Findings } from '../step.ts'
import { template } from './template.ts'

const it = partition.parse({
  name: 'IT',
  priorities: { impacts: ['High', 'Low'], urgencies: ['High', 'Low'], priorities: ['1', '2', '3'], matrix: [{ impact: 'High', urgency: 'High', priority: '1' }, { impact: 'High', urgency: 'Low', priority: '2' }, { impact: 'Low', urgency: 'High', priority: '2' }] }
})
const requestTemplates = [
  { name: 'Printer', category: 'Hardware', subCategory: 'Printer', item: 'Toner', group: 'Print', site: 'Berlin', assignedOffice: 'Room 1', impact: 'Low', urgency: 'High', mode: 'E-mail', level: 'Tier 1', requestType: 'Incident', technician: 'Tom' },
  { name: 'Urgent', priority: '1', impact: 'Low', urgency: 'Low' },
  { name: 'Other', category: 'Other' }
]
const commanded = (values: RequestValues): Partial<Findings> => ({ commanded: { subject: null, status: null, requester: null, values } })

const table: [string, SaidOfStep, Partial<Findings>, RequestValues, RegExp][] = [
  ['none named', {}, {}, {}, /No template is named, so it begins with Default/],
  ['of the server', { server: { template: 'Printer' } }, {}, { category: 'Hardware', subCategory: 'Printer', item: 'Toner', requestType: 'Incident', mode: 'E-mail', level: 'Tier 1', impact: 'Low', urgency: 'High', group: 'Print', technician: 'Tom', site: 'Berlin', assignedOffice: 'Room 1', template: 'Printer', priority: '2' }, /begin with the template Printer.*make its priority 2/],
  ['whatever the case of its name', { server: { template: 'OTHER' } }, {}, { category: 'Other', template: 'Other' }, /template Other/],
  ['that is gone', { server: { template: 'Gone' } }, {}, {}, /template Gone of this server does not exist, so it begins with Default/],
  ['priority of the template before the matrix', { server: { template: 'Urgent' } }, {}, { priority: '1', impact: 'Low', urgency: 'Low', template: 'Urgent' }, /Urgent\.$/],
  ['a pair that the matrix leaves out', {}, commanded({ impact: 'Low', urgency: 'Low' }), { impact: 'Low', urgency: 'Low' }, /Default\.$/],
  ['matrix by what the command sets', {}, commanded({ impact: 'high', urgency: 'HIGH' }), { impact: 'high', urgency: 'HIGH', priority: '1' }, /priority 1/],
  ['matrix by command and template together', { server: { template: 'Printer' } }, commanded({ impact: 'High', category: '', item: '', requestType: '', mode: '', level: '', group: '', technician: '', site: '', assignedOffice: '', subCategory: '' }), { impact: 'High', urgency: 'High', template: 'Printer', priority: '1' }, /priority 1/],
  ['priority of the command before all', { server: { template: 'Urgent' } }, commanded({ priority: '3' }), { priority: '3', impact: 'Low', urgency: 'Low', template: 'Urgent' }, /Urgent/],
  ['template of the command before the server\'s', { server: { template: 'Printer' } }, commanded({ template: 'Other' }), { category: 'Other', template: 'Other' }, /command names the template Other/],
  ['no partition, no matrix', { partition: null }, commanded({ impact: 'High', urgency: 'High' }), { impact: 'High', urgency: 'High' }, /Default\.$/],
  ['a reply', { server: { template: 'Printer' } }, { replyTo: 5 }, {}, /is there already/],
  ['a change', { server: { template: 'Printer' } }, { replyTo: 5, operation: { operation: 'close', request: 5, by: 'a@b.c', values: {}, status: 'closed', requester: null, changes: [] } }, {}, /is there already/],
  ['a command that makes a request', { server: { template: 'Other' } }, { operation: 'add', ...commanded({ site: 'X' }) }, { category: 'Other', site: 'X', template: 'Other' }, /Other/]
]
for (const [what, said, findings, values, detail] of table)
  test(`template: ${what}`, () => {
    const input = stepInput({ partition: it, settings: { requestTemplates }, ...said })
    const answer = template(input, { ...noFindings(input), ...findings })
    assert.equal(answer.outcome, 'pass')
    assert.deepEqual(('found' in answer ? answer.found?.values : null) ?? {}, values)
    assert.match(answer.detail, detail)
  })

test('template: administrators may make one in place of the plain one', () => {
  const input = stepInput({ settings: { requestTemplates: [{ name: 'default', category: 'General' }] } })
  const answer = template(input, noFindings(input))
  assert.deepEqual('found' in answer ? answer.found?.values : null, { category: 'General', template: 'default' })
})
