import type { Dashboard } from '#contract/dashboard.ts'
import { countText, plural } from '../../components/sizes.ts'

export type SeriesId = 'request' | 'reply' | 'command' | 'dropped' | 'error' | 'median' | 'p95' | 'outbox' | 'handOver' | 'errorFolder' | 'waitingOnServers' | 'good' | 'failed'
export type Series = { id: SeriesId; label: string; values: (number | null)[] }
/** One plot as data: what it draws, what it says in words, and `empty` in its place where there is nothing to draw. */
export type Plot = { id: string; title: string; kind: 'bars' | 'lines'; unit: 'messages' | 'seconds' | 'rounds'; at: string[]; series: Series[]; summary: string; empty: string | null }

/** The four plots of the dashboard. */
export const plotsOf = (dashboard: Dashboard): Plot[] => [trafficPlot(dashboard), delayPlot(dashboard), queuesPlot(dashboard), roundsPlot(dashboard)]

const outcomes = [['request', 'Requests'], ['reply', 'Replies'], ['command', 'Commands'], ['dropped', 'Dropped'], ['error', 'Errors']] as const

function trafficPlot({ traffic, stepHours }: Dashboard): Plot {
  const series = outcomes.map(([id, label]): Series => ({ id, label, values: traffic.map((point) => point[id]) }))
  const total = series.reduce((all, one) => all + sum(one.values), 0)
  const parts = outcomes.map(([one, many], index) => ({ count: sum(series[index]?.values ?? []), many: many.toLowerCase(), one })).filter(({ count }) => count > 0).map(({ count, one, many }) => plural(count, one, many))
  return {
    id: 'traffic', title: `Mail per ${stepWords(stepHours)}`, kind: 'bars', unit: 'messages', at: traffic.map(({ at }) => at), series,
    summary: `${plural(total, 'message')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`, empty: total === 0 ? 'No mail came in this time.' : null
  }
}

const aDay = 86_400

function delayPlot({ delay }: Dashboard): Plot {
  const series: Series[] = [{ id: 'median', label: 'Half of the mail', values: delay.map(({ median }) => median) }, { id: 'p95', label: '95 of 100', values: delay.map(({ p95 }) => p95) }]
  const last = delay.filter(({ median }) => median !== null).at(-1)
  return {
    id: 'delay', title: 'From sent to request', kind: 'lines', unit: 'seconds', at: delay.map(({ at }) => at), series,
    summary: last === undefined ? 'No delay is known.' : `Last: half of the mail within ${durationText(last.median ?? 0)}, 95 of 100 within ${durationText(last.p95 ?? 0)}.${(last.p95 ?? 0) > aDay ? ' Old mail that a mailbox held when it was first fetched from counts with its age.' : ''}`,
    empty: last === undefined ? 'No mail became a request, reply or command in this time, so there is no delay to show.' : null
  }
}

function queuesPlot({ queues }: Dashboard): Plot {
  const of = (id: 'outbox' | 'handOver' | 'errorFolder' | 'waitingOnServers', label: string): Series => ({ id, label, values: queues.map((point) => point[id]) })
  const series = [of('outbox', 'Outbox'), of('handOver', 'Hand-over'), of('errorFolder', 'Failed mail'), of('waitingOnServers', 'Waiting on servers')]
  const most = series.map(({ label, values }) => ({ label, most: Math.max(0, ...values.map((value) => value ?? 0)) })).filter((one) => one.most > 0)
  return {
    id: 'queues', title: 'Queues', kind: 'lines', unit: 'messages', at: queues.map(({ at }) => at), series,
    summary: most.length === 0 ? 'Nothing waited.' : `At most: ${most.map(({ label, most: count }) => `${label.toLowerCase()} ${countText(count)}`).join(', ')}.`,
    empty: most.length === 0 ? 'Nothing waited in this time. Queues are looked at every five minutes.' : null
  }
}

function roundsPlot({ rounds }: Dashboard): Plot {
  const series: Series[] = [{ id: 'good', label: 'Good', values: rounds.map((point) => point.rounds - point.failed) }, { id: 'failed', label: 'Failed', values: rounds.map(({ failed }) => failed) }]
  const [good, failed] = series.map(({ values }) => sum(values)) as [number, number]
  return {
    id: 'rounds', title: 'Fetch rounds', kind: 'bars', unit: 'rounds', at: rounds.map(({ at }) => at), series,
    summary: good + failed === 0 ? 'No round ended.' : `${plural(good + failed, 'round')}, ${failed === 0 ? 'none failed' : `${countText(failed)} failed`}.`,
    empty: good + failed === 0 ? 'No mailbox was fetched from in this time.' : null
  }
}

const sum = (values: readonly (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0)
const stepWords = (hours: number): string => (hours === 1 ? 'hour' : hours === 24 ? 'day' : `${hours} hours`)

/** "0.8 s", "45 s", "3 min", "2.5 h", "3 days". */
export const durationText = (seconds: number): string => {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`
  if (seconds < 100) return `${Math.round(seconds)} s`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`
  return seconds < 129_600 ? `${Math.round(seconds / 360) / 10} h` : `${Math.round(seconds / 8_640) / 10} days`
}

/** A value as its plot counts it; "–" where there is none. */
export const valueText = (value: number | null, unit: Plot['unit']): string => (value === null ? '–' : unit === 'seconds' ? durationText(value) : countText(value))

/** The beginning of a step on the axis, in local time: the hour, or the day where steps are longer. */
export const stepLabel = (at: string, stepHours: number): string => {
  const time = new Date(at)
  const clock = time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  if (stepHours === 1) return clock
  const day = time.toLocaleDateString('en-GB', stepHours === 24 ? { day: 'numeric', month: 'short' } : { weekday: 'short', day: 'numeric' })
  return stepHours === 24 ? day : `${day}, ${clock}`
}

/** A whole step in words, in local time: "21 Nov, 13:00–14:00". */
export const stepSpan = (at: string, stepHours: number): string => {
  const [from, to] = [new Date(at), new Date(Date.parse(at) + stepHours * 3_600_000)]
  const day = from.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })
  const clock = (time: Date): string => time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  return stepHours === 24 ? day : `${day}, ${clock(from)}–${clock(to)}`
}

/** The numbers of a plot, a row for each step, as text that a spreadsheet takes: tabs between, plain numbers, times with their zone. */
export const plotAsText = ({ at, series, unit }: Plot): string =>
  [['From', ...series.map(({ label }) => (unit === 'seconds' ? `${label} (s)` : label))], ...at.map((time, index) => [time, ...series.map(({ values }) => String(values[index] ?? ''))])].map((row) => row.join('\t')).join('\n')
