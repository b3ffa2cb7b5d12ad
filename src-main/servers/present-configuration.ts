import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { partition as partitionSchema, settings as settingsSchema, type Partition, type Settings } from '#contract/settings.ts'
import type { Queryable } from '../database/database.ts'
import type { ConfigurationTables, ServerRow } from './configuration-tables.ts'
import { storedIncomingServer, storedOutgoingServer, storedPartition, storedSettings } from './read-leniently.ts'

/** The whole configuration as it is stored. `partitions` always has exactly one default. */
export type PresentConfiguration = {
  partitions: Partition[]
  /** Whether `partitions` is only what a new installation begins with and was never saved. */
  partitionsImplied: boolean
  incoming: ServerRow<IncomingServerDraft>[]
  outgoing: ServerRow<OutgoingServerDraft>[]
  settings: Settings
}

/** The partition of a new installation. */
export const firstPartition: Partition = partitionSchema.parse({ name: 'Main', default: true })

/** What a new installation has. */
export const emptyConfiguration = (): PresentConfiguration => ({
  partitions: [{ ...firstPartition }], partitionsImplied: true, incoming: [], outgoing: [], settings: settingsSchema.parse({})
})

export const readConfiguration = async (tables: ConfigurationTables, from: Queryable): Promise<PresentConfiguration> => {
  const partitions = (await tables.partitions.all(from)).map(storedPartition)
  return {
    partitions: partitions.length === 0 ? [{ ...firstPartition }] : partitions,
    partitionsImplied: partitions.length === 0,
    incoming: (await tables.incoming.all(from)).map((row) => ({ ...row, server: storedIncomingServer(row.server) })),
    outgoing: (await tables.outgoing.all(from)).map((row) => ({ ...row, server: storedOutgoingServer(row.server) })),
    settings: await readSettings(tables, from)
  }
}

/** Settings that were never saved, and keys that the version which saved them did not have, have their defaults. */
export const readSettings = async (tables: ConfigurationTables, from: Queryable): Promise<Settings> => storedSettings(await tables.settings.get(from))

export const defaultPartition = (partitions: readonly Partition[]): Partition => partitions.find((partition) => partition.default) ?? partitions[0] ?? firstPartition

export const namesOf = (partitions: readonly Partition[]): string[] => partitions.map((partition) => partition.name)
