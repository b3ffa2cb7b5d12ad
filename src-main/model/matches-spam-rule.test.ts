import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spamRule, type SpamCriterion } from '#contract/spam-rule.ts'
import { noneOfThem, prepareSpamRules, type SpamMessage } from './matches-spam-rule.ts'

const message: SpamMessage = {
  sender: 'Offers@Shop.example', recipients: ['it@example.com', 'hr@example.com'], subject: 'Automatic: Out of Office until Monday', body: 'Buy café crème now,\nonly 9.99!', size: 2_000_000, attachments: 1,
  header: (name) => ({ 'x-spam-flag': ['YES'], received: ['from a.example', 'from b.example'], 'x-word': ['Grüße aus Köln'] })[name] ?? []
}
/** Stands in for the real expressions: the value is looked for as it is; `[` is none. */
const compile = (patterns: readonly string[]) => (text: string): string | null => patterns.find((pattern) => pattern !== '[' && text.includes(pattern)) ?? null
type Given = Partial<SpamCriterion> & Pick<SpamCriterion, 'field' | 'condition'>
const ruleOf = (criteria: Given[], more: object = {}) => spamRule.parse({ name: 'Spam', criteria, ...more })

const table: [what: string, criterion: Given, found: string | null][] = [
  // The reference page: "Say, the Subject field can contain Out of office or Not in today."
  ['the page\'s example', { field: 'subject', condition: 'contains', values: ['Out of office', 'Not in today'] }, 'Out of office'],
  ['the page\'s example, the other value', { field: 'subject', condition: 'contains', values: ['Not in today', 'out of OFFICE'] }, 'out of OFFICE'],
  ['none of the values', { field: 'subject', condition: 'contains', values: ['Not in today', 'holiday'] }, null],
  ['subject is', { field: 'subject', condition: 'is', values: ['automatic: out of office until monday'] }, 'automatic: out of office until monday'],
  ['subject is, but for a word', { field: 'subject', condition: 'is', values: ['Out of Office until Monday'] }, null],
  ['subject is not', { field: 'subject', condition: 'is-not', values: ['Hello', 'Hi'] }, noneOfThem],
  ['subject is not, but it is', { field: 'subject', condition: 'is-not', values: ['Hi', 'Automatic: Out of Office until Monday'] }, null],
  ['subject does not contain', { field: 'subject', condition: 'does-not-contain', values: ['printer', 'network'] }, noneOfThem],
  ['subject does not contain, but it does', { field: 'subject', condition: 'does-not-contain', values: ['printer', 'office'] }, null],
  ['subject begins with', { field: 'subject', condition: 'begins-with', values: ['auto', 're:'] }, 'auto'],
  ['subject begins with, but later', { field: 'subject', condition: 'begins-with', values: ['out of'] }, null],
  ['subject ends with', { field: 'subject', condition: 'ends-with', values: ['MONDAY '] }, 'MONDAY '],
  ['subject matches', { field: 'subject', condition: 'matches', values: ['[', 'Office'] }, 'Office'],
  ['an expression that is none is never found', { field: 'subject', condition: 'matches', values: ['['] }, null],
  ['sender is', { field: 'sender', condition: 'is', values: ['offers@shop.EXAMPLE'] }, 'offers@shop.EXAMPLE'],
  ['sender ends with a domain', { field: 'sender', condition: 'ends-with', values: ['@shop.example'] }, '@shop.example'],
  ['sender contains', { field: 'sender', condition: 'contains', values: ['@spam.example'] }, null],
  ['any recipient', { field: 'recipient', condition: 'is', values: ['hr@example.com'] }, 'hr@example.com'],
  ['no recipient may be it', { field: 'recipient', condition: 'is-not', values: ['hr@example.com'] }, null],
  ['body contains', { field: 'body', condition: 'contains', values: ['only 9.99'] }, 'only 9.99'],
  ['letters compare however they are composed (Unicode NFC)', { field: 'body', condition: 'contains', values: ['cafe\u0301 CRE\u0300ME'] }, 'cafe\u0301 CRE\u0300ME'],
  ['header is', { field: 'header', header: 'X-Spam-Flag', condition: 'is', values: ['yes'] }, 'yes'],
  ['any field of the name', { field: 'header', header: 'Received', condition: 'contains', values: ['b.example'] }, 'b.example'],
  ['header beyond ASCII', { field: 'header', header: 'X-Word', condition: 'begins-with', values: ['GRÜSSE', 'grüße'] }, 'grüße'],
  ['a header that is not there', { field: 'header', header: 'X-Nothing', condition: 'contains', values: ['x'] }, null],
  ['a header that is not there does not contain (RFC 5228 5.7)', { field: 'header', header: 'X-Nothing', condition: 'does-not-contain', values: ['x'] }, noneOfThem],
  ['larger than', { field: 'size', condition: 'larger-than', values: ['20MB', '1.5MB'] }, '1.5MB'],
  ['not larger than', { field: 'size', condition: 'larger-than', values: ['2MB'] }, null],
  ['smaller than', { field: 'size', condition: 'smaller-than', values: ['2001 KB'] }, '2001 KB'],
  ['not smaller than', { field: 'size', condition: 'smaller-than', values: ['2MB'] }, null],
  ['has an attachment', { field: 'has-attachment', condition: 'yes' }, '1 attachment'],
  ['has no attachment', { field: 'has-attachment', condition: 'no' }, null],
  ['white space alone is no value', { field: 'subject', condition: 'contains', values: ['  '] }, null]
]
for (const [what, criterion, found] of table)
  test(`spam rule: ${what}`, () => assert.deepEqual(prepareSpamRules([ruleOf([criterion])], compile).tryAll(message), [{ rule: 'Spam', matches: found !== null, criteria: [{ met: found !== null, found }] }]))

const yes: Given = { field: 'subject', condition: 'contains', values: ['office'] }
const no: Given = { field: 'sender', condition: 'contains', values: ['nobody'] }
for (const [match, criteria, matches] of [['all', [yes, yes], true], ['all', [yes, no], false], ['any', [no, yes], true], ['any', [no, no], false]] as const)
  test(`${match} of ${criteria.map((one) => (one === yes ? 'met' : 'not met')).join(', ')}`, () => {
    const filter = prepareSpamRules([ruleOf([...criteria], { match })], compile)
    assert.equal(filter.tryAll(message)[0]?.matches, matches)
    assert.equal(filter.firstMatch(message) !== null, matches)
  })

test('the first enabled rule that matches decides, and says what met it', () => {
  const rules = [ruleOf([no], { name: 'a' }), ruleOf([yes], { name: 'off', enabled: false }), ruleOf([yes, { field: 'has-attachment', condition: 'yes' }], { name: 'b' }), ruleOf([yes], { name: 'c' })]
  const match = prepareSpamRules(rules, compile).firstMatch(message)
  assert.equal(match?.rule.name, 'b')
  assert.deepEqual(match?.met.map(({ found }) => found), ['office', '1 attachment'])
  assert.deepEqual(prepareSpamRules(rules, compile).tryAll(message).map(({ rule, matches }) => [rule, matches]), [['a', false], ['off', true], ['b', true], ['c', true]])
})

test('of a body the first 200,000 characters are looked at', () => {
  const filter = prepareSpamRules([ruleOf([{ field: 'body', condition: 'contains', values: ['needle'] }])], compile)
  const found = (length: number): boolean => filter.firstMatch({ ...message, body: `${'ab '.repeat(100_000).slice(0, length)}needle` }) !== null
  assert.equal(found(199_994), true)
  assert.equal(found(199_995), false)
})

test('looking for many values finds what a plain search finds', () => {
  let seed = 7
  const next = (most: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % most
  const word = (letters: number): string => Array.from({ length: letters }, () => 'abcdeé ü'[next(8)]).join('')
  for (let round = 0; round < 300; round += 1) {
    const subject = word(next(200))
    const values = Array.from({ length: 10 }, () => word(1 + next(6))).filter((one) => one.trim() !== '')
    const expected = values.find((one) => subject.trim().normalize('NFC').includes(one.trim().normalize('NFC'))) ?? null
    assert.equal(prepareSpamRules([ruleOf([{ field: 'subject', condition: 'contains', values: values.length > 0 ? values : ['x'] }])], compile).tryAll({ ...message, subject })[0]?.criteria[0]?.found ?? null, expected)
  }
})
