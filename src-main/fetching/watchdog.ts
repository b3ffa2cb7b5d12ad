import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Clock } from './clock.ts'

/** Watches that something moves on. `signal` aborts with the deadline's problem, or with the outer signal's reason. */
export type Watchdog = {
  signal: AbortSignal
  /** Says that something moved on, and what is done next. */
  progress(during: string): void
  end(): void
}
export type WatchdogNeeds = {
  clock: Clock
  signal: AbortSignal
  deadlineMs: number
  /** After so long without progress `onStuck` is told since when; null once it moves on again. */
  stuckAfterMs: number
  onStuck: (since: number | null) => void
  tooSlow: (during: string) => Problem
}

/** Aborts work that makes no progress for `deadlineMs`, although nothing has failed. */
export function createWatchdog({ clock, signal: outer, deadlineMs, stuckAfterMs, onStuck, tooSlow }: WatchdogNeeds): Watchdog {
  const controller = new AbortController()
  const passOn = (): void => controller.abort(outer.reason)
  let lastProgress = clock.elapsed()
  let isStuck = false
  let doing = 'opening the mailbox'
  let callOff = watch(Math.min(stuckAfterMs, deadlineMs))
  if (outer.aborted) passOn()
  else outer.addEventListener('abort', passOn)

  function watch(ms: number): () => void {
    return clock.after(ms, look)
  }
  function look(): void {
    const still = clock.elapsed() - lastProgress
    if (still >= deadlineMs) return controller.abort(new ProblemError(tooSlow(doing)))
    setStuck(still >= stuckAfterMs)
    callOff = watch(isStuck ? deadlineMs - still : stuckAfterMs - still)
  }
  function setStuck(stuck: boolean): void {
    if (stuck !== isStuck) onStuck(stuck ? clock.now() - (clock.elapsed() - lastProgress) : null)
    isStuck = stuck
  }
  return {
    signal: controller.signal,
    progress(during) {
      lastProgress = clock.elapsed()
      doing = during
      setStuck(false)
    },
    end() {
      callOff()
      setStuck(false)
      outer.removeEventListener('abort', passOn)
    }
  }
}
