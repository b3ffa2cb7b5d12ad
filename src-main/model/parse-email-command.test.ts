import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settings } from '#contract/settings.ts'
import { parseEmailCommand, type EmailCommand } from './parse-email-command.ts'

const processing = (emailCommand: object = {}, baseDelimiter = '##') => settings.parse({ processing: { baseDelimiter, emailCommand: { enabled: true, ...emailCommand } } }).processing
const subject = '@@command@@ Printer'
const parse = (text: string, more: { subject?: string; rules?: ReturnType<typeof processing>; labels?: string[] } = {}): EmailCommand | null => parseEmailCommand({ subject: more.subject ?? subject, text }, more.rules ?? processing(), more.labels)

// Sentences of ServiceDesk Plus MSP, "Mail Server Settings", section "Email Command".
const identifier: [string, string, object, boolean][] = [
  ['"Enable Email Command" off', subject, { enabled: false }, false],
  ['"exact parsing identifier" there', subject, {}, true],
  ['within a word', 'x@@command@@x', {}, true],
  ['"mails that do not have this string"', 'Printer', {}, false],
  ['in another case it is another string', '@@Command@@ Printer', {}, false],
  ['in part', '@@command@ Printer', {}, false],
  ['another identifier', 'Helpdesk: do it', { subjectContains: 'Helpdesk:' }, true],
  ['an identifier of pattern signs', '[.*] x', { subjectContains: '[.*]' }, true],
  ['pattern signs mean themselves', 'abc', { subjectContains: '.*' }, false]
]
for (const [what, text, rules, expected] of identifier) test(`identifier: ${what}`, () => assert.equal(parse('$Operation=AddRequest$', { subject: text, rules: processing(rules) }) !== null, expected))

test('documented: $Priority=High$ and $Operation=AddRequest$', () => {
  const command = parse('$Operation=AddRequest$\n$Priority=High$')
  assert.deepEqual([command?.operation, command?.fields], ['add', { Priority: 'High' }])
})

const operations: [string, EmailCommand['operation'], string | null][] = [
  ['AddRequest', 'add', null], ['EditRequest', 'edit', null], ['CloseRequest', 'close', null], ['PickupRequest', 'pick-up', null],
  ['addrequest', 'add', null], [' CLOSEREQUEST ', 'close', null], ['DeleteRequest', null, 'DeleteRequest'], ['', null, ''], ['constructor', null, 'constructor']
]
for (const [word, operation, unknownOperation] of operations)
  test(`operation: "${word}"`, () => {
    const command = parse(`$Operation=${word}$`)
    assert.deepEqual([command?.operation, command?.unknownOperation], [operation, unknownOperation])
  })

const fields: [string, string, Partial<EmailCommand>][] = [
  ['every documented field', '$Level=a$ $Mode=b$ $Priority=c$ $Urgency=d$ $Impact=e$ $ImpactDetails=f$ $Category=g$ $SubCategory=h$ $Item=i$ $Group=j$ $Technician=k$ $TechnicianEmail=l$ $Requester=m$ $RequesterEmail=n$ $RequestTemplate=o$ $RequestType=p$ $Status=q$ $Site=r$ $Asset=s$ $Resolution=t$',
    { fields: { Level: 'a', Mode: 'b', Priority: 'c', Urgency: 'd', Impact: 'e', ImpactDetails: 'f', Category: 'g', SubCategory: 'h', Item: 'i', Group: 'j', Technician: 'k', TechnicianEmail: 'l', Requester: 'm', RequesterEmail: 'n', RequestTemplate: 'o', RequestType: 'p', Status: 'q', Site: 'r', Asset: 's', Resolution: 't' } }],
  ['names in any case', '$PRIORITY=High$ $subcategory=x$', { fields: { Priority: 'High', SubCategory: 'x' } }],
  ['"only the last value will be considered"', '$Priority=Low$ $Priority=Normal$\n$priority=High$', { fields: { Priority: 'High' } }],
  ['"specified in the email, but absent in the application"', '$Colour=red$ $Priority=High$', { fields: { Priority: 'High' }, unknown: ['Colour'] }],
  ['a price is no field', 'It costs $5=4 EUR$ and', { fields: {}, unknown: [] }],
  ['"Additional Field Label"', '$floor =2$ $Cost Centre=4711$', { fields: {}, additional: { Floor: '2', 'Cost Centre': '4711' }, unknown: [] }],
  ['a label that is a documented field means that', '$Site=x$', { fields: { Site: 'x' }, additional: {} }],
  ['without a closing delimiter', '$Priority=High\n$Level=2$', { fields: { Level: '2' }, open: ['Priority'] }]
]
for (const [what, text, expected] of fields)
  test(`fields: ${what}`, () => {
    const command = parse(text, { labels: ['Floor', 'Cost Centre', 'Site'] }) as EmailCommand
    for (const [key, value] of Object.entries(expected)) assert.deepEqual({ [key]: command[key as keyof EmailCommand] }, { [key]: value })
  })

const ids: [string, string, string, number | null, RegExp | null, string?][] = [
  ['none', 'Printer', '', null, null],
  ['in the subject', '##RE-5## Printer', '', 5, null],
  ['in the text', 'Printer', '$RequestID=5$', 5, null],
  ['in the text with module', 'Printer', '$RequestID=RE-5$', 5, null],
  ['in the text with delimiters', 'Printer', '$RequestID=##RE-5##$', 5, null],
  ['in the text, lower case', 'Printer', '$requestid= ##re-5## $', 5, null],
  ['"description takes precedence over the subject line"', '##RE-5##', '$RequestID=6$', 6, null],
  ['of several in the text the last', 'Printer', '$RequestID=6$ $RequestID=7$', 7, null],
  ['none in the text is not replaced by the subject\'s', '##RE-5##', '$RequestID=the printer$', null, /"the printer" is no id/],
  ['empty in the text', '##RE-5##', '$RequestID=$', null, /is no id/],
  ['another module in the text', '##RE-5##', '$RequestID=CH-6$', null, /"CH-6" is no id/],
  ['zero', '', '$RequestID=0$', null, /is no id/],
  ['negative', '', '$RequestID=-5$', null, /is no id/],
  ['too long', '', `$RequestID=${'9'.repeat(16)}$`, null, /is no id/],
  ['another module in the subject', '##CH-5##', '', null, null],
  ['two in the subject', '##RE-5## ##RE-6##', '', null, /several requests \(5, 6\)/],
  ['the same twice in the subject', '##RE-5## ##RE-5##', '', 5, null],
  ['two in the subject and one in the text', '##RE-5## ##RE-6##', '$RequestID=6$', 6, null],
  ['in the subject without delimiters', 'RE-5', '', null, null],
  ['with another base delimiter', '!RE-5!', '', 5, null, '!'],
  ['base delimiter that the identifier has too', '@@RE-5@@', '', 5, null, '@@']
]
for (const [what, named, text, requestId, issue, base] of ids)
  test(`request id: ${what}`, () => {
    const command = parse(text, { subject: `@@command@@ ${named}`, rules: processing({}, base) })
    assert.equal(command?.requestId, requestId)
    assert.match(command?.idIssue ?? 'none', issue ?? /^none$/)
  })

const resources: [string, string, [string, string, string][], string?][] = [
  ['the documented example', '@@res_301.qstn_select_302=compaq@@', [['res_301', 'qstn_select_302', 'compaq']]],
  ['spaces around', '@@ res_1 . q_1 = a b @@', [['res_1', 'q_1', 'a b']]],
  ['several', '@@r.a=1@@ @@r.b=2@@', [['r', 'a', '1'], ['r', 'b', '2']]],
  ['"the last key alone will be considered"', '@@r.a=1@@ @@r.b=2@@ @@R.A=3@@', [['R', 'A', '3'], ['r', 'b', '2']]],
  ['the identifier in the text disturbs nothing', '@@command@@ @@r.a=1@@ @@command@@', [['r', 'a', '1']]],
  ['no question', '@@r=1@@', []],
  ['key that is none', '@@1r.a=1@@', []],
  ['beside a delimiter that is @', '@Priority=High@ @@r.a=1@@ @Level=2@', [['r', 'a', '1']], '@'],
  ['answer with an address', '@@r.a=ann@example.com@@', [['r', 'a', 'ann@example.com']]],
  ['answer with the field delimiter', '@@r.a=5$@@ $Priority=High$', [['r', 'a', '5$']]]
]
for (const [what, text, expected, delimiter] of resources)
  test(`resources: ${what}`, () => {
    const command = parse(text, { rules: processing(delimiter === undefined ? {} : { delimiter }) })
    assert.deepEqual(command?.resources.map(({ resource, question, answer }) => [resource, question, answer]), expected)
    if (text.includes('Priority')) assert.equal(command?.fields.Priority, 'High')
    if (text.includes('Level')) assert.equal(command?.fields.Level, '2')
  })

const subjects: [string, string][] = [
  ['@@command@@ Printer', 'Printer'], ['Re: ##RE-5## @@command@@ Printer', 'Re: Printer'], ['@@command@@', ''], ['AW: Re: @@command@@ ##RE-5##', ''], ['Printer@@command@@', 'Printer'], ['@@command@@ Re: ', '']
]
for (const [text, expected] of subjects) test(`subject: ${text}`, () => assert.equal(parse('', { subject: text })?.subject, expected))

test('the text is left without the commands', () => {
  assert.equal(parse('$Operation=AddRequest$\nHello $Priority=High$there,\n@@r.a=1@@it cost $5=4$.')?.text, '\nHello there,\nit cost $5=4$.')
})

test('hostile text takes time in proportion to it', () => {
  for (const text of ['@@a.b='.repeat(500_000), '@'.repeat(2_000_000), '$Priority=a$'.repeat(200_000), '$RequestID=##RE-'.repeat(100_000)]) {
    const before = performance.now()
    parse(text, { subject: `@@command@@ ${'##RE-1'.repeat(10_000)}${'re: '.repeat(10_000)}` })
    assert.ok(performance.now() - before < 1000)
  }
})
