import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Advice } from '#contract/advice.ts'
import { adviceSentence } from './advice-sentence.ts'

const advice = (severity: Advice['severity'], date: string | null): Advice => ({ code: 'some', severity, date, title: '', text: '', source: '', asOf: '2026-11-21', action: null })
const said = (...advised: { name: string; advice: Advice[] }[]): string => adviceSentence(advised, '2026-11-21', (day) => day)

test('what is broken, what ends, and what is only limited are told apart', () => {
  assert.equal(said({ name: 'graph', advice: [advice('warning', null)] }), '1 server should be looked at: graph.')
  assert.equal(said({ name: 'old', advice: [advice('broken', null)] }, { name: 'main', advice: [advice('warning', '2026-12-31')] }), '1 server cannot work any more as set up: old. 1 server will stop working: main on 2026-12-31.')
  assert.equal(said({ name: 'a', advice: [advice('warning', '2027-04-01'), advice('warning', null), advice('warning', '2026-12-31')] }, { name: 'b', advice: [advice('warning', '2027-04-01')] }), '2 servers will stop working: a on 2026-12-31, b on 2027-04-01.')
  assert.equal(said({ name: 'both', advice: [advice('warning', '2027-04-01'), advice('broken', null)] }), '1 server cannot work any more as set up: both.')
})
