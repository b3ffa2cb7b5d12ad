import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExplainedStep } from '#contract/message.ts'
import { readSteps, writeSteps } from './steps-text.ts'

test('steps come back as they were, and known sentences cost next to nothing', () => {
  const steps: ExplainedStep[] = [
    { step: 'readable', outcome: 'pass', detail: 'The message has 4711 bytes: text, 0 attachments.' },
    { step: 'loop-guard', outcome: 'pass', detail: 'Nothing shows that this is automatic mail.' },
    { step: 'already-seen', outcome: 'pass', detail: 'This message was not taken before.' },
    { step: 'a step of a later version', outcome: 'dropped', detail: 'It says "something" else. € 😀' },
    { step: 'outcome', outcome: 'request', detail: '' }
  ]
  const text = writeSteps(steps)
  assert.deepEqual(readSteps(text), steps)
  assert.ok(writeSteps(steps.slice(0, 3)).length < 24)
  assert.deepEqual(readSteps(writeSteps([])), [])
})

test('what nearly every message goes through takes little room', () => {
  const usual = ['There are no spam rules.', 'This mailbox does not check SPF, DKIM and DMARC.', 'E-mail commands are switched off.'].map((detail): ExplainedStep => ({ step: 'bounce', outcome: 'pass', detail }))
  assert.ok(writeSteps(usual).length <= 3 * usual.length)
  assert.deepEqual(readSteps(writeSteps(usual)), usual)
})

test('a code of ours in the text of a mail is no sentence', () => {
  assert.equal(readSteps(writeSteps([{ step: 'outcome', outcome: 'pass', detail: 'Subject \uE000\u0001\u001e!' }]))[0]?.detail, 'Subject    !')
})
