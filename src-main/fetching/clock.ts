/** Time as the fetching rooms see it, so that tests can hold it. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds since some moment, for how long something takes: setting the clock of the computer does not move it. */
  elapsed(): number
  /** Runs `work` once after so long; returns what calls it off. */
  after(ms: number, work: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, Math.min(ms, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  }
}

/** Resolves after so long, or at once when `signal` aborts. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      callOff()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const callOff = clock.after(ms, done)
    signal.addEventListener('abort', done)
  })
