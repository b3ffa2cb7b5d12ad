import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filledTemplate, placeholderValues, type ToldOfRequest } from './fill-mail-template.ts'

const told: ToldOfRequest = {
  number: 12, subject: 'The printer', status: 'open', requester: { name: 'Ann', address: 'ann@example.net' }, partition: 'IT', createdAt: '2026-11-20T08:00:30.000Z', values: { category: 'Hardware', technicianEmail: 'tess@example.com' },
  message: 'It smokes.', senderName: 'IT Support'
}
const filled = (template: { subject?: string; text?: string; html?: string }, change: Partial<ToldOfRequest> = {}) => filledTemplate({ subject: 's', text: '', html: null, ...template }, placeholderValues({ ...told, ...change }))

const texts: [string, string, Partial<ToldOfRequest>, string][] = [
  ['each value', '{{number}} {{subject}} {{requester}} {{requesterAddress}} {{partition}} {{status}} {{createdAt}} {{category}} {{technician}} {{message}} {{senderName}}', {}, '12 The printer Ann ann@example.net IT Open 2026-11-20 08:00 UTC Hardware tess@example.com It smokes. IT Support'],
  ['a requester without a name', '{{requester}}', { requester: { name: ' ', address: 'ann@example.net' } }, 'ann@example.net'],
  ['what is not set is empty', '[{{priority}}{{group}}]', {}, '[]'],
  ['a technician by name', '{{technician}}', { values: { technician: 'Tess', technicianEmail: 'tess@example.com' } }, 'Tess'],
  ['a closed one', '{{status}}', { status: 'closed' }, 'Closed'],
  ['a placeholder within a value', '{{subject}}|{{message}}', { subject: '{{message}}', message: '{{senderName}}' }, '{{message}}|{{senderName}}'],
  ['a value is one line and steers no terminal', '{{subject}}', { subject: 'a\r\nb\u001b[31m\u202ec' }, 'a b [31m c'],
  ['the text keeps its lines', '{{message}}', { message: 'a\r\n\r\n\r\n\r\nb\u0007\n' }, 'a\n\nb']
]
for (const [what, text, change, expected] of texts) test(`filled text: ${what}`, () => assert.equal(filled({ text }, change).text, expected))

const subjects: [string, string, Partial<ToldOfRequest>, string][] = [
  ['no line can be begun in a header', 'Re: {{subject}}', { subject: 'a\r\nBcc: thief@example.org\r\n\r\nbody' }, 'Re: a Bcc: thief@example.org body'],
  ['a text of many lines', '{{message}}', { message: 'a\nb\n\nc' }, 'a b c'],
  ['as long as a subject may be', '{{message}}', { message: 'x'.repeat(3_000) }, `${'x'.repeat(499)}…`],
  ['half a character is none', '{{subject}}', { subject: 'a\ud83d' }, 'a\ufffd']
]
for (const [what, subject, change, expected] of subjects) test(`filled subject: ${what}`, () => assert.equal(filled({ subject }, change).subject, expected))

const htmls: [string, string, Partial<ToldOfRequest>, string][] = [
  ['a value is text', '<p>{{subject}}</p>', { subject: '<script>alert(1)</script> & "x"' }, '<p>&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;x&#34;</p>'],
  ['a value cannot leave an attribute', '<a title="{{subject}}" rel=\'{{subject}}\'>', { subject: '" onclick="x" \'y\' `z`' }, '<a title="&#34; onclick&#61;&#34;x&#34; &#39;y&#39; &#96;z&#96;" rel=\'&#34; onclick&#61;&#34;x&#34; &#39;y&#39; &#96;z&#96;\'>'],
  ['lines stay lines', '<p>{{message}}</p>', { message: 'a\nb' }, '<p>a<br>\nb</p>'],
  ['a placeholder within a value', '<p>{{subject}}</p>', { subject: '{{number}}' }, '<p>&#123;&#123;number&#125;&#125;</p>']
]
for (const [what, html, change, expected] of htmls) test(`filled HTML: ${what}`, () => assert.equal(filled({ html }, change).html, expected))

test('a long text is shortened at a word, and says so', () => {
  const { text } = filled({ text: '{{message}}' }, { message: 'word '.repeat(2_000) })
  assert.ok(text.length < 4_020 && text.endsWith('word […]'))
  const endless = filled({ text: '{{message}}' }, { message: 'x'.repeat(50_000) }).text
  assert.equal(endless, `${'x'.repeat(4_000)} […]`)
  assert.equal(filled({ text: '{{message}}' }, { message: 'x'.repeat(4_000) }).text.length, 4_000)
})
