import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRecordIds, withoutRecordIds } from './find-request-id.ts'

const table: [string, string, string, number | null][] = [
  ['plain', 'Re: ##RE-123## Printer', '##', 123],
  ['lower case', 'AW: ##re-7##', '##', 7],
  ['without delimiters', 'Re: RE-123 Printer', '##', null],
  ['one delimiter', '##RE-123 Printer', '##', null],
  ['other delimiter', '@@RE-123@@', '##', null],
  ['delimiter of special characters', '$^RE-5$^ x', '$^', 5],
  ['delimiter that means something in a pattern', '^RE-5^', '^', 5],
  ['more delimiters around', '###RE-5###', '##', 5],
  ['another module', '##TA-9##', '##', null],
  ['another module first', '##TA-9## ##RE-10##', '##', 10],
  ['shared delimiter', '##TA-9##RE-10##', '##', 10],
  ['unknown module', '##XX-9##', '##', null],
  ['zero', '##RE-0##', '##', null],
  ['leading zeros', '##RE-007##', '##', 7],
  ['too long for a number', '##RE-1234567890123456##', '##', null],
  ['no number', '##RE-##', '##', null],
  ['two requests', '##RE-1## ##RE-2##', '##', 1],
  ['no delimiter set', 'RE-1', '', null]
]
for (const [what, subject, delimiter, expected] of table)
  test(`request id: ${what}`, () => assert.equal(findRecordIds(subject, delimiter).find(({ module }) => module === 'RE')?.number ?? null, expected))

test('a subject without its ids', () => {
  assert.equal(withoutRecordIds('Re: ##RE-1## Printer', '##').replace(/\s+/g, ' '), 'Re: Printer')
  assert.equal(withoutRecordIds('^RE-1^ ^ta-2^x', '^').trim(), 'x')
  assert.equal(withoutRecordIds('##TA-1##RE-2##', '##').trim(), '')
  assert.equal(withoutRecordIds('RE-1', '##'), 'RE-1')
})

test('ids of all modules are told', () => {
  assert.deepEqual(findRecordIds('!TA-1! !SO-2! !PO-3! !PR-4! !CO-5! !CH-6! !PB-7! !PJ-8! !RE-9!', '!').map(({ module, number }) => `${module}${number}`), ['TA1', 'SO2', 'PO3', 'PR4', 'CO5', 'CH6', 'PB7', 'PJ8', 'RE9'])
})
