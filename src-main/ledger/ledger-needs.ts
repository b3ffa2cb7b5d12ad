import type { IncomingServer } from '#contract/incoming-server.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { MailboxNeeds } from '../fetching/in-mailbox.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'

/** A server that can be fetched from; `id` outlives renaming. */
export type LedgerServer = { id: number; server: IncomingServer }

export type LedgerNeeds = MailboxNeeds & {
  database: Database
  tables: MailTables
  sources: Pick<ServerSources, 'incoming' | 'incomingNamed'>
  /** Other servers that fetch from the same mailbox. */
  sharersOf: (ready: LedgerServer) => Promise<number[]>
  /** When a server was added or first started, ISO 8601; null where nothing tells. */
  addedAt: (name: string) => Promise<string | null>
  /** Runs work on a server's mailbox while no round does. */
  exclusively: <Result>(id: number, work: () => Promise<Result>) => Promise<Result>
  /** Lets the next round of a server begin now. */
  wake: (id: number) => void
  works: Works
  announce: EventListener
  now: () => number
}
