const hourMs = 3_600_000

/** Steps of a plot, oldest first; `at` are their beginnings, ISO 8601. The last one holds `now`. */
export type DashboardSteps = { stepHours: number; at: string[]; indexOf(hour: string): number | null }

const stepHoursOf: Readonly<Record<24 | 168 | 720, number>> = { 24: 1, 168: 6, 720: 24 }

/**
 * A day by hours, a week by six hours, thirty days by days. Steps begin where they do on a clock that is `offsetMinutes` ahead of UTC,
 * to the hour: counting is by hours of UTC.
 */
export function dashboardSteps(hours: 24 | 168 | 720, now: number, offsetMinutes: number): DashboardSteps {
  const stepHours = stepHoursOf[hours]
  const stepMs = stepHours * hourMs
  const shift = Math.round(offsetMinutes / 60) * hourMs
  const last = Math.floor((now + shift) / stepMs) * stepMs - shift
  const first = last - (hours / stepHours - 1) * stepMs
  const at = Array.from({ length: hours / stepHours }, (_, index) => new Date(first + index * stepMs).toISOString())
  return {
    stepHours, at,
    indexOf(hour) {
      const index = Math.floor((Date.parse(`${hour.slice(0, 13)}:00:00Z`) - first) / stepMs)
      return index >= 0 && index < at.length ? index : null
    }
  }
}

/** The hour that a time (ISO 8601 in UTC) belongs to, as the tables of hours name it: YYYY-MM-DDTHH. */
export const hourOf = (at: string): string => at.slice(0, 13)
