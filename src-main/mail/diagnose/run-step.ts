import type { TestStep, TestStepName } from '#contract/connection-test.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { wireError } from '../connection/line-wire.ts'

/** What a step found; `warning` where it works but should be looked at. */
export type StepFinding<Value> = { value: Value; detail: string; warning?: boolean }

/** Runs one step, reports it with its time, and returns what it found; null when it failed, and then the test is over. Never throws. */
export type StepRunner = <Value>(step: TestStepName, work: () => Promise<StepFinding<Value>>) => Promise<{ value: Value } | null>

/** `problemOf` explains errors that are no ProblemError yet; a step that takes longer than `stepMs` fails as SILENT. */
export function createStepRunner(needs: { report: (step: TestStep) => void; stepMs: number; signal: AbortSignal; problemOf: (error: unknown, step: TestStepName) => Promise<Problem | null> }): StepRunner {
  return async (step, work) => {
    const started = performance.now()
    const ms = (): number => Math.round(performance.now() - started)
    try {
      const { value, detail, warning } = await within(needs.stepMs, needs.signal, work)
      needs.report({ step, outcome: warning ? 'warning' : 'ok', ms: ms(), detail, problem: null })
      return { value }
    } catch (error) {
      const problem = error instanceof ProblemError ? error.problem : await needs.problemOf(error, step).catch(() => null)
      needs.report({ step, outcome: 'failed', ms: ms(), detail: detailOf(problem, error), problem: problem ?? { code: 'unexpected', reference: `test-${step}` } })
      return null
    }
  }
}

async function within<Result>(stepMs: number, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  if (signal.aborted) throw new ProblemError({ code: 'cancelled' })
  let stop: (error: Error) => void = () => undefined
  const tooLong = new Promise<never>((_done, failed) => (stop = failed))
  const timer = setTimeout(() => stop(wireError('SILENT', `No answer within ${Math.round(stepMs)} ms.`)), stepMs)
  const onAbort = (): void => stop(new ProblemError({ code: 'cancelled' }))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(), tooLong])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** The server's own words where there are any, otherwise the technical fact behind the problem. */
function detailOf(problem: Problem | null, error: unknown): string {
  if (problem !== null) {
    if ('serverSaid' in problem && problem.serverSaid !== '') return problem.serverSaid
    if ('certificate' in problem) return `${problem.certificate.subject}, issued by ${problem.certificate.issuer}, valid ${problem.certificate.validFrom.slice(0, 10)} to ${problem.certificate.validTo.slice(0, 10)}`
    if (problem.code === 'folder-not-found') return `Folders: ${problem.available.slice(0, 20).join(', ')}`
    if (problem.code === 'tls-version-too-low') return `Offered: ${problem.offered ?? 'unknown'}, wanted: ${problem.wanted} or later`
  }
  const cause = error instanceof ProblemError ? error.cause : error
  return cause instanceof Error && !(cause instanceof ProblemError) ? cause.message.slice(0, 500) : problem === null ? 'unknown' : wordsOf(problem).title
}
