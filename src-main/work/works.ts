import { ProblemError } from '#contract/problem.ts'

/** Long work that the user may cancel, by the id that the window gave it. */
export interface Works {
  /** The signal aborts when the work is cancelled. Throws ProblemError `already-running` when the id is in use. */
  start(workId: string): AbortSignal
  /** Does nothing when the work has ended meanwhile. */
  cancel(workId: string): void
  end(workId: string): void
  /** Runs work under its id and ends it, however that goes. Throws as `start` and what the work throws. */
  during<Result>(workId: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
}

/** Keeps which works run. The reason of an aborted signal is ProblemError `cancelled`. */
export const createWorks = (): Works => {
  const running = new Map<string, AbortController>()
  const start = (workId: string): AbortSignal => {
    if (running.has(workId)) throw new ProblemError({ code: 'already-running', what: 'This work' })
    const controller = new AbortController()
    running.set(workId, controller)
    return controller.signal
  }
  const end = (workId: string): void => void running.delete(workId)
  return {
    start,
    cancel: (workId) => running.get(workId)?.abort(new ProblemError({ code: 'cancelled' })),
    end,
    async during(workId, work) {
      const signal = start(workId)
      try {
        return await work(signal)
      } finally {
        end(workId)
      }
    }
  }
}
