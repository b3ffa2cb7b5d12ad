import { useSyncExternalStore } from 'react'

let tick = Date.now()
const tickers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

const watchClock = (watcher: () => void): (() => void) => {
  tickers.add(watcher)
  timer ??= setInterval(() => {
    tick = Date.now()
    for (const each of tickers) each()
  }, 1_000)
  return () => {
    tickers.delete(watcher)
    if (tickers.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}

/** The present time in milliseconds, renewed every second; one timer for the whole page. */
export const useNow = (): number => useSyncExternalStore(watchClock, () => tick)

/** "12 s ago"; the full local time with its zone on hover. */
export const TimeAgo = ({ at }: { at: string }) => <time dateTime={at} title={fullTime(at)}>{agoText(Date.parse(at), useNow())}</time>

/** "48 s" until a time, "now" once it is there. */
export const Countdown = ({ to }: { to: string }) => {
  const left = Date.parse(to) - useNow()
  return <time dateTime={to} title={fullTime(to)}>{left <= 500 ? 'now' : spanText(left)}</time>
}

/** A local time as short as the day allows; the full one on hover. */
export const LocalTime = ({ at }: { at: string }) => <time dateTime={at} title={fullTime(at)}>{clockText(at, useNow())}</time>

export const agoText = (then: number, now: number): string => {
  const ago = now - then
  if (ago < 1_500) return 'just now'
  return ago < 12 * 3_600_000 ? `${spanText(ago)} ago` : clockText(new Date(then).toISOString(), now)
}

/** "48 s", "12 min", "3 h", "2 days". */
export const spanText = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 100) return `${seconds} s`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`
  return seconds < 129_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString()

/** "09:14" today, "yesterday 17:02", "17 Nov 17:02" this year, otherwise with the year. */
export const clockText = (iso: string, now: number): string => {
  const then = new Date(iso)
  const today = new Date(now)
  const clock = then.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })
  if (sameDay(then, today)) return clock
  if (sameDay(then, new Date(now - 86_400_000))) return `yesterday ${clock}`
  const month = then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(then.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' }) })
  return `${month} ${clock}`
}

export const fullTime = (iso: string): string =>
  new Date(iso).toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' })
