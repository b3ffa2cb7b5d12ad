import type { ConfigurationTables } from '../servers/configuration-tables.ts'
import { earlierConfigurationsTable } from './earlier-configurations-table.ts'
import { historyTable } from './history-table.ts'
import { incomingServersTable } from './incoming-servers-table.ts'
import { outgoingServersTable } from './outgoing-servers-table.ts'
import { partitionsTable } from './partitions-table.ts'
import { settingsTable } from './settings-table.ts'

/** All tables of the configuration, as the use cases need them. */
export const configurationTables: ConfigurationTables = {
  incoming: incomingServersTable,
  outgoing: outgoingServersTable,
  partitions: partitionsTable,
  settings: settingsTable,
  history: historyTable,
  earlier: earlierConfigurationsTable
}
