import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { learntFromDays, type MailSeen } from '../model/usual-mail.ts'

const hourMs = 3_600_000
const keptMs = (learntFromDays.most + 60) * 24 * hourMs
const rowsAtOnce = 100_000

/** When mail came to each server, from the ledger: read once, and then only what is new of it. */
export type ReadMailSeen = (now: number) => Promise<ReadonlyMap<number, MailSeen>>

export function createReadMailSeen({ database, tables: { ledger } }: { database: Database; tables: Pick<MailTables, 'ledger'> }): ReadMailSeen {
  const seen = new Map<number, { hours: Map<number, number>; first: number; last: number }>()
  let readUntil = 0
  return async (now) => {
    const newest = await ledger.newestId(database)
    // A ledger that was made anew begins to count anew.
    if (newest < readUntil) {
      seen.clear()
      readUntil = 0
    }
    while (readUntil < newest) {
      const until = Math.min(newest, readUntil + rowsAtOnce)
      for (const { server, hour, messages, first, last } of await ledger.byHour(database, { after: readUntil, until, since: new Date(now - keptMs).toISOString() })) {
        // Written while the clock was ahead: it would hide every silence until that time has come.
        if (Date.parse(first) > now) continue
        const of = seen.get(server) ?? { hours: new Map<number, number>(), first: Date.parse(first), last: Date.parse(last) }
        const time = Date.parse(`${hour}:00:00Z`)
        of.hours.set(time, (of.hours.get(time) ?? 0) + messages)
        seen.set(server, Object.assign(of, { first: Math.min(of.first, Date.parse(first)), last: Math.max(of.last, Date.parse(last)) }))
      }
      readUntil = until
    }
    for (const { hours } of seen.values()) for (const time of hours.keys()) if (time < now - keptMs) hours.delete(time)
    return seen
  }
}
