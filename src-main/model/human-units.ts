/** `500ms`, `60s`, `5m`, `1h` to milliseconds; null where the text is no such duration or not a whole number of milliseconds. */
export const parseDuration = (text: string): number | null => measured(text, durationUnits)

/** Milliseconds in the largest unit that divides them: 60000 is `1m`, 90000 is `90s`. */
export const printDuration = (milliseconds: number): string => printed(milliseconds, durationUnits)

/** `10KB`, `20MB`, `1GB` (decimal) to bytes; null where the text is no such size or not a whole number of bytes. */
export const parseSize = (text: string): number | null => measured(text, sizeUnits)

/** Bytes in the largest decimal unit that divides them: 20000000 is `20MB`. */
export const printSize = (bytes: number): string => printed(bytes, sizeUnits)

type Unit = readonly [name: string, factor: number]

/** Largest first. */
const durationUnits: readonly Unit[] = [['h', 3_600_000], ['m', 60_000], ['s', 1_000], ['ms', 1]]
const sizeUnits: readonly Unit[] = [['GB', 1_000_000_000], ['MB', 1_000_000], ['KB', 1_000], ['B', 1]]

const measured = (text: string, units: readonly Unit[]): number | null => {
  const [, digits, name] = /^(\d{1,15}(?:\.\d{1,9})?) ?([A-Za-z]{1,2})$/.exec(text.trim()) ?? []
  const unit = units.find(([known]) => known.toLowerCase() === name?.toLowerCase())
  if (digits === undefined || unit === undefined) return null
  const amount = Math.round(Number(digits) * unit[1] * 1000) / 1000
  return Number.isSafeInteger(amount) ? amount : null
}

const printed = (amount: number, units: readonly Unit[]): string => {
  const [name, factor] = units.find(([, size]) => amount !== 0 && amount % size === 0) ?? units[units.length - 1] ?? ['', 1]
  return `${amount / factor}${name}`
}
