/** Retry-After in milliseconds from now, seconds or a date (RFC 9110 10.2.3); null where it is missing or unreadable, 0 where it is past. */
export function retryAfterMs(header: string | null | undefined, now: number): number | null {
  if (header === null || header === undefined) return null
  // Graph sends fractions too.
  if (/^\s*\d{1,9}(?:\.\d{1,9})?\s*$/.test(header)) return Number(header) * 1_000
  const until = Date.parse(header)
  return Number.isNaN(until) ? null : Math.max(0, until - now)
}
