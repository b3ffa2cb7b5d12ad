/** Milliseconds since 1970, and a timer that can be called off. */
export type FailOverClock = { now(): number; after(ms: number, work: () => void): () => void }

/** How often the primary is tried where `returnToPrimary` is `health-check`, */
export const healthCheckEveryMs = 60_000
/** and where it does not let us in: a refused password that is offered every minute locks the account. */
export const signInCheckEveryMs = 3_600_000

/** What a health check found: whether mail could go there, and whether it is the sign-in that stands in the way. */
export type Health = { healthy: boolean; signInTrouble: boolean }

/** Looks at a primary again and again until it is well, and then calls `well` once. Returns what calls it off. */
export const watchPrimary = ({ clock, check, well, signInTrouble }: { clock: FailOverClock; check: () => Promise<Health>; well: () => void; signInTrouble: boolean }): (() => void) => {
  let stopped = false
  let callOff = (): void => undefined
  const later = (afterSignInTrouble: boolean): void => {
    callOff = clock.after(afterSignInTrouble ? signInCheckEveryMs : healthCheckEveryMs, () => void look())
  }
  const look = async (): Promise<void> => {
    const found = await check().catch(() => ({ healthy: false, signInTrouble: false }))
    if (stopped) return
    if (found.healthy) well()
    else later(found.signInTrouble)
  }
  later(signInTrouble)
  return () => { stopped = true; callOff() }
}
