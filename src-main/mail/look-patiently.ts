import { setTimeout as sleep } from 'node:timers/promises'
import { cancelledOr } from './connection/cancelled-or.ts'

/** A copy of a mail that was sent appears a moment after the mail has gone. */
const looksAfterMs = [0, 2_000, 4_000]

/** Looks until the copy is there, a few times at most. null, as soon as it cannot be told. Throws `cancelled` where the signal aborts. */
export async function lookPatiently(look: () => Promise<boolean | null>, signal: AbortSignal, afterMs: readonly number[] = looksAfterMs): Promise<boolean | null> {
  for (const ms of afterMs) {
    await sleep(ms, undefined, { signal }).catch((error: unknown) => cancelledOr(error, signal))
    const seen = await look()
    if (seen !== false) return seen
  }
  return false
}
