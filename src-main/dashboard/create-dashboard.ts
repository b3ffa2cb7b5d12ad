import type { ParsedInput } from '#contract/calls.ts'
import type { Dashboard, QueuePoint } from '#contract/dashboard.ts'
import { dashboardSteps, hourOf, type DashboardSteps } from '../model/dashboard-steps.ts'
import { delayQuantile } from '../model/delay-classes.ts'
import type { DelayHour } from '../database/delay-hours-table.ts'
import type { QueueSample } from '../database/queue-samples-table.ts'
import type { RoundHour } from '../database/round-hours-table.ts'
import type { TrafficHour } from '../database/traffic-hours-table.ts'
import { nativeMailName } from '../receiving/native-origin.ts'
import type { DashboardNeeds } from './dashboard-needs.ts'
import { serverOf, sourceNames } from '../receiving/source-names.ts'

type Found = { traffic: TrafficHour[]; delays: DelayHour[]; rounds: RoundHour[]; samples: QueueSample[]; lastMails: Map<number, string>; silences: Map<number, string>; names: Map<number, string> }

/** The call `dashboard.get`. Throws ProblemError `not-found` for a server that there is not. */
export function createDashboard(needs: DashboardNeeds): (input: ParsedInput<'dashboard.get'>) => Promise<Dashboard> {
  const { database, tables, sources, now } = needs
  return async ({ hours, server, offsetMinutes }) => {
    const only = server === null ? null : await serverOf(sources, server)
    const at = now()
    const steps = dashboardSteps(hours, at, offsetMinutes)
    const first = steps.at[0] ?? ''
    const hour = hourOf(first)
    const found: Found = {
      traffic: await tables.trafficHours.since(database, hour, only), delays: await tables.delayHours.since(database, hour, only), rounds: await tables.roundHours.since(database, hour, only),
      samples: await tables.queueSamples.since(database, first), lastMails: await tables.lastMails.all(database),
      silences: new Map((await tables.silences.all(database)).map((one) => [one.server, one.since])), names: await sourceNames(sources)
    }
    return {
      at: new Date(at).toISOString(), stepHours: steps.stepHours,
      traffic: trafficOf(steps, found), delay: delayOf(steps, found), queues: queuesOf(steps, found, only), rounds: roundsOf(steps, found), servers: serversOf(found, only)
    }
  }
}

function trafficOf(steps: DashboardSteps, { traffic }: Found): Dashboard['traffic'] {
  const points = steps.at.map((at) => ({ at, request: 0, reply: 0, command: 0, dropped: 0, error: 0 }))
  for (const { hour, outcome, messages } of traffic) {
    const point = points[steps.indexOf(hour) ?? -1]
    if (point !== undefined) point[outcome] += messages
  }
  return points
}

function delayOf(steps: DashboardSteps, { delays }: Found): Dashboard['delay'] {
  const counts = steps.at.map(() => new Map<number, number>())
  for (const { hour, ...row } of delays) {
    const step = counts[steps.indexOf(hour) ?? -1]
    if (step !== undefined) addDelay(step, row)
  }
  return steps.at.map((at, index) => ({ at, median: rounded(delayQuantile(counts[index] ?? new Map(), 0.5)), p95: rounded(delayQuantile(counts[index] ?? new Map(), 0.95)) }))
}

const addDelay = (counts: Map<number, number>, { upToSeconds, messages }: Pick<DelayHour, 'upToSeconds' | 'messages'>): void => void counts.set(upToSeconds, (counts.get(upToSeconds) ?? 0) + messages)
const rounded = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds * 100) / 100)

function roundsOf(steps: DashboardSteps, found: Found): Dashboard['rounds'] {
  const points = steps.at.map((at) => ({ at, rounds: 0, failed: 0 }))
  for (const { hour, rounds, failed } of found.rounds) {
    const point = points[steps.indexOf(hour) ?? -1]
    if (point === undefined) continue
    point.rounds += rounds
    point.failed += failed
  }
  return points
}

/** The longest that each queue was in a step. Outbox and hand-over belong to no server. */
function queuesOf(steps: DashboardSteps, { samples }: Found, only: number | null): QueuePoint[] {
  const points = steps.at.map((at): QueuePoint => ({ at, outbox: 0, handOver: 0, errorFolder: 0, waitingOnServers: 0 }))
  for (const [at, lengths] of byTime(samples, only)) {
    const point = points[steps.indexOf(at) ?? -1]
    if (point !== undefined) for (const key of queueKeys) point[key] = Math.max(point[key], lengths[key])
  }
  return points
}

const queueKeys = ['outbox', 'handOver', 'errorFolder', 'waitingOnServers'] as const
type Lengths = Record<(typeof queueKeys)[number], number>
const keyOf: Readonly<Record<string, keyof Lengths>> = { outbox: 'outbox', 'hand-over': 'handOver', errors: 'errorFolder', waiting: 'waitingOnServers' }

function byTime(samples: readonly QueueSample[], only: number | null): Map<string, Lengths> {
  const times = new Map<string, Lengths>()
  for (const { at, queue, length } of samples) {
    const [kind = '', server] = queue.split(' ')
    const key = keyOf[kind]
    if (key === undefined || (only !== null && server !== undefined && Number(server) !== only)) continue
    const lengths = times.get(at) ?? { outbox: 0, handOver: 0, errorFolder: 0, waitingOnServers: 0 }
    lengths[key] += length
    times.set(at, lengths)
  }
  return times
}

function serversOf({ traffic, delays, rounds, lastMails, silences, names }: Found, only: number | null): Dashboard['servers'] {
  const ids = new Set([...names.keys(), ...[...traffic, ...rounds].map(({ server }) => server)])
  const byName = new Map<string, number[]>()
  for (const id of ids) if (only === null || id === only) byName.set(nameOf(names, id), [...(byName.get(nameOf(names, id)) ?? []), id])
  const rows = [...byName].map(([server, group]) => {
    const ofGroup = (row: { server: number }): boolean => group.includes(row.server)
    const own = traffic.filter(ofGroup)
    const ran = rounds.filter(ofGroup)
    const delay = new Map<number, number>()
    for (const row of delays.filter(ofGroup)) addDelay(delay, row)
    return {
      server, messages: sum(own, 'messages'), errors: sum(own.filter(({ outcome }) => outcome === 'error'), 'messages'), rounds: sum(ran, 'rounds'), failed: sum(ran, 'failed'),
      medianDelay: rounded(delayQuantile(delay, 0.5)), lastMailAt: group.map((id) => lastMails.get(id) ?? '').sort().at(-1) || null, silentSince: group.map((id) => silences.get(id)).find((since) => since !== undefined) ?? null
    }
  })
  const isShown = ({ server, messages, lastMailAt }: (typeof rows)[number]): boolean => server !== nativeMailName || messages > 0 || lastMailAt !== null
  return rows.filter(isShown).sort((a, b) => (a.server < b.server ? -1 : 1))
}

/** Mail keeps counting when its server is gone, or when it came from a file: no server can have these names. */
const nameOf = (names: ReadonlyMap<number, string>, id: number): string => names.get(id) ?? (id === 0 ? '(files)' : '(deleted servers)')

const sum = <Key extends string>(rows: readonly Record<Key, number>[], key: Key): number => rows.reduce((total, row) => total + row[key], 0)
