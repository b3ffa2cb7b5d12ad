import type { Expiry } from '#contract/advice.ts'
import type { CallAnswer } from '#contract/calls.ts'
import type { Health } from '#contract/health.ts'
import type { Settings } from '#contract/settings.ts'
import { createDashboard } from '../dashboard/create-dashboard.ts'
import { createMetrics, type Metrics, type MetricsSeen } from '../dashboard/create-metrics.ts'
import type { DashboardNeeds } from '../dashboard/dashboard-needs.ts'
import { createLookAtHealth } from '../dashboard/look-at-health.ts'
import { createLookAround, type LookAroundNeeds } from '../dashboard/look-around.ts'
import { createRoundTally, type RoundTally } from '../dashboard/round-tally.ts'
import { createSampleQueues } from '../dashboard/sample-queues.ts'
import { diskRoomOf } from '../data-folder/disk-room.ts'
import { handOverTable } from '../database/hand-over-table.ts'
import { mailTables } from '../database/mail-tables.ts'
import { systemClock } from '../fetching/clock.ts'
import type { FetchScheduler } from '../fetching/fetch-scheduler.ts'

/** What counts while mail comes in; it is there before what it will be asked by. */
export type Counting = { metrics: Metrics; tally: RoundTally }

export function composeCounting(version: string): Counting {
  const metrics = createMetrics({ now: Date.now, version, nodeVersion: process.versions.node })
  return { metrics, tally: createRoundTally({ tables: mailTables, now: Date.now, heard: metrics.roundEnded }) }
}

type Given = Pick<DashboardNeeds, 'database' | 'sources'> & {
  counting: Counting
  settings: () => Promise<Settings>
  folder: string
  stateOf: FetchScheduler['stateOf']
  expiries: () => Promise<Expiry[]>
  status: LookAroundNeeds
  reportUnexpected: (thrown: unknown, during: string) => unknown
}
export type DashboardRoom = {
  get: ReturnType<typeof createDashboard>
  status: ReturnType<typeof createLookAround>
  metricsText: () => Promise<CallAnswer<'metrics.text'>>
  health: () => Promise<Health>
  begin(): void
  close(): Promise<void>
}

/** The room of what is counted, over the real clock and disk. */
export function composeDashboard({ counting, settings, folder, stateOf, expiries, status, ...given }: Given): DashboardRoom {
  const needs = { ...given, tables: { ...mailTables, handOver: handOverTable }, tally: counting.tally, clock: systemClock, now: Date.now }
  const { database, tables, sources } = needs
  const samples = createSampleQueues(needs)
  const lookAtHealth = createLookAtHealth({ ...needs, settings, stateOf, diskRoom: () => diskRoomOf(folder) })
  let begunAt: number | null = null
  const health = (): Promise<Health> => lookAtHealth(begunAt)

  async function seen(): Promise<MetricsSeen> {
    const [lastMails, errors, targets] = [await tables.lastMails.all(database), await tables.errors.openByServer(database), (await settings()).handOver]
    const waiting = await tables.handOver.waiting(database)
    return {
      working: (await health()).working, outbox: (await tables.outbox.waiting(database))?.count ?? 0, expiries: await expiries(),
      handOver: targets.map(({ name }) => ({ target: name, waiting: waiting.get(name) ?? 0 })),
      servers: (await sources.incoming()).map(({ id, server, ready }) => {
        const { problem, failuresInARow, lastSuccessAt } = stateOf(id)
        return {
          name: server.name, isStarted: ready !== null && server.enabled, isWell: problem === null, failuresInARow, lastSuccessAt, lastMailAt: lastMails.get(id) ?? null, errorsOpen: errors.get(id) ?? 0, waiting: counting.tally.waiting().get(id) ?? null
        }
      })
    }
  }
  return {
    get: createDashboard(needs),
    status: createLookAround(status),
    metricsText: async () => ({ text: await counting.metrics.text(await seen()) }),
    health,
    begin() {
      begunAt = Date.now()
      samples.begin()
    },
    async close() {
      await samples.close()
      counting.metrics.close()
    }
  }
}
