import type { ParsedInput } from '../../src-contract/calls.ts'
import type { Dashboard } from '../../src-contract/dashboard.ts'
import { ago } from './sample-configuration.ts'

const hourMs = 3_600_000

/** A dashboard as of now: busy by day, quiet by night, with one bad hour; or one where nothing happened yet. */
export const sampleDashboard = ({ hours, server }: ParsedInput<'dashboard.get'>, isEmpty: boolean): Dashboard => {
  const stepHours = hours === 24 ? 1 : hours === 168 ? 6 : 24
  const last = Math.floor(Date.now() / (stepHours * hourMs)) * stepHours * hourMs
  const steps = Array.from({ length: hours / stepHours }, (_, index) => ({ index, at: new Date(last - (hours / stepHours - 1 - index) * stepHours * hourMs).toISOString() }))
  const share = isEmpty ? 0 : server === null ? 1 : 0.4
  const busy = (index: number): number => Math.max(0, Math.sin((index / steps.length) * Math.PI * (hours === 24 ? 1 : 6)) + 0.35) * stepHours * share
  const bad = (index: number): boolean => !isEmpty && index === Math.floor(steps.length * 0.7)
  const count = (index: number, most: number): number => Math.round(busy(index) * most * (0.8 + ((index * 7) % 5) / 10))
  const servers = isEmpty ? [] : ['hr', 'it', 'sales'].filter((name) => server === null || name === server)
  return {
    at: new Date().toISOString(), stepHours,
    traffic: steps.map(({ at, index }) => ({ at, request: count(index, 24), reply: count(index, 17), command: count(index, 2), dropped: count(index, 5), error: bad(index) ? 6 : 0 })),
    delay: steps.map(({ at, index }) => (busy(index) === 0 ? { at, median: null, p95: null } : { at, median: bad(index) ? 900 : 4 + (index % 5), p95: bad(index) ? 7_400 : 22 + ((index * 13) % 50) })),
    queues: steps.map(({ at, index }) => ({ at, outbox: count(index, 2), handOver: bad(index) ? 31 : count(index, 1), errorFolder: isEmpty || index < steps.length * 0.7 ? 0 : 6, waitingOnServers: bad(index) ? 58 : 0 })),
    rounds: steps.map(({ at, index }) => ({ at, rounds: Math.round(120 * stepHours * share), failed: bad(index) ? 34 : 0 })),
    servers: servers.map((name, index) => ({ server: name, messages: 612 - 190 * index, errors: index === 2 ? 6 : 0, rounds: 1_440 * stepHours, failed: index === 2 ? 34 : 0, medianDelay: 5.4 + 3 * index, lastMailAt: ago(index === 0 ? 40_000_000 : 120_000 * index), silentSince: index === 0 ? ago(40_000_000) : null }))
  }
}
