import { test } from 'node:test'
import assert from 'node:assert/strict'
import { formDifference, type Form } from './configuration-difference.ts'

const server: Form = { name: 'it', port: 993, push: true, proxy: null, addresses: ['a@x.org', 'b@x.org'], errorFolder: { name: 'Errors', stopAfter: 50 } }
const rule = (name: string, values: string[], more: Form = {}): Form => ({ name, enabled: true, criteria: [{ field: 'subject', values }, ...(Object.keys(more).length === 0 ? [] : [more])] })
const rules = (...of: Form[]): Form => ({ spamRules: of })
const pair = (impact: string, urgency: string, priority: string): Form => ({ impact, urgency, priority })
const rows: [string, Form | null, Form | null, [string, string, string][]][] = [
  ['nothing changed', server, structuredClone(server), []],
  ['a number', server, { ...server, port: 143 }, [['port', '993', '143']]],
  ['a switch', server, { ...server, push: false }, [['push', 'yes', 'no']]],
  ['a list', server, { ...server, addresses: ['a@x.org'] }, [['addresses', 'a@x.org, b@x.org', 'a@x.org']]],
  ['a nested field', server, { ...server, errorFolder: { name: 'Errors', stopAfter: null } }, [['errorFolder.stopAfter', '50', '']]],
  ['a group that was not there', { alternate: null }, { alternate: { host: 'b', port: 25 } }, [['alternate.host', '', 'b'], ['alternate.port', '', '25']]],
  ['something new', null, { name: 'it', port: 1 }, [['name', '', 'it'], ['port', '', '1']]],
  ['something gone', { name: 'it' }, null, [['name', 'it', '']]],
  ['one value of a rule among others', rules(rule('Ads', ['a']), rule('Spam', ['b'])), rules(rule('Ads', ['a']), rule('Spam', ['b', 'c'])), [['spamRules[Spam].criteria[1].values', 'b', 'b, c']]],
  ['a further criterion', rules(rule('Ads', ['a'])), rules(rule('Ads', ['a'], { field: 'size', values: ['1MB'] })), [['spamRules[Ads].criteria[2].field', '', 'size'], ['spamRules[Ads].criteria[2].values', '', '1MB']]],
  ['the order of rules', rules(rule('Ads', ['a']), rule('Spam', ['b'])), rules(rule('Spam', ['b']), rule('Ads', ['a'])), [['spamRules', 'Ads, Spam', 'Spam, Ads']]],
  ['a first rule', rules(), rules(rule('Ads', ['a'])), [['spamRules', '', 'Ads'], ['spamRules[Ads].name', '', 'Ads'], ['spamRules[Ads].enabled', '', 'yes'], ['spamRules[Ads].criteria[1].field', '', 'subject'], ['spamRules[Ads].criteria[1].values', '', 'a']]],
  ['the last rule gone', rules({ name: 'Ads' }), rules(), [['spamRules', 'Ads', ''], ['spamRules[Ads].name', 'Ads', '']]],
  ['a pair of a matrix', { matrix: [pair('High', 'Low', 'P2'), pair('Low', 'Low', 'P4')] }, { matrix: [pair('Low', 'Low', 'P5')] }, [['matrix', 'High × Low, Low × Low', 'Low × Low'], ['matrix[Low × Low].priority', 'P4', 'P5'], ['matrix[High × Low].impact', 'High', ''], ['matrix[High × Low].urgency', 'Low', ''], ['matrix[High × Low].priority', 'P2', '']]]
]
for (const [title, from, to, expected] of rows)
  test(`difference: ${title}`, () => assert.deepEqual(formDifference(from, to).map(({ field, from: was, to: is }) => [field, was, is]), expected))

test('of a template with pictures the words are shown, and a long text is cut', () => {
  const picture = (letter: string, size = 400_000): string => `<img src="data:image/png;base64,${letter.repeat(size)}">`
  const [difference] = formDifference({ html: `<p>Old</p>${picture('A')}` }, { html: `<p>New</p>${picture('B')}` })
  assert.deepEqual(difference, { field: 'html', from: '<p>Old</p><img src="[picture, 300 KB]">', to: '<p>New</p><img src="[picture, 300 KB]">' })
  assert.deepEqual(formDifference({ html: picture('A', 1_600_000) }, { html: picture('B', 1_600_000) }), [{ field: 'html', from: '<img src="[picture, 1.2 MB]">', to: '<img src="[picture, 1.2 MB]"> [differs in what is left out here]' }])
  assert.deepEqual(formDifference({ text: '' }, { text: 'x'.repeat(90_000) })[0]?.to, `${'x'.repeat(2_000)} [… 90000 characters]`)
})
