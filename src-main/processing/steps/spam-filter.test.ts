import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import type { spamRule } from '#contract/spam-rule.ts'
import { noFindings, stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import { spamFilter } from './spam-filter.ts'

type Rules = z.input<typeof spamRule>[]
const run = (spamRules: Rules, said: SaidOfStep = {}) => {
  const input = stepInput({ subject: 'Out of Office', ...said, settings: { processing: { spamRules } } })
  return spamFilter(input, noFindings(input))
}
const office: Rules[number] = { name: 'Absent', criteria: [{ field: 'subject', condition: 'contains', values: ['Not in today', 'out of office'] }] }

test('a message that fulfils a rule is dropped, and the explanation names rule, criterion and value', () => {
  assert.deepEqual(run([{ ...office, name: 'Other', criteria: [{ field: 'size', condition: 'larger-than', values: ['1GB'] }] }, office]), { outcome: 'dropped', detail: 'The spam rule `Absent` matches: subject contains `out of office`.', spamRule: 'Absent' })
})

const details: [criteria: Rules[number]['criteria'], detail: string][] = [
  [[{ field: 'header', header: 'X-Flag', condition: 'is', values: ['grüße'] }], 'header X-Flag is `grüße`'],
  [[{ field: 'size', condition: 'smaller-than', values: ['1KB'] }], 'size is smaller than `1KB`'],
  [[{ field: 'has-attachment', condition: 'no' }], 'it has no attachment'],
  [[{ field: 'sender', condition: 'is-not', values: ['bob@example.net', 'eve@example.net'] }], 'sender is none of the values'],
  [[{ field: 'subject', condition: 'does-not-contain', values: ['x'] }], 'subject contains none of the values'],
  [[{ field: 'sender', condition: 'ends-with', values: ['@example.net'] }, { field: 'subject', condition: 'matches', values: ['^out\\s'] }], 'sender ends with `@example.net`, subject matches `^out\\s`']
]
for (const [criteria, detail] of details)
  test(`explained: ${detail}`, () => assert.equal(run([{ name: 'R', criteria }], { parsed: { headers: [{ name: 'x-flag', value: '=?utf-8?q?Gr=C3=BC=C3=9Fe?=' }] } }).detail, `The spam rule \`R\` matches: ${detail}.`))

const passing: [what: string, rules: Rules][] = [['no rules', []], ['a rule that is off', [{ ...office, enabled: false }]], ['a rule that does not match', [{ ...office, criteria: [{ field: 'body', condition: 'contains', values: ['office'] }] }]], ['an expression that is none', [{ ...office, criteria: [{ field: 'subject', condition: 'matches', values: ['(out'] }] }]]]
for (const [what, rules] of passing) test(`passes: ${what}`, () => assert.equal(run(rules).outcome, 'pass'))

test('of forwarded mail the original sender counts', () => {
  const input = stepInput({ settings: { processing: { spamRules: [{ name: 'S', criteria: [{ field: 'sender', condition: 'is', values: ['eve@example.org'] }] }] } } })
  assert.equal(spamFilter(input, { ...noFindings(input), sender: { name: '', address: 'eve@example.org' } }).outcome, 'dropped')
})

test('a picture in the text is no attachment', () => {
  const picture = { name: 'logo.png', contentType: 'image/png', size: 10, disposition: 'inline' as const, contentId: '<1>', stripped: null }
  const rule: Rules[number] = { name: 'A', criteria: [{ field: 'has-attachment', condition: 'yes' }] }
  assert.equal(run([rule], { content: { attachments: [picture] } }).outcome, 'pass')
  assert.equal(run([rule], { content: { attachments: [picture, { ...picture, disposition: 'attachment' }] } }).outcome, 'dropped')
})

test('a hundred rules of twenty values cost little', () => {
  const words = 'Dear colleagues the printer on third floor does not answer since this morning please look at it when you have time thank you'.split(' ')
  const text = Array.from({ length: 400 }, (_, index) => words[(index * 7) % words.length]).join(' ')
  const spamRules: Rules = Array.from({ length: 100 }, (_, rule) => ({ name: `Rule ${rule}`, match: 'any', criteria: [{ field: rule % 2 === 0 ? 'body' : 'subject', condition: 'contains', values: Array.from({ length: 20 }, (_, value) => `buy offer ${rule * 20 + value} now`) }] }))
  const input = stepInput({ subject: 'The printer smokes', text, settings: { processing: { spamRules } } })
  const rounds = Array.from({ length: 6 }, () => {
    const began = performance.now()
    for (let run = 0; run < 100; run += 1) spamFilter(input, noFindings(input))
    return (performance.now() - began) / 100
  })
  // The aim is 0.2 ms: 0.06 to 0.13 were measured. A busy machine takes up to twice as long, a mistake ten times.
  assert.ok(Math.min(...rounds) < 0.6, `${Math.min(...rounds)} ms a message`)
})
