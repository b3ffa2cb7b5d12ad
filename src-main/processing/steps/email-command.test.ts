import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainTemplate } from '#contract/request-values.ts'
import { partition } from '#contract/settings.ts'
import { noFindings, personNamed, stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import type { Findings, StepAnswer } from '../step.ts'
import { emailCommand } from './email-command.ts'

const people = [
  personNamed('Tom', { id: 1, analyst: true, signIn: true }),
  personNamed('Uma', { id: 2, signIn: true }),
  personNamed('Una', { id: 3, signIn: true, rights: ['edit', 'close'] }),
  personNamed('Ned', { id: 4 }),
  personNamed('Tim', { id: 5, analyst: true, signIn: true, rights: ['close'] })
]
const requestTemplates = [
  { name: 'Printer', requesterFields: ['Category', 'Resolution', 'Status', 'Floor', 'RequestTemplate'], additionalFields: ['Floor'], technicianFields: [...plainTemplate.technicianFields, 'Floor'], resources: [{ key: 'res_1', label: 'Paper', questions: [{ key: 'q_1', label: 'Kind', kind: 'select' as const, options: ['A4', 'A3'] }, { key: 'q_2', label: 'With', kind: 'check' as const, options: ['Staples', 'Holes'] }] }] },
  { name: 'Other' }
]
const settings: NonNullable<SaidOfStep['settings']> = { processing: { emailCommand: { enabled: true } }, requestTemplates }
const it = partition.parse({ name: 'IT', priorities: { impacts: ['High', 'Low'], urgencies: ['High', 'Low'], priorities: ['1', '2'], matrix: [{ impact: 'High', urgency: 'High', priority: '1' }] } })
const requests: SaidOfStep['requests'] = [
  { number: 5, requester: 'una@example.net', values: { category: 'Old', template: 'Printer', resources: { res_1: { q_1: ['A4'], q_2: ['Holes'] } } } },
  { number: 6, requester: 'bob@example.net', status: 'closed' },
  { number: 7, partition: 'HR' }
]

/** What mail of somebody leads to, whose subject has the identifier in front. */
function command(from: string, subject: string, text: string, more: SaidOfStep = {}, findings: Partial<Findings> = {}): { outcome: StepAnswer['outcome']; detail: string; reason: string | null; found: Partial<Findings> } {
  const name = from.charAt(0).toUpperCase() + from.slice(1)
  const input = stepInput({ subject: `@@command@@ ${subject}`, text, people, settings, requests, partition: it, content: { from: { name, address: `${from}@example.net` } }, ...more })
  const answer = emailCommand(input, { ...noFindings(input), ...findings })
  return { outcome: answer.outcome, detail: answer.detail, reason: answer.outcome === 'error' && answer.problem.code === 'email-command-refused' ? answer.problem.reason : null, found: answer.outcome === 'pass' ? (answer.found ?? {}) : {} }
}

const ordinary: [string, string, SaidOfStep, Partial<Findings>, RegExp][] = [
  ['commands are off', 'tom', { settings: {} }, {}, /switched off/],
  ['no identifier', 'tom', { subject: 'Printer' }, {}, /does not contain the identifier/],
  ['an unknown sender', 'eve', {}, {}, /nobody is known at eve@example\.net\. It is ordinary mail/],
  ['a person without sign-in permission', 'ned', {}, {}, /ned@example\.net has no permission to sign in/],
  ['an automatic answer that quotes a command', 'tom', {}, { automatic: { kind: 'answer', sign: 'Auto-Submitted: auto-replied' } }, /automatic mail \(Auto-Submitted/],
  ['mail of a list', 'tom', {}, { automatic: { kind: 'list', sign: 'List-Id: x' } }, /automatic mail/],
  ['a doubtful sender', 'tom', {}, { mark: 'The domain example.net does not stand for this message.' }, /sender is doubtful \(The domain/]
]
for (const [what, from, more, findings, detail] of ordinary)
  test(`ordinary mail: ${what}`, () => {
    const { outcome, found, detail: told } = command(from, '##RE-5##', '$Operation=CloseRequest$', more, findings)
    assert.deepEqual([outcome, found], ['pass', {}])
    assert.match(told, detail)
  })

test('a notification of a machine with sign-in permission may command', () => {
  assert.equal(command('tom', 'x', '$Operation=AddRequest$', {}, { automatic: { kind: 'notification', sign: 'Auto-Submitted: auto-generated' } }).found.operation, 'add')
})

test('a command that somebody quotes is not theirs', () => {
  const { outcome, found, detail } = command('tom', '##RE-5##', 'No.\n\n> $Operation=CloseRequest$', {}, { replyTo: 5 })
  assert.deepEqual([outcome, found], ['pass', { replyTo: 5 }])
  assert.match(detail, /names request 5 but no operation, so it is a reply/)
})

type Refused = [what: string, from: string, subject: string, text: string, reason: RegExp, findings?: Partial<Findings>]
const refusals: Refused[] = [
  ['an unknown operation', 'tom', '##RE-5##', '$Operation=DeleteRequest$', /no operation "DeleteRequest"; there are AddRequest, EditRequest, CloseRequest and PickupRequest/],
  ['no request named', 'tom', 'x', '$Operation=EditRequest$ $Priority=1$', /names no request: RequestID is needed/],
  ['no request named, but a reference', 'tom', 'x', '$Operation=CloseRequest$', /RequestID is needed/, { replyTo: 5 }],
  ['a request that does not exist', 'tom', '##RE-99##', '$Operation=CloseRequest$', /Request 99 does not exist/],
  ['… in the text, though the subject\'s does', 'tom', '##RE-5##', '$Operation=CloseRequest$ $RequestID=99$', /Request 99 does not exist/],
  ['a request of another partition', 'tom', '##RE-7##', '$Operation=PickupRequest$', /Request 7 belongs to another partition than IT/],
  ['several requests in the subject', 'tom', '##RE-5## ##RE-6##', '$Operation=CloseRequest$', /several requests \(5, 6\)/],
  ['an id that is none', 'tom', '##RE-5##', '$Operation=CloseRequest$ $RequestID=CH-5$', /RequestID "CH-5" is no id/],
  ['a user without the right', 'uma', '##RE-5##', '$Operation=EditRequest$ $Category=x$', /Uma does not have the right to edit/],
  ['a user with the right, on another\'s request', 'una', '##RE-6##', '$Operation=EditRequest$ $Category=x$', /Request 6 is not a request of Una/],
  ['an analyst without the right', 'tim', '##RE-5##', '$Operation=PickupRequest$', /Tim does not have the right to pick up/],
  ['close, and set what needs the right to edit', 'tim', '##RE-5##', '$Operation=CloseRequest$ $Category=x$', /also sets Category, but Tim does not have the right to edit/],
  ['edit nothing that can be set', 'tom', '##RE-5##', '$Operation=EditRequest$ $Colour=red$', /names no field that can be set\. There is no field Colour/],
  ['edit nothing at all', 'tom', '##RE-5##', '$Operation=EditRequest$', /names no field that can be set/],
  ['no operation, a request that does not exist', 'tom', '##RE-99##', 'Hello', /Request 99 does not exist.*makes no new request/],
  ['no operation, a request of another partition in the text', 'tom', 'x', '$RequestID=7$', /another partition.*makes no new request/],
  ['no operation, two ids', 'tom', '##RE-5## ##RE-6##', 'Hello', /several requests/]
]
for (const [what, from, subject, text, reason, findings] of refusals)
  test(`refused: ${what}`, () => {
    const answer = command(from, subject, text, {}, findings)
    assert.equal(answer.outcome, 'error')
    assert.match(answer.reason ?? '', reason)
    assert.match(answer.detail, /^The e-mail command is refused: /)
  })

test('refused: closing through Status without the right to close', () => {
  const ida = personNamed('Ida', { analyst: true, signIn: true, rights: ['edit'] })
  for (const [subject, text] of [['##RE-5##', '$Operation=EditRequest$ $Status=Resolved$'], ['x', '$Operation=AddRequest$ $Status=Closed$']] as const)
    assert.match(command('ida', subject, text, { people: [ida] }).reason ?? '', /^Status is closed, but Ida does not have the right to close requests\.$/)
})

test('add: a new request with its fields, its subject without the identifier', () => {
  const { found, detail } = command('tom', 'Printer is out of paper ##RE-5##', 'Hello\n$Operation=AddRequest$\n$Impact=high$ $Urgency=Odd$ $Status=Open$ $Colour=red$\n$RequestTemplate=printer$ $floor=2$\n@@res_1.q_1=a3@@ @@res_1.q_2=Glue@@\nThanks', {}, { replyTo: 5 })
  assert.deepEqual([found.operation, found.replyTo, found.template?.name], ['add', null, 'Printer'])
  assert.deepEqual(found.commanded, { subject: 'Printer is out of paper', status: 'open', requester: null, values: { impact: 'High', additional: { Floor: '2' }, resources: { res_1: { q_1: ['A3'] } }, template: 'Printer' } })
  assert.match(detail, /makes a new request, for tom@example\.net\. Set: Status, Impact, Floor, res_1\.q_1\. It begins with the template Printer\. The id of a request in it means nothing here\. There is no field Colour\. Urgency Odd is not in the list of the partition\. res_1\.q_2: none of "Glue" is an option/)
})

const adds: [string, string, string, SaidOfStep, object, RegExp?][] = [
  ['subject from the text without commands', 'tom', '$Operation=AddRequest$\nThe printer is broken\n$Priority=1$', { subject: 'Re: @@command@@ ##RE-5##' }, { subject: 'The printer is broken', status: null, requester: null, values: { priority: '1' } }],
  ['nothing to take a subject from', 'tom', '$Operation=AddRequest$', { subject: '@@command@@' }, { subject: '(no subject)', status: null, requester: null, values: {} }],
  ['requester by address', 'tom', '$Operation=AddRequest$ $RequesterEmail=Bob@Example.NET <mailto:bob@example.net>$ $Requester=Bob B.$', {}, { subject: 'x', status: null, requester: { name: 'Bob B.', address: 'Bob@example.net' }, values: {} }, /for Bob@example\.net/],
  ['requester with address in one field', 'tom', '$Operation=AddRequest$ $Requester=Bob B. <bob@example.net>$', {}, { subject: 'x', status: null, requester: { name: 'Bob B.', address: 'bob@example.net' }, values: {} }],
  ['requester known by address', 'tom', '$Operation=AddRequest$ $RequesterEmail=uma@example.net$', {}, { subject: 'x', status: null, requester: { name: 'Uma', address: 'uma@example.net' }, values: {} }],
  ['requester by a name alone', 'tom', '$Operation=AddRequest$ $Requester=una$', {}, { subject: 'x', status: null, requester: { name: 'una', address: 'una@example.net' }, values: {} }, /for una@example\.net/],
  ['requester by a name that nobody has', 'tom', '$Operation=AddRequest$ $Requester=Bob$', {}, { subject: 'x', status: null, requester: null, values: {} }, /for tom@example\.net.*Requester Bob is not the name of one person who is known/],
  ['technician by name', 'tom', '$Operation=AddRequest$ $Technician=Tim$', {}, { subject: 'x', status: null, requester: null, values: { technician: 'Tim', technicianEmail: 'tim@example.net' } }],
  ['an address that is none', 'tom', '$Operation=AddRequest$ $RequesterEmail=bob$ $TechnicianEmail=tom$', {}, { subject: 'x', status: null, requester: null, values: {} }, /TechnicianEmail tom is no address\. RequesterEmail bob is no address/],
  ['a user may set no requester', 'uma', '$Operation=AddRequest$ $RequesterEmail=tom@example.net$ $Category=x$', {}, { subject: 'x', status: null, requester: null, values: { category: 'x' } }, /RequesterEmail is no field that uma@example\.net may set with the template Default/],
  ['technician by address', 'tom', '$Operation=AddRequest$ $TechnicianEmail=tim@example.net$', {}, { subject: 'x', status: null, requester: null, values: { technician: 'Tim', technicianEmail: 'tim@example.net' } }],
  ['technician by name and address', 'tom', '$Operation=AddRequest$ $TechnicianEmail=new@example.net$ $Technician=Nora$', {}, { subject: 'x', status: null, requester: null, values: { technician: 'Nora', technicianEmail: 'new@example.net' } }],
  ['technician who is a user only', 'tom', '$Operation=AddRequest$ $TechnicianEmail=uma@example.net$', {}, { subject: 'x', status: null, requester: null, values: {} }, /no analyst/],
  ['fields of the server\'s template', 'uma', '$Operation=AddRequest$ $Floor=2$ $Site=x$', { server: { template: 'Printer' } }, { subject: 'x', status: null, requester: null, values: { additional: { Floor: '2' } } }, /Site is no field that uma/],
  ['a label that the template does not have', 'tom', '$Operation=AddRequest$ $Floor=2$', {}, { subject: 'x', status: null, requester: null, values: {} }, /The template Default has no field Floor/],
  ['a template that does not exist', 'tom', '$Operation=AddRequest$ $RequestTemplate=Gone$', {}, { subject: 'x', status: null, requester: null, values: {} }, /There is no template Gone/],
  ['a template that the sender may not name', 'uma', '$Operation=AddRequest$ $RequestTemplate=Printer$', {}, { subject: 'x', status: null, requester: null, values: {} }, /RequestTemplate is no field that uma/],
  ['a status that is neither', 'tom', '$Operation=AddRequest$ $Status=Purple$', {}, { subject: 'x', status: null, requester: null, values: {} }, /Status Purple is neither open nor closed/],
  ['a closed one', 'tom', '$Operation=AddRequest$ $Status=Resolved$ $Resolution=Done already$', {}, { subject: 'x', status: 'closed', requester: null, values: { resolution: 'Done already' } }],
  ['a value that is too long', 'tom', `$Operation=AddRequest$ $Site=${'x'.repeat(400)}$`, {}, { subject: 'x', status: null, requester: null, values: { site: `${'x'.repeat(249)}…` } }, /Site was cut after 250 characters/],
  ['an open field', 'tom', '$Operation=AddRequest$ $Site=x', {}, { subject: 'x', status: null, requester: null, values: {} }, /Site has no closing delimiter/],
  ['another delimiter', 'tom', '^Operation=AddRequest^ ^Site=x^', { settings: { ...settings, processing: { emailCommand: { enabled: true, delimiter: '^' } } } }, { subject: 'x', status: null, requester: null, values: { site: 'x' } }]
]
for (const [what, from, text, more, commanded, detail] of adds)
  test(`add: ${what}`, () => {
    const answer = command(from, 'x', text, more)
    assert.deepEqual([answer.outcome, answer.found.operation, answer.found.commanded], ['pass', 'add', commanded])
    if (detail !== undefined) assert.match(answer.detail, detail)
  })

test('without id and operation it is an ordinary new request with its fields', () => {
  const { found, detail } = command('tom', 'Printer', '$Priority=1$\nIt is broken')
  assert.deepEqual([found.operation, found.replyTo, found.commanded], [null, null, { subject: 'Printer', status: null, requester: null, values: { priority: '1' } }])
  assert.match(detail, /names no operation and no request, so it is a new request with its fields/)
})

const replies: [string, string, string, number | null, number | undefined][] = [
  ['id in the subject', '##RE-5##', '$Priority=1$', 5, 5],
  ['id in the text before the one in the subject', '##RE-5##', '$RequestID=6$', 5, 6],
  ['by a reference', 'x', '$Priority=1$', 5, undefined]
]
for (const [what, subject, text, before, replyTo] of replies)
  test(`without an operation it is a reply: ${what}`, () => {
    const { outcome, found, detail } = command('tom', subject, text, {}, { replyTo: before })
    assert.deepEqual([outcome, found.replyTo, found.operation, found.commanded], ['pass', replyTo, undefined, undefined])
    assert.match(detail, /its fields are not applied/)
  })

const changes: [string, string, string, string, object][] = [
  ['edit', 'tom', '##RE-5##', '$Operation=EditRequest$ $Category=New$ $Impact=High$ $Urgency=High$',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: { category: 'New', impact: 'High', urgency: 'High', priority: '1' }, status: null, requester: null, changes: [{ field: 'Category', from: 'Old', to: 'New' }, { field: 'Impact', from: '', to: 'High' }, { field: 'Urgency', from: '', to: 'High' }, { field: 'Priority', from: '', to: '1' }] }],
  ['edit: id in the text first', 'tom', '##RE-6##', '$Operation=EditRequest$ $RequestID=##RE-5##$ $Category=New$',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: { category: 'New' }, status: null, requester: null, changes: [{ field: 'Category', from: 'Old', to: 'New' }] }],
  ['edit: a value taken away', 'tom', '##RE-5##', '$Operation=EditRequest$ $Category=$',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: { category: '' }, status: null, requester: null, changes: [{ field: 'Category', from: 'Old', to: '' }] }],
  ['edit: resources', 'tom', '##RE-5##', '$Operation=EditRequest$ @@res_1.q_1=A3,A4@@ @@res_1.q_2=Staples,Glue@@',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: { resources: { res_1: { q_1: [], q_2: ['Staples'] } } }, status: null, requester: null, changes: [{ field: 'res_1.q_1', from: 'A4', to: '' }, { field: 'res_1.q_2', from: 'Holes', to: 'Staples' }] }],
  ['edit: reopen', 'tom', '##RE-6##', '$Operation=EditRequest$ $Status=Open$',
    { operation: 'edit', request: 6, by: 'tom@example.net', values: {}, status: 'open', requester: null, changes: [{ field: 'Status', from: 'closed', to: 'open' }] }],
  ['edit: closing through Status', 'tom', '##RE-5##', '$Operation=EditRequest$ $Status=Resolved$',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: {}, status: 'closed', requester: null, changes: [{ field: 'Status', from: 'open', to: 'closed' }] }],
  ['edit: requester', 'tom', '##RE-5##', '$Operation=EditRequest$ $RequesterEmail=uma@example.net$',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: {}, status: null, requester: { name: 'Uma', address: 'uma@example.net' }, changes: [{ field: 'Requester', from: 'una@example.net', to: 'uma@example.net' }] }],
  ['edit: another template', 'tom', '##RE-5##', '$Operation=EditRequest$ $RequestTemplate=other$',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: { template: 'Other' }, status: null, requester: null, changes: [{ field: 'RequestTemplate', from: 'Printer', to: 'Other' }] }],
  ['edit: what it is already', 'tom', '##RE-5##', '$Operation=EditRequest$ $Category=Old$',
    { operation: 'edit', request: 5, by: 'tom@example.net', values: { category: 'Old' }, status: null, requester: null, changes: [] }],
  ['edit by a user with the right, own request', 'una', '##RE-5##', '$Operation=EditRequest$ $Category=New$ $Priority=1$',
    { operation: 'edit', request: 5, by: 'una@example.net', values: { category: 'New' }, status: null, requester: null, changes: [{ field: 'Category', from: 'Old', to: 'New' }] }],
  ['close with a resolution', 'tim', '##RE-5##', '$Operation=CloseRequest$ $Resolution=Toner = changed$',
    { operation: 'close', request: 5, by: 'tim@example.net', values: { resolution: 'Toner = changed' }, status: 'closed', requester: null, changes: [{ field: 'Status', from: 'open', to: 'closed' }, { field: 'Resolution', from: '', to: 'Toner = changed' }] }],
  ['close what is closed', 'tom', '##RE-6##', '$Operation=CloseRequest$', { operation: 'close', request: 6, by: 'tom@example.net', values: {}, status: null, requester: null, changes: [] }],
  ['close whatever Status says', 'tom', '##RE-5##', '$Operation=CloseRequest$ $Status=Open$',
    { operation: 'close', request: 5, by: 'tom@example.net', values: {}, status: 'closed', requester: null, changes: [{ field: 'Status', from: 'open', to: 'closed' }] }],
  ['pick up', 'tom', '##RE-5##', '$Operation=PickupRequest$',
    { operation: 'pick-up', request: 5, by: 'tom@example.net', values: { technician: 'Tom', technicianEmail: 'tom@example.net' }, status: null, requester: null, changes: [{ field: 'Technician', from: '', to: 'Tom' }, { field: 'TechnicianEmail', from: '', to: 'tom@example.net' }] }]
]
for (const [what, from, subject, text, expected] of changes)
  test(`change: ${what}`, () => {
    const { outcome, found, detail } = command(from, subject, text)
    assert.equal(outcome, 'pass', detail)
    assert.deepEqual(found.operation, expected)
    assert.equal(found.replyTo, (expected as { request: number }).request)
  })

test('whoever writes a name into mail that is forwarded does not command in that name', () => {
  const from = { name: 'Eve via IT', address: 'it-old@example.net' }
  const tom = { name: 'Tom', address: 'tom@example.net' }
  const ways: SaidOfStep[] = [
    { parsed: { forwardedFrom: tom }, text: 'FYI\n---------- Forwarded message ---------\nFrom: Tom <tom@example.net>\nDate: x\n\n$Operation=CloseRequest$' },
    { parsed: { headers: [{ name: 'author', value: 'Tom <tom@example.net>' }, { name: 'x-original-from', value: 'Eve <eve@example.org>' }] } },
    { content: { from, replyTo: [tom] } }
  ]
  for (const way of ways) {
    const { outcome, found, detail } = command('tom', '##RE-5##', '$Operation=CloseRequest$', { content: { from }, ...way }, { sender: tom, person: people[0] ?? null })
    assert.deepEqual([outcome, found], ['pass', {}])
    assert.match(detail, /it-old@example\.net forwarded it, and that tom@example\.net wrote it is said by the message alone\. It is ordinary mail/)
  }
})

test('where DNS gives no answer, a mailbox that checks its senders hears no command', () => {
  const authentication = { verdict: 'unknown' as const, spf: { result: 'temperror' as const, domain: '' }, dkim: [], dmarc: { result: 'temperror' as const, domain: 'example.net', policy: '' }, by: 'checked' as const }
  const heard = (policy: 'ignore' | 'mark' | 'drop', verdict: 'unknown' | 'pass'): boolean =>
    command('tom', 'x', '$Operation=AddRequest$', { server: { authentication: { policy, trustedServers: [] } }, parsed: { authentication: { ...authentication, verdict } } }).found.operation === 'add'
  assert.deepEqual([heard('mark', 'unknown'), heard('drop', 'unknown'), heard('mark', 'pass'), heard('ignore', 'unknown')], [false, false, true, true])
})
