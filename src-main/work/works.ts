import { ProblemError } from '#contract/problem.ts'

/** Long work that the user may cancel, by the id that the window gave it. */
export interface Works {
  /** The signal aborts when the work is cancelled. Throws ProblemError `already-running` when the id is in use. */
  start(workId: string): AbortSignal
  /** Does nothing when the work has ended meanwhile. */
  cancel(workId: string): void
  end(workId: string): void
}

/** Keeps which works run. The reason of an aborted signal is ProblemError `cancelled`. */
export const createWorks = (): Works => {
  const running = new Map<string, AbortController>()
  return {
    start: (workId) => {
      if (running.has(workId)) throw new ProblemError({ code: 'already-running', what: 'This work' })
      const controller = new AbortController()
      running.set(workId, controller)
      return controller.signal
    },
    cancel: (workId) => running.get(workId)?.abort(new ProblemError({ code: 'cancelled' })),
    end: (workId) => void running.delete(workId)
  }
}
