import { setTimeout as sleep } from 'node:timers/promises'

/** A copy of a mail that was sent appears a moment after the mail has gone. */
const looksAfterMs = [0, 2_000, 4_000]

/** Looks until the copy is there, a few times at most. null, as soon as it cannot be told. */
export async function lookPatiently(look: () => Promise<boolean | null>, signal: AbortSignal, afterMs: readonly number[] = looksAfterMs): Promise<boolean | null> {
  for (const ms of afterMs) {
    await sleep(ms, undefined, { signal })
    const seen = await look()
    if (seen !== false) return seen
  }
  return false
}
