import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { hourOf } from '../model/dashboard-steps.ts'
import type { DashboardNeeds, DashboardTables } from './dashboard-needs.ts'
import type { RoundTally } from './round-tally.ts'

export type SampleNeeds = {
  database: Database
  tables: Pick<MailTables, 'outbox' | 'errors' | 'queueSamples' | 'trafficHours' | 'delayHours' | 'roundHours'> & Pick<DashboardTables, 'handOver'>
  sources: Pick<DashboardNeeds['sources'], 'incoming'>
  tally: Pick<RoundTally, 'waiting' | 'keep'>
  clock: { now(): number; after(ms: number, work: () => void): () => void }
  reportUnexpected: (thrown: unknown, during: string) => unknown
}
/** Looks at the queues when it begins and every five minutes; old counts go once a day. */
export type SampleQueues = { begin(): void; sample(): Promise<void>; close(): Promise<void> }

const everyMs = 300_000
const dayMs = 86_400_000
const kept = { hoursMs: 400 * dayMs, samplesMs: 35 * dayMs }

export function createSampleQueues({ database, tables, sources, tally, clock, reportUnexpected }: SampleNeeds): SampleQueues {
  let callOff = (): void => undefined
  let isClosed = false
  let trimmedAt = Number.NEGATIVE_INFINITY
  let sampling: Promise<unknown> = Promise.resolve()

  async function sample(): Promise<void> {
    const now = clock.now()
    const at = new Date(now).toISOString()
    const outbox = (await tables.outbox.waiting(database))?.count ?? 0
    const handOver = [...(await tables.handOver.waiting(database)).values()].reduce((sum, count) => sum + count, 0)
    const errors = await tables.errors.openByServer(database)
    const present = new Set((await sources.incoming()).map(({ id }) => id))
    const perServer = [...named('errors', errors), ...named('waiting', [...tally.waiting()].filter(([server]) => present.has(server)))]
    const samples = [{ queue: 'outbox', length: outbox }, ...[{ queue: 'hand-over', length: handOver }, ...perServer].filter(({ length }) => length > 0)]
    const isTrimmed = now - trimmedAt < dayMs
    const done = await database.transaction(async (transaction) => {
      await tables.queueSamples.add(transaction, samples.map((one) => ({ ...one, at })))
      if (!isTrimmed) await trim(now)(transaction)
      return tally.keep(transaction, null)
    })
    done()
    if (!isTrimmed) trimmedAt = now
  }
  const trim = (now: number) => async (transaction: Parameters<Parameters<Database['transaction']>[0]>[0]): Promise<void> => {
    const hour = hourOf(new Date(now - kept.hoursMs).toISOString())
    for (const table of [tables.trafficHours, tables.delayHours, tables.roundHours]) await table.forgetBefore(transaction, hour)
    await tables.queueSamples.forgetBefore(transaction, new Date(now - kept.samplesMs).toISOString())
  }
  const next = (): void => {
    sampling = sample().catch((thrown: unknown) => { if (!isClosed) reportUnexpected(thrown, 'looking at the queues') }).then(() => { if (!isClosed) callOff = clock.after(everyMs, next) })
  }
  return {
    begin: next,
    sample,
    async close() {
      isClosed = true
      callOff()
      await sampling
      await database.transaction((transaction) => tally.keep(transaction, null)).then((done) => done(), (thrown: unknown) => reportUnexpected(thrown, 'keeping how rounds went'))
    }
  }
}

const named = (queue: string, lengths: Iterable<readonly [number, number]>) => [...lengths].map(([server, length]) => ({ queue: `${queue} ${server}`, length }))
