import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ServerSources } from '../servers/server-sources.ts'

export type OutboxCounts = ReadonlyMap<string, OutgoingServerView['outbox']>

/** What lies in the outbox for each outgoing server, by its name; mail of a partition counts for the server that the partition sends through now. */
export const createOutboxCounts = ({ database, tables: { outbox }, sources }: { database: Database; tables: Pick<MailTables, 'outbox'>; sources: Pick<ServerSources, 'outgoingFor'> }) => async (): Promise<OutboxCounts> => {
  const counts = new Map<string, { waiting: number; stuck: number }>()
  for (const { state, wantedServer, partition, count } of await outbox.counts(database)) {
    const server = wantedServer ?? (await sources.outgoingFor(partition))?.server.name
    if (server === undefined || state === 'sent') continue
    const { waiting, stuck } = counts.get(server) ?? { waiting: 0, stuck: 0 }
    counts.set(server, { waiting: waiting + count, stuck: stuck + (state === 'waiting' || state === 'sending' ? 0 : count) })
  }
  return counts
}
