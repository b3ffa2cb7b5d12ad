import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestTemplate, type ResourceAnswers } from '#contract/request-values.ts'
import { answerQuestions } from './answer-questions.ts'
import { mergeValues } from './merge-values.ts'

const template = requestTemplate.parse({
  name: 'Laptop',
  resources: [
    { key: 'res_301', label: 'Laptop', questions: [
      { key: 'qstn_select_302', label: 'Make', kind: 'select', options: ['Compaq', 'Dell', 'HP, Inc.'] },
      { key: 'qstn_radio_303', label: 'Size', kind: 'radio', options: ['13', '15'] },
      { key: 'qstn_string_304', label: 'Name on it', kind: 'string' },
      { key: 'qstn_check_305', label: 'With', kind: 'check', options: ['Mouse', 'Bag', 'Dock, USB', 'Dock'] }
    ] },
    { key: 'res_400', label: 'Phone', questions: [{ key: 'qstn_1', label: 'Number', kind: 'string' }] }
  ]
})
const [select, radio, string, check] = ['qstn_select_302', 'qstn_radio_303', 'qstn_string_304', 'qstn_check_305']
type Row = [sentence: string, question: string, answer: string, earlier: string[] | null, after: string[] | null, note: RegExp | null]

// Sentences of ServiceDesk Plus MSP, "Mail Server Settings", section "Email Command", on resources. `after` null: the question is not there.
const table: Row[] = [
  ['"Resource answer should be name of the available options"', select, 'compaq', null, ['Compaq'], null],
  ['… and no other', select, 'Acme', null, null, /"Acme" is none of its options/],
  ['… on edit the earlier answer stays', select, 'Acme', ['Dell'], ['Dell'], /"Acme" is none/],
  ['… a name with a comma in it is one', select, 'hp, inc.', null, ['HP, Inc.'], null],
  ['"For select … only one possible answer is valid"', select, 'Compaq,Dell', null, null, /only one answer is possible.*removed/],
  ['"… the corresponding question will be removed from that resource", on edit too', select, 'Compaq,Dell', ['Dell'], null, /removed/],
  ['"… radio …"', radio, '13', null, ['13'], null],
  ['"… radio …" with several', radio, '13, 15', ['13'], null, /removed/],
  ['"… string …"', string, 'Ann\'s laptop', null, ['Ann\'s laptop'], null],
  ['"… string …" with several', string, 'Ann, Bob', null, null, /removed/],
  ['"For the check field, multiple answers are supported"', check, 'Mouse, Bag', null, ['Mouse', 'Bag'], null],
  ['… one', check, 'bag', null, ['Bag'], null],
  ['… the same twice is one', check, 'Bag,bag', null, ['Bag'], null],
  ['… names with commas in them', check, 'Mouse, Dock, USB, Dock', null, ['Mouse', 'Dock, USB', 'Dock'], null],
  ['"that particular answer alone will be removed and the remaining valid answers will be retained"', check, 'Mouse,Yacht,Bag', null, ['Mouse', 'Bag'], /"Yacht" is no option/],
  ['… on edit they take the place of the earlier ones', check, 'Yacht,Bag', ['Mouse'], ['Bag'], /"Yacht"/],
  ['"If all answers given for the check field are invalid, the corresponding question will be removed"', check, 'Yacht,Horse', null, null, /none of "Yacht", "Horse"/],
  ['"… valid for edit operation, considering that a particular question already has a valid answer"', check, 'Yacht', ['Mouse'], ['Mouse'], /none of "Yacht"/],
  ['nothing takes the answer away', select, '', ['Dell'], null, null],
  ['a question that is not there', 'qstn_999', 'x', null, null, /no question res_301\.qstn_999/],
  ['keys in another case', 'QSTN_Radio_303', '15', null, ['15'], null]
]
for (const [sentence, question, answer, earlier, after, note] of table)
  test(`resources: ${sentence}`, () => {
    const key = template.resources[0]?.questions.find((one) => one.key.toLowerCase() === question.toLowerCase())?.key ?? question
    const before: ResourceAnswers = earlier === null ? {} : { res_301: { [key]: earlier } }
    const { resources, notes } = answerQuestions([{ resource: 'res_301', question, answer }], template)
    assert.deepEqual(mergeValues({ resources: before }, { resources }).resources?.res_301?.[key] ?? null, after)
    assert.match(notes.join(' ') || 'none', note ?? /^none$/)
  })

test('resources: a resource that the template does not have, and another one', () => {
  const { resources, notes } = answerQuestions([{ resource: 'res_9', question: 'q', answer: 'x' }, { resource: 'RES_400', question: 'qstn_1', answer: '42' }], template)
  assert.deepEqual([resources, notes], [{ res_400: { qstn_1: ['42'] } }, ['The template has no question res_9.q.']])
})

test('resources: many answers do not take long', () => {
  const before = performance.now()
  const { resources } = answerQuestions([{ resource: 'res_301', question: check, answer: 'Dock, '.repeat(100_000) }], template)
  assert.deepEqual(resources, { res_301: { [check]: ['Dock'] } })
  assert.ok(performance.now() - before < 1000)
})
