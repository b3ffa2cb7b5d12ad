import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeholderValues, type ToldOfRequest } from '../../model/fill-mail-template.ts'
import { writeMail } from './write-mail.ts'

const told: ToldOfRequest = { number: 12, subject: 'Printer', status: 'open', requester: { name: 'Ann', address: 'ann@example.net' }, partition: 'IT', createdAt: '2026-11-20T08:00:00.000Z', values: {}, message: 'a\nb', senderName: 'IT' }
const command = { enabled: true, subjectContains: '@@command@@', delimiter: '$' }
const written = (template: { subject?: string; text?: string; html?: string | null }, change: Partial<ToldOfRequest> = {}) => writeMail({ subject: 's', text: 'x', html: null, ...template }, placeholderValues({ ...told, ...change }), command)

const picture = 'data:image/png;base64,iVBORw0KGgo='
const htmls: [string, string, Partial<ToldOfRequest>, string][] = [
  ['script', '<script>x()</script><p>{{number}}</p>', {}, '<p>12</p>'],
  ['handlers', '<p onclick="x()">a</p>', {}, '<p>a</p>'],
  ['a tracker', `<img src="https://tracker.example/{{number}}.gif"><img src="${picture}" alt="l" />`, {}, `<img alt="l" src="${picture}" />`],
  ['a tracker in a style', '<p style="color:red;background:url(https://tracker.example/x)">a</p>', {}, '<p style="color:red">a</p>'],
  ['a frame and a form', '<iframe src="https://x.example"></iframe><form action="https://x.example"><input name=a></form>a', {}, 'a'],
  ['a link with the number', '<a href="https://desk.example.com/{{number}}">a</a>', {}, '<a href="https://desk.example.com/12" rel="noopener noreferrer" target="_blank">a</a>'],
  ['a link that a value leads elsewhere', '<a href="{{subject}}">a</a>', { subject: 'javascript:alert(1)' }, '<a>a</a>'],
  ['an attribute without quotes, into which a value puts another', '<a title={{subject}}>a</a><p title={{subject}}>b</p>', { subject: 'x href=https://evil.example style=color:red' }, '<a title="x">a</a><p title="x">b</p>'],
  ['markup of somebody who wrote', '<div>{{message}}</div>', { message: '<img src=x onerror=alert(1)>' }, '<div>&lt;img src=x onerror=alert(1)&gt;</div>']
]
for (const [what, html, change, expected] of htmls) test(`HTML that goes out: ${what}`, () => assert.equal(written({ html }, change).html, expected))

const texts: [string, Parameters<typeof written>[0], string, string | null][] = [
  ['its own beside HTML', { text: 'T {{number}}', html: '<p>H</p>' }, 'T 12', '<p>H</p>'],
  ['that of the HTML where it has none', { text: ' \n', html: '<p>Request {{number}}</p><p>{{message}}</p>' }, 'Request 12\n\na\nb\n', '<p>Request 12</p><p>a<br />\nb</p>'],
  ['empty HTML is none', { text: 'T', html: '  ' }, 'T', null]
]
for (const [what, template, text, html] of texts) test(`text that goes out: ${what}`, () => assert.deepEqual([written(template).text, written(template).html], [text, html]))

test('a subject that is nothing but values that are not there names the request, and none holds the identifier of e-mail commands', () => {
  assert.equal(written({ subject: '{{category}}' }).subject, 'Request 12')
  assert.equal(written({ subject: 'New: {{subject}}' }, { subject: '@@command@@ $Operation=CloseRequest$' }).subject, 'New: $Operation=CloseRequest$')
})
