const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Months as mailers in other languages write them although RFC 5322 does not allow it. */
const otherMonths: Record<string, number> = { mrz: 2, mär: 2, mae: 2, mai: 4, okt: 9, dez: 11, fév: 1, fev: 1, avr: 3, jui: 6, aoû: 7, aou: 7, déc: 11, ene: 0, abr: 3, ago: 7, dic: 11, gen: 0, mag: 4, giu: 5, lug: 6, set: 8, ott: 9, maj: 4, mei: 4 }
/** Minutes east of Greenwich (RFC 5322 4.3, and what mailers write besides). Military letters say nothing reliable. */
const zones: Record<string, number> = {
  gmt: 0, ut: 0, utc: 0, z: 0, wet: 0, edt: -240, est: -300, cdt: -300, cst: -360, mdt: -360, mst: -420, pdt: -420, pst: -480,
  bst: 60, met: 60, cet: 60, mez: 60, west: 60, cest: 120, mest: 120, mesz: 120, eet: 120, eest: 180, msk: 180, msd: 240, ist: 330, hkt: 480, jst: 540, kst: 540, aest: 600, aedt: 660, nzst: 720, nzdt: 780, akst: -540, akdt: -480, hst: -600
}

/** ISO 8601 in UTC of a Date field (RFC 5322 3.3 and 4.3, asctime, ISO 8601, common mistakes); null where it is no date. */
export function parseDate(value: string): string | null {
  const text = value.slice(0, 200).replace(/\([^)]*\)?/g, ' ').replace(/["\s]+/g, ' ').trim()
  const time = readTime(text)
  const day = readDay(time.before, time.after)
  if (day === null || time.hour > 23 || time.minute > 59 || time.second > 60) return null
  const utc = Date.UTC(day.year, day.month, day.day, time.hour, time.minute, Math.min(time.second, 59))
  const check = new Date(utc)
  if (check.getUTCMonth() !== day.month || check.getUTCDate() !== day.day) return null
  const moved = new Date(utc - readZone(time.after) * 60_000)
  return moved.getUTCFullYear() < 1970 || moved.getUTCFullYear() > 9999 ? null : moved.toISOString()
}

type Time = { hour: number; minute: number; second: number; before: string; after: string }

function readTime(text: string): Time {
  const found = /(?:^|[ T])(\d{1,2}) ?: ?(\d{1,2})(?: ?: ?(\d{1,2})(?:[.,]\d{1,9})?)?(?: ?([AaPp])\.?[Mm]\.?)?/.exec(text) ?? /(?:^|[ T])(\d{1,2})\.(\d{2})\.(\d{2})(?=\s|$)/.exec(text)
  if (found === null) return { hour: 0, minute: 0, second: 0, before: text, after: '' }
  const [whole, hour, minute, second, half] = found
  let hours = Number(hour)
  if (half !== undefined && hours <= 12) hours = (hours % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  return { hour: hours, minute: Number(minute), second: Number(second ?? 0), before: text.slice(0, found.index), after: text.slice(found.index + whole.length) }
}

type Day = { year: number; month: number; day: number }

function readDay(before: string, after: string): Day | null {
  const iso = /\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b/.exec(before)
  if (iso !== null) return day(iso[1], Number(iso[2]) - 1, iso[3])
  const named = /\b(\d{1,2})(?:st|nd|rd|th|\.)?[ -]*(\p{L}{3,})\.?,?[ -]*(\d{4}|\d{2,3})\b/u.exec(before)
  if (named !== null) return day(named[3], monthNumber(named[2]), named[1])
  const american = /(\p{L}{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})/u.exec(before)
  if (american !== null) return day(american[3], monthNumber(american[1]), american[2])
  const asctime = /(\p{L}{3,}) +(\d{1,2})$/u.exec(before.trim())
  const year = /\b(\d{4})\b(?!\d)/.exec(after.replace(/[+-]\d{4}/, ' '))
  if (asctime !== null && year !== null) return day(year[1], monthNumber(asctime[1]), asctime[2])
  const numbers = /\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b/.exec(before)
  if (numbers === null) return null
  // Only a first number above 12 or points tell day from month; otherwise the American order is the frequent one.
  const dayFirst = Number(numbers[1]) > 12 || numbers[0].includes('.')
  return dayFirst ? day(numbers[3], Number(numbers[2]) - 1, numbers[1]) : day(numbers[3], Number(numbers[1]) - 1, numbers[2])
}

function day(year: string | undefined, month: number, number: string | undefined): Day | null {
  const written = Number(year)
  // RFC 5322 4.3: two digits up to 49 are 2000 on, three digits and 50 to 99 count from 1900.
  const full = (year?.length ?? 0) >= 4 ? written : written < 50 && year?.length === 2 ? written + 2000 : written + 1900
  return month >= 0 && month < 12 ? { year: full, month, day: Number(number) } : null
}

function monthNumber(name: string | undefined): number {
  const short = (name ?? '').toLowerCase().slice(0, 3)
  const english = months.indexOf(short)
  return english === -1 ? (otherMonths[short] ?? -1) : english
}

function readZone(after: string): number {
  const offset = /([+-])(\d{2}):?(\d{2})\b/.exec(after) ?? /(?:GMT|UTC)? ?([+-])(\d{1,2})\b/i.exec(after)
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
    return minutes > 1439 ? 0 : offset[1] === '-' ? -minutes : minutes
  }
  const name = /[A-Za-z]+/.exec(after)?.[0]?.toLowerCase() ?? ''
  return Object.hasOwn(zones, name) ? (zones[name] as number) : 0
}
