import type { Clock } from '../src-main/fetching/clock.ts'

/** A clock that moves only when told to. */
export type HeldClock = Clock & {
  /** Lets so much time pass, timer by timer, and everything that follows from each come to rest. */
  pass(ms: number): Promise<void>
}

export function createHeldClock(start = Date.parse('2026-11-20T08:00:00Z')): HeldClock {
  let now = start
  let timers: { at: number; work: () => void }[] = []
  const next = (until: number): { at: number; work: () => void } | undefined => timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => now,
    elapsed: () => now,
    after(ms, work) {
      const timer = { at: now + Math.max(0, ms), work }
      timers.push(timer)
      return () => void (timers = timers.filter((one) => one !== timer))
    },
    async pass(ms) {
      const until = now + ms
      await comeToRest()
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers = timers.filter((one) => one !== timer)
        now = Math.max(now, timer.at)
        timer.work()
        await comeToRest()
      }
      now = until
    }
  }
}

/** Lets promises and immediates that follow from each other run out. */
async function comeToRest(): Promise<void> {
  for (let turn = 0; turn < 15; turn++) await new Promise((resolve) => setImmediate(resolve))
}
