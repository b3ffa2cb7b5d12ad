const minute = 60
const day = 86_400

/** Upper bounds, in seconds, of the classes that the way from sent to committed is counted in; nothing above the last one is counted. */
export const delayClasses: readonly number[] = [1, 2, 5, 10, 30, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, 3_600, 4 * 3_600, day, 30 * day]

const mostSkew = 10 * minute

/**
 * Seconds from the Date field of a mail (RFC 5322 3.6.1) to `at`, both ISO 8601; null where the date is missing or cannot be right: more
 * than 30 days ago, or ahead by more than clocks differ (10 minutes). A date a little ahead counts as now.
 */
export function secondsOnTheWay(date: string | null, at: string): number | null {
  const seconds = date === null ? Number.NaN : (Date.parse(at) - Date.parse(date)) / 1000
  if (!(seconds >= -mostSkew && seconds <= 30 * day)) return null
  return Math.max(0, seconds)
}

/** The bound of the class that so many seconds belong to. */
export const delayClassOf = (seconds: number): number => delayClasses.find((bound) => seconds <= bound) ?? (delayClasses.at(-1) as number)

/**
 * The delay, in seconds, that the part `share` (0 to 1) of the messages stayed below; null without messages. Inside a class they are taken
 * to be spread evenly, as Prometheus does (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile).
 */
export function delayQuantile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const total = delayClasses.reduce((sum, bound) => sum + (counts.get(bound) ?? 0), 0)
  if (total === 0) return null
  const wanted = share * total
  let below = 0
  let lower = 0
  for (const bound of delayClasses) {
    const here = counts.get(bound) ?? 0
    if (here > 0 && below + here >= wanted) return lower + ((bound - lower) * Math.max(0, wanted - below)) / here
    below += here
    lower = bound
  }
  return lower
}
