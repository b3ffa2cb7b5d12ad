import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noFindings, stepInput } from '../../../testbed/step-input.ts'
import { senderLimit } from './sender-limit.ts'

const table: [mailsPerHour: number | null, then: 'drop' | 'error-folder', before: number, outcome: string][] = [
  [null, 'drop', 1_000, 'pass'], [10, 'drop', 0, 'pass'], [10, 'drop', 9, 'pass'], [10, 'drop', 10, 'dropped'], [10, 'error-folder', 9, 'pass'], [10, 'error-folder', 10, 'error'], [1, 'drop', 1, 'dropped']
]
for (const [mailsPerHour, then, mailsFrom, outcome] of table)
  test(`${mailsPerHour ?? 'no limit'}, ${then}: after ${mailsFrom} mails ${outcome}`, () => {
    const input = stepInput({ settings: { processing: { senderLimit: { mailsPerHour, then } } }, mailsFrom })
    const answer = senderLimit(input, noFindings(input))
    assert.equal(answer.outcome, outcome)
    if (answer.outcome === 'error') assert.deepEqual(answer.problem, { code: 'sender-limit-reached', sender: 'ann@example.net', limit: 10 })
  })
