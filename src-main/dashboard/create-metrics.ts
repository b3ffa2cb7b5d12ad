import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RoundResult } from '#contract/incoming-server.ts'
import type { Outcome } from '#contract/message.ts'
import { delayClasses } from '../model/delay-classes.ts'
import type { CommitNeeds } from '../requests/message-fate.ts'
import { delayOf } from '../requests/write-traffic.ts'
import { roundEndOf } from './round-tally.ts'

/** What is looked up when the metrics are asked for; servers by name, times ISO 8601. */
export type MetricsSeen = {
  servers: { name: string; isStarted: boolean; isWell: boolean; failuresInARow: number; lastSuccessAt: string | null; lastMailAt: string | null; errorsOpen: number; waiting: number | null }[]
  outbox: number
  handOver: readonly { target: string; waiting: number }[]
  expiries: readonly { server: string; what: string; daysLeft: number }[]
  working: boolean
}
export type MetricsNeeds = { now: () => number; version: string; nodeVersion: string }

/**
 * Counts what happens from the start of the process on, as Prometheus expects it of counters
 * (https://prometheus.io/docs/concepts/metric_types/#counter); the dashboard's numbers outlive it. Labels name servers and help desks,
 * never people, and hold no secret. Every console has a registry of its own.
 */
export type Metrics = {
  committed: CommitNeeds['told']
  roundEnded(result: RoundResult): void
  /** Text in the exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format). */
  text(seen: MetricsSeen): Promise<string>
  close(): void
}

const outcomes: readonly Outcome[] = ['request', 'reply', 'command', 'dropped', 'error']
const fromFiles = '(files)'

export function createMetrics({ now, version, nodeVersion }: MetricsNeeds): Metrics {
  const registry = new Registry()
  const counting = countersIn(registry)
  const show = gaugesIn(registry)
  const ofProcess = processGaugesIn(registry)
  new Gauge({ name: 'mailroom_build_info', help: 'Version of Mailroom and of Node.js; always 1.', labelNames: ['version', 'node'], registers: [registry] }).set({ version, node: nodeVersion }, 1)
  return {
    committed(origin, messages) {
      const server = origin.server?.name ?? fromFiles
      const at = new Date(now()).toISOString()
      for (const { outcome, decided } of messages) {
        counting.messages.inc({ server, outcome })
        const seconds = delayOf(decided, at)
        if (seconds !== null) counting.delay.observe(seconds)
      }
    },
    roundEnded(result) {
      counting.rounds.inc({ server: result.server, result: roundEndOf(result) })
      counting.roundSeconds.observe({ server: result.server }, result.seconds)
    },
    text(seen) {
      counting.begin(seen)
      show(seen)
      ofProcess.look()
      return registry.metrics()
    },
    close: ofProcess.close
  }
}

function countersIn(registry: Registry) {
  const registers = [registry]
  const messages = new Counter({ name: 'mailroom_messages_total', help: 'Messages committed since start, by server and outcome.', labelNames: ['server', 'outcome'], registers })
  const rounds = new Counter({ name: 'mailroom_rounds_total', help: 'Fetch rounds ended since start, by server and result; delayed: the provider asked for patience.', labelNames: ['server', 'result'], registers })
  const roundSeconds = new Histogram({ name: 'mailroom_round_seconds', help: 'Duration of fetch rounds.', labelNames: ['server'], buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600], registers })
  const delay = new Histogram({ name: 'mailroom_request_delay_seconds', help: 'Time from the Date of a mail to the commit of its request, reply or command.', buckets: [...delayClasses], registers })
  return {
    messages, rounds, roundSeconds, delay,
    /** A series that is there from the beginning shows its first event as an increase. */
    begin({ servers }: MetricsSeen): void {
      for (const { name: server } of servers.filter((one) => one.isStarted)) {
        for (const outcome of outcomes) messages.inc({ server, outcome }, 0)
        for (const result of ['ok', 'failed']) rounds.inc({ server, result }, 0)
      }
    }
  }
}

function gaugesIn(registry: Registry): (seen: MetricsSeen) => void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> => new Gauge({ name, help, labelNames, registers: [registry] })
  const working = gauge('mailroom_working', 'Whether nothing is known that keeps mail from coming in: 1 or 0, as GET /health says.')
  const up = gauge('mailroom_server_up', 'Whether the last round of a started server went well: 1 or 0.', 'server')
  const failures = gauge('mailroom_server_failures_in_a_row', 'Rounds of a server that failed since the last good one.', 'server')
  const success = gauge('mailroom_last_success_timestamp_seconds', 'When the last good round of a server ended, Unix time.', 'server')
  const mail = gauge('mailroom_last_mail_timestamp_seconds', 'When mail last came from a server, Unix time.', 'server')
  const errors = gauge('mailroom_errors_open', 'Messages of a server that failed and wait for somebody.', 'server')
  const waiting = gauge('mailroom_waiting_on_server', 'Messages waiting on a server, as last seen.', 'server')
  const outbox = gauge('mailroom_outbox_waiting', 'Mail that waits to be sent.')
  const handOver = gauge('mailroom_hand_over_waiting', 'Events that wait to be handed over to a help desk.', 'target')
  const expiry = gauge('mailroom_expiry_days', 'Days until something of a server ends; below 0 it is over.', 'server', 'what')
  return (seen) => {
    for (const one of [up, failures, success, mail, errors, waiting, handOver, expiry]) one.reset()
    working.set(seen.working ? 1 : 0)
    outbox.set(seen.outbox)
    for (const { target, waiting: count } of seen.handOver) handOver.set({ target }, count)
    for (const { server, what, daysLeft } of soonest(seen.expiries)) expiry.set({ server, what }, daysLeft)
    for (const { name: server, ...of } of seen.servers) {
      if (of.isStarted) up.set({ server }, of.isWell ? 1 : 0)
      failures.set({ server }, of.failuresInARow)
      errors.set({ server }, of.errorsOpen)
      if (of.waiting !== null) waiting.set({ server }, of.waiting)
      if (of.lastSuccessAt !== null) success.set({ server }, Date.parse(of.lastSuccessAt) / 1000)
      if (of.lastMailAt !== null) mail.set({ server }, Date.parse(of.lastMailAt) / 1000)
    }
  }
}

/** One row for each server and thing: an alert is about the first of its dates. */
const soonest = (expiries: MetricsSeen['expiries']): MetricsSeen['expiries'] => [...expiries].sort((a, b) => b.daysLeft - a.daysLeft)

function processGaugesIn(registry: Registry) {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] })
  const started = gauge('process_start_time_seconds', 'When the process started, Unix time.')
  const memory = gauge('process_resident_memory_bytes', 'Resident memory of the process.')
  const heap = gauge('nodejs_heap_size_used_bytes', 'Used heap of the main thread.')
  const longest = gauge('mailroom_event_loop_delay_max_seconds', 'Longest delay of the event loop since the metrics were last asked for.')
  const usual = gauge('mailroom_event_loop_delay_p99_seconds', 'Delay of the event loop that 99 of 100 turns stayed below since the metrics were last asked for.')
  const cpu = new Counter({ name: 'process_cpu_seconds_total', help: 'Processor time of the process, all threads.', registers: [registry] })
  const delays = monitorEventLoopDelay({ resolution: 20 })
  delays.enable()
  started.set(Math.round(Date.now() / 1000 - process.uptime()))
  let before = 0
  return {
    look(): void {
      const { user, system } = process.cpuUsage()
      cpu.inc(Math.max(0, (user + system) / 1e6 - before))
      before = (user + system) / 1e6
      memory.set(process.memoryUsage.rss())
      heap.set(process.memoryUsage().heapUsed)
      longest.set(delays.count === 0 ? 0 : delays.max / 1e9)
      usual.set(delays.count === 0 ? 0 : delays.percentile(99) / 1e9)
      delays.reset()
    },
    close: () => void delays.disable()
  }
}
