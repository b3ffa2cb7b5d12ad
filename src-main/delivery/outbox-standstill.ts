import type { Problem } from '#contract/problem.ts'
import type { FailOverClock } from './fail-over.ts'

export type OutboxStandstillNeeds = {
  clock: FailOverClock
  /** How many mails wait for the server. */
  waiting: () => Promise<number>
  /** Says that nothing goes out, and why. */
  began: (count: number, problem: Problem) => void
  /** Says that mail goes out again; only after `began`. */
  ended: () => void
  reportUnexpected: (thrown: unknown, during: string) => unknown
}

/** Tells once that nothing goes out through a server, as soon as that has lasted for a minute. */
export type OutboxStandstill = {
  /** A try came to no server that takes mail. */
  failed(problem: Problem): void
  /** The server takes mail. */
  worked(): void
  close(): void
}

const tellAfterMs = 60_000

export function createOutboxStandstill({ clock, waiting, began, ended, reportUnexpected }: OutboxStandstillNeeds): OutboxStandstill {
  let last: Problem | null = null
  let isTold = false
  let callOff: (() => void) | null = null
  const close = (): void => {
    callOff?.()
    callOff = null
    last = null
  }
  const tell = async (): Promise<void> => {
    callOff = null
    const count = await waiting()
    if (last === null || isTold || count === 0) return
    isTold = true
    began(count, last)
  }
  return {
    failed(problem) {
      // Being throttled is no failure: the provider has named the time.
      if (problem.code === 'delayed-by-provider') return
      last = problem
      if (!isTold) callOff ??= clock.after(tellAfterMs, () => void tell().catch((thrown: unknown) => reportUnexpected(thrown, 'telling that nothing goes out')))
    },
    worked() {
      close()
      if (isTold) ended()
      isTold = false
    },
    close
  }
}
