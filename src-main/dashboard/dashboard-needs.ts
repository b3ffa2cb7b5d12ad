import type { Database } from '../database/database.ts'
import type { HandOverTable } from '../database/hand-over-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ServerSources } from '../servers/server-sources.ts'

export type DashboardTables = MailTables & { handOver: Pick<HandOverTable, 'waiting' | 'counts'> }
export type DashboardNeeds = {
  database: Database
  tables: DashboardTables
  sources: Pick<ServerSources, 'incoming' | 'incomingNamed'>
  now: () => number
}
