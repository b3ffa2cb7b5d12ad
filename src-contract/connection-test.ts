import type { Problem } from './problem.ts'

/** Steps of a connection test in the order in which they happen; a protocol leaves out what does not apply to it. */
export const testSteps = ['pop-sign-in', 'resolve', 'proxy', 'connect', 'tls', 'greeting', 'capabilities', 'token', 'endpoint', 'sign-in', 'mailbox', 'folder', 'sample', 'forbidden-mailbox', 'dkim'] as const
export type TestStepName = (typeof testSteps)[number]

/** `detail` is what was found or the server's own words; it never holds a secret. `alternate` is the second host of an outgoing server, such as `mail2.example.com:587`, where the step was made there. */
export type TestStep = { step: TestStepName; outcome: 'ok' | 'warning' | 'failed'; ms: number; detail: string; problem: Problem | null; alternate?: string }

/** The message shown as a sample; read without marking it. */
export type SampleMail = { from: string; subject: string; date: string | null; text: string }

export type TestVerdict = {
  verdict: 'ok' | 'failed'
  at: string
  /** The step that failed. */
  failedAt: TestStepName | null
  problem: Problem | null
  /** The second host, where that alone failed and the server itself did not. */
  alternate?: string
  sample: SampleMail | null
  steps: TestStep[]
}

/** One hop of a mail as its Received field tells (RFC 5321 4.4); `seconds` since the hop before. */
export type Hop = { by: string; from: string | null; at: string | null; seconds: number | null }
/** A probe that was sent through an outgoing server and came back in the mailbox. */
export type RoundTrip = { messageId: string; sentAt: string; foundAt: string; seconds: number; serverSaid: string; hops: Hop[] }
