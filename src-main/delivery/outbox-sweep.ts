import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Clock } from '../fetching/clock.ts'

export type OutboxSweepNeeds = { database: Database; tables: Pick<MailTables, 'outbox'>; clock: Clock; keepSentDays: () => Promise<number>; /** Something was taken away. */ swept: () => void }

/** Takes away what was sent or refused longer ago than it is kept. */
export type OutboxSweep = {
  /** Looks where an hour has passed since it last did. Throws what the database throws. */
  now(): Promise<void>
  /** By a clock that jumped forward everything is old: a day passes before it is believed. */
  clockJumped(): void
  close(): void
}

const everyMs = 3_600_000
const dayMs = 86_400_000
const atOnce = 500

export function createOutboxSweep({ database, tables: { outbox }, clock, keepSentDays, swept }: OutboxSweepNeeds): OutboxSweep {
  let notBefore = Number.NEGATIVE_INFINITY
  let isClosed = false
  return {
    async now() {
      if (clock.elapsed() < notBefore || isClosed) return
      notBefore = clock.elapsed() + everyMs
      const before = new Date(clock.now() - (await keepSentDays()) * dayMs).toISOString()
      for (let ids = await outbox.endedBefore(database, before, atOnce); ids.length > 0 && !isClosed; ids = await outbox.endedBefore(database, before, atOnce)) {
        const some = ids
        await database.transaction((transaction) => outbox.delete(transaction, some))
        swept()
      }
    },
    clockJumped() {
      notBefore = clock.elapsed() + dayMs
    },
    close() {
      isClosed = true
    }
  }
}
