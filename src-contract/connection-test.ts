import type { Problem } from './problem.ts'

/** Steps of a connection test in the order in which they happen; a protocol leaves out what does not apply to it. */
export const testSteps = ['resolve', 'proxy', 'connect', 'tls', 'greeting', 'capabilities', 'sign-in', 'folder', 'sample'] as const
export type TestStepName = (typeof testSteps)[number]

/** `detail` is what was found or the server's own words; it never holds a secret. */
export type TestStep = { step: TestStepName; outcome: 'ok' | 'warning' | 'failed'; ms: number; detail: string; problem: Problem | null }

/** The message shown as a sample; read without marking it. */
export type SampleMail = { from: string; subject: string; date: string | null; text: string }

export type TestVerdict = {
  verdict: 'ok' | 'failed'
  at: string
  /** The step that failed. */
  failedAt: TestStepName | null
  problem: Problem | null
  sample: SampleMail | null
  steps: TestStep[]
}
