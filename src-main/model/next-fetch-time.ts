/** Times in milliseconds since 1970. `retryAfterMs` is what `afterFailure` said; null after a round that went well. */
export type NextFetch = { startedAt: number; endedAt: number; fetchEveryMs: number; retryAfterMs: number | null }

/**
 * When the next round begins: one interval after the last one began, but never before it ended; after a failure when the wait is over.
 */
export function nextFetchTime({ startedAt, endedAt, fetchEveryMs, retryAfterMs }: NextFetch): number {
  if (retryAfterMs !== null) return endedAt + retryAfterMs
  return Math.max(startedAt + fetchEveryMs, endedAt)
}
