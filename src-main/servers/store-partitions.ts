import type { Partition } from '#contract/settings.ts'
import type { Transaction } from '../database/database.ts'
import { partitionForm } from './configuration-form.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import { recordChange } from './record-change.ts'

/** `restored` names the one that became again what it was. */
export type PartitionsChange = { next: readonly Partition[]; renamed?: { was: string; name: string }; who: string; reason: string | null; restored?: string | undefined }

/** Stores all partitions as they are to be and writes the difference into the history. */
export const storePartitions = async (
  { tables, now }: Pick<ConfigurationNeeds, 'tables' | 'now'>, transaction: Transaction, present: PresentConfiguration, change: PartitionsChange
): Promise<void> => {
  await tables.partitions.replace(transaction, change.next)
  const before = new Map(present.partitions.map((partition) => [partition.name === change.renamed?.was ? change.renamed.name : partition.name, partition]))
  for (const partition of change.next) {
    const was = before.get(partition.name)
    before.delete(partition.name)
    const from = was === undefined ? null : partitionForm(was)
    await recordChange(tables.history, transaction, now(), { who: change.who, what: 'partition', name: partition.name, from, to: partitionForm(partition), version: partition, action: partition.name === change.restored ? 'restored' : undefined, reason: change.reason })
  }
  for (const [name, gone] of before)
    if (!present.partitionsImplied) await recordChange(tables.history, transaction, now(), { who: change.who, what: 'partition', name, from: partitionForm(gone), to: null, version: gone, reason: change.reason })
}

/** The partitions with another server for the default one. */
export const withDefaultOutgoing = (partitions: readonly Partition[], outgoing: string | null): Partition[] =>
  partitions.map((partition) => (partition.default ? { ...partition, outgoing } : partition))
