import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestStep } from '#contract/connection-test.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createStepRunner } from './run-step.ts'

const peer = { host: 'mail.example.com', port: 993 }
function runner(problemOf: (error: unknown) => Problem | null = () => null, signal = AbortSignal.timeout(5_000)) {
  const steps: TestStep[] = []
  return { steps, step: createStepRunner({ report: (step) => steps.push(step), stepMs: 80, signal, problemOf: async (error) => problemOf(error) }) }
}

test('a step that works is reported with its detail and time, a doubtful one as a warning', async () => {
  const { steps, step } = runner()
  assert.deepEqual(await step('tls', async () => ({ value: 7, detail: 'TLSv1.3' })), { value: 7 })
  await step('greeting', async () => ({ value: null, detail: 'old', warning: true }))
  assert.deepEqual(steps.map(({ outcome, detail, problem }) => [outcome, detail, problem]), [['ok', 'TLSv1.3', null], ['warning', 'old', null]])
  assert.ok(steps.every(({ ms }) => Number.isInteger(ms) && ms >= 0))
})

test('a step that fails carries the problem and the words of the server', async () => {
  const { steps, step } = runner()
  const problem: Problem = { code: 'server-busy', serverSaid: 'Come back later', ...peer }
  assert.equal(await step('sign-in', () => Promise.reject(new ProblemError(problem))), null)
  assert.deepEqual([steps[0]?.outcome, steps[0]?.detail, steps[0]?.problem], ['failed', 'Come back later', problem])
})

test('a problem without words of the server is told in words, not by its code, whatever caused it', async () => {
  const { steps, step } = runner()
  const missing: Problem = { code: 'credentials-missing', server: 'it' }
  await step('sign-in', () => Promise.reject(new ProblemError(missing)))
  await step('sign-in', () => Promise.reject(new ProblemError(missing, { cause: new ProblemError(missing) })))
  assert.deepEqual(steps.map(({ detail }) => detail), ['No password is stored for “it”.', 'No password is stored for “it”.'])
})

test('an error is explained; one that cannot be is still reported, never thrown', async () => {
  const explained: Problem = { code: 'connection-refused', ...peer }
  const known = runner(() => explained)
  await known.step('connect', () => Promise.reject(new Error('connect ECONNREFUSED')))
  assert.deepEqual([known.steps[0]?.problem, known.steps[0]?.detail], [explained, 'connect ECONNREFUSED'])
  const unknown = runner()
  await unknown.step('connect', () => Promise.reject(new TypeError('x')))
  assert.equal(unknown.steps[0]?.problem?.code, 'unexpected')
})

test('a step that hangs ends after its limit, and at once when the test is cancelled', async () => {
  const hang = (): Promise<never> => new Promise(() => undefined)
  const slow = runner(() => ({ code: 'server-silent', afterMs: 80, ...peer }))
  await slow.step('greeting', hang)
  assert.equal(slow.steps[0]?.problem?.code, 'server-silent')
  const controller = new AbortController()
  const cancelled = runner(() => null, controller.signal)
  const running = cancelled.step('greeting', hang)
  controller.abort()
  await running
  await cancelled.step('capabilities', hang)
  assert.deepEqual(cancelled.steps.map(({ problem }) => problem?.code), ['cancelled', 'cancelled'])
})
