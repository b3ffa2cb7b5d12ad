import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailTemplate, placeholdersIn, withPlaceholdersFilled } from './mail-template.ts'
import { settings } from './settings.ts'

const faults = (given: object): string[] => mailTemplate.safeParse({ subject: 'Request {{number}}', text: '', ...given }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

const table: [string, object, string[]][] = [
  ['known ones, with and without spaces', { text: '{{ requester }} {{number}}{{\u00a0subject }}', html: '<b>{{message}}</b>' }, []],
  ['a mistyped one is named with its place and the one that was meant', { text: 'Hello\n  {{requestor}}' }, ['text: There is no placeholder {{requestor}} (line 2, character 3) — did you mean {{requester}}?']],
  ['in the subject', { subject: 'Re {{Number}}' }, ['subject: There is no placeholder {{Number}} (line 1, character 4) — did you mean {{number}}?']],
  ['one that an editor put a tag into', { html: '<p>{{<b>status</b>}}</p>' }, ['html: There is no placeholder {{<b>status</b>}} (line 1, character 4) — did you mean {{status}}?']],
  ['none that is near', { text: '{{ password }}' }, ['text: There is no placeholder {{password}} (line 1, character 1). Known are number, subject, requester, requesterAddress, partition, status, createdAt, category, priority, technician, group, message, senderName.']],
  ['a name of every object', { text: '{{constructor}}' }, ['text: There is no placeholder {{constructor}} (line 1, character 1). Known are number, subject, requester, requesterAddress, partition, status, createdAt, category, priority, technician, group, message, senderName.']],
  ['nothing within braces', { text: '{{}}' }, ['text: There is no placeholder {{}} (line 1, character 1). Known are number, subject, requester, requesterAddress, partition, status, createdAt, category, priority, technician, group, message, senderName.']],
  ['single braces and open ones are text', { text: 'a { b } {{ c \n }} {{number' }, []],
  ['two hundred', { text: '{{message}}'.repeat(200) }, []],
  ['more than a mail has room for', { html: '{{message}}'.repeat(400_000) }, ['html: At most 200 placeholders have room here; these are 400000.']],
  ['a subject of two lines', { subject: 'a\r\nBcc: x@example.com' }, ['subject: A subject is one line.']]
]
for (const [what, given, expected] of table) test(`template: ${what}`, () => assert.deepEqual(faults(given), expected))

const recipients: [to: string, isTaken: boolean][] = [['requester', true], ['cc', true], ['technician', true], ['desk@example.com', true], ['boss', false], ['a@b@c', false], ['', false]]
for (const [to, isTaken] of recipients)
  test(`a rule may name ${JSON.stringify(to)}: ${isTaken}`, () => {
    const said = settings.safeParse({ requestMails: [{ name: 'a', event: 'request-created', to: [to], template: { subject: 's', text: 't' } }] }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    assert.deepEqual(said, isTaken ? undefined : ['requestMails.0.to.0: Name requester, cc, technician, or one address such as it@example.com.'])
  })

test('what is put in is not looked through again, nor read as a pattern of replacement', () => {
  assert.equal(withPlaceholdersFilled('{{subject}} {{number}} {{nothing}}', (name) => (name === 'subject' ? "{{number}} $& $' $1" : '7')), "{{number}} $& $' $1 7 {{nothing}}")
})

test('a text made to exhaust the search costs nothing', () => {
  const before = process.cpuUsage()
  assert.deepEqual(placeholdersIn(`${'{{ '.repeat(30_000)}${' '.repeat(10_000)}`), [])
  assert.ok((process.cpuUsage(before).user) / 1000 < 500)
})

test('where a fault stands among millions of lines is found once over', () => {
  const before = process.cpuUsage()
  const found = faults({ html: `${'\n'.repeat(4_900_000)}${'{{nothing}}\n{{Number}} '.repeat(10)}` })
  assert.match(found[1] ?? '', /^html: There is no placeholder \{\{Number\}\} \(line 4900002, character 1\)/)
  assert.ok(process.cpuUsage(before).user / 1000 < 300)
})

test('templates of all rules have a size together: each change of a setting keeps them once more', () => {
  const html = 'x'.repeat(4_000_000)
  const rules = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `rule ${index}`, event: 'request-created', to: ['requester'], template: { subject: 's', text: 't', html } }))
  const said = (count: number) => settings.safeParse({ requestMails: rules(count) }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  assert.deepEqual([said(4), said(5)], [undefined, ['requestMails: All templates together have at most 20 MB; these have 21 MB. Smaller pictures help.']])
})
