/** How far a server's clock may be away before it explains a refused token, in milliseconds. */
export const clockToleranceMs = 120_000

/**
 * By how much this computer's clock is ahead of the server's (milliseconds; negative: behind), from the Date field of an answer (RFC 9110
 * 6.6.1). null where the field is missing or unreadable. Pure; `now` in milliseconds since 1970.
 */
export function clockOffset(date: string | undefined, now: number): number | null {
  const found = date === undefined ? null : parts(date.trim())
  if (found === null) return null
  const [day, month, year, time] = found
  const theirs = Date.parse(`${day.padStart(2, '0')} ${month} ${year} ${time} GMT`)
  return Number.isNaN(theirs) ? null : now - theirs
}

/** The offset where it is so large that it explains a refused token; otherwise null. */
export function wrongClock(date: string | undefined, now: number): number | null {
  const offByMs = clockOffset(date, now)
  return offByMs !== null && Math.abs(offByMs) > clockToleranceMs ? offByMs : null
}

/** The three forms of RFC 9110 5.6.7: IMF-fixdate, RFC 850 with two digits of the year, and asctime. */
function parts(date: string): [string, string, string, string] | null {
  const fixed = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/.exec(date)
  if (fixed) return [fixed[1] ?? '', fixed[2] ?? '', fixed[3] ?? '', fixed[4] ?? '']
  const old = /^\w{6,9}, (\d{2})-(\w{3})-(\d{2}) (\d{2}:\d{2}:\d{2}) GMT$/.exec(date)
  if (old) return [old[1] ?? '', old[2] ?? '', `20${old[3] ?? ''}`, old[4] ?? '']
  const asctime = /^\w{3} (\w{3}) [ \d](\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/.exec(date)
  return asctime ? [date.slice(8, 10).trim(), asctime[1] ?? '', asctime[4] ?? '', asctime[3] ?? ''] : null
}
