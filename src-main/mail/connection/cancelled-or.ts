import { ProblemError } from '#contract/problem.ts'

/** `cancelled` for whatever failed because the signal aborted; anything else is thrown as it is. */
export function cancelledOr(error: unknown, signal: AbortSignal): never {
  if (signal.aborted && !(error instanceof ProblemError)) throw new ProblemError({ code: 'cancelled' }, { cause: error })
  throw error
}
