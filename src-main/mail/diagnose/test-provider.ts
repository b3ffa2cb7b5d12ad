import type { TestStep } from '#contract/connection-test.ts'
import { destinationFor, type Attempt, type ConnectionLimits, type Destination } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { createTranscript, type Transcript } from '../connection/transcript.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { diagnoseReach } from './diagnose-connection.ts'
import { createStepRunner, type StepRunner } from './run-step.ts'

type Reached = { connection: ConnectionNeeds; attempt: Attempt; transcript: Transcript | null; step: StepRunner }

/** The steps of a test of an HTTP provider up to its host, and then `rest`, whose requests end with the test. Never throws as long as `rest` does not. */
export async function testProvider(server: Omit<Destination, 'speaks' | 'proxyPassword' | 'clientKeyPassphrase'>, connection: ConnectionNeeds, limits: ConnectionLimits, report: (step: TestStep) => void, rest: (reached: Reached) => Promise<void>): Promise<void> {
  // A step that is given up leaves its request behind; it ends with the test.
  const over = new AbortController()
  const signal = AbortSignal.any([connection.signal, over.signal])
  const attempt: Attempt = { signal, limits }
  const to = destinationFor('http', server, connection)
  const transcript = createTranscript(connection.transcript, null)
  const step = createStepRunner({ report, stepMs: limits.stepMs, signal: connection.signal, problemOf: (error, name) => explainFailure(error, to, attempt, name) })
  try {
    if (await diagnoseReach(to, attempt, step, transcript)) await rest({ connection: { ...connection, signal }, attempt, transcript, step })
  } finally {
    over.abort()
  }
}
