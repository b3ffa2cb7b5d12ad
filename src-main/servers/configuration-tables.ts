import type { EarlierConfiguration } from '#contract/calls.ts'
import type { HistoryEntry } from '#contract/history.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { TestVerdict } from '#contract/connection-test.ts'
import type { Queryable, Transaction } from '../database/database.ts'
import type { ChainAnchor, StoredChainEntry } from '../model/history-chain.ts'

/** A stored server; its id is never used again, so that what was seen on a deleted server is not taken for a new one's. */
export type ServerRow<Draft> = { id: number; server: Draft; lastTest: TestVerdict | null }

export interface ServersTable<Draft> {
  /** In the order of names by code unit. */
  all(from: Queryable): Promise<ServerRow<Draft>[]>
  insert(transaction: Transaction, server: Draft): Promise<number>
  update(transaction: Transaction, id: number, server: Draft): Promise<void>
  keepTest(transaction: Transaction, id: number, verdict: TestVerdict | null): Promise<void>
  delete(transaction: Transaction, id: number): Promise<void>
}

export interface PartitionsTable {
  /** In the order of names; empty in a new installation. */
  all(from: Queryable): Promise<Partition[]>
  /** Puts exactly these in place of what is there. */
  replace(transaction: Transaction, partitions: readonly Partition[]): Promise<void>
  /** Requests and waiting mail of a partition go on under its new name. */
  rename(transaction: Transaction, was: string, name: string): Promise<void>
}

export interface SettingsTable {
  /** null until settings were saved once. */
  get(from: Queryable): Promise<unknown>
  put(transaction: Transaction, settings: Settings): Promise<void>
}

/** `version` is the document as it is after the change (for a deletion: before it), without any secret; left out where there is nothing to go back to. */
export type NewHistoryEntry = Omit<HistoryEntry, 'id' | 'hash' | 'hasVersion'> & { version?: unknown }
/** `names`: a name with the first and last entry (null: the newest) in which it stands for what is looked for. What is null, empty or left out is no condition. */
export type HistoryFilter = { names?: readonly { name: string; first: number; last: number | null }[] | null; what?: HistoryEntry['what'] | null; who?: string | null; query?: string; before?: number | null; limit: number }

export interface HistoryTable {
  /** Chains the entry to the one before it. */
  add(transaction: Transaction, entry: NewHistoryEntry): Promise<void>
  /** Newest first. */
  list(from: Queryable, filter: HistoryFilter): Promise<HistoryEntry[]>
  /** Which entries newer than `after` gave something another name, oldest first. */
  renamings(from: Queryable, of: { what: HistoryEntry['what'] | null; after: number }): Promise<{ id: number; was: string; name: string }[]>
  find(from: Queryable, id: number): Promise<{ entry: HistoryEntry; version: unknown } | null>
  /** Entries newer than `after` as they are stored, oldest first; null: all of them. */
  stored(from: Queryable, after: number, limit: number | null): Promise<StoredChainEntry[]>
  /** Whether the pictures and long texts of an entry's version are as they were written; `seen` is what was looked at before, and grows. */
  isWhole(from: Queryable, entry: StoredChainEntry, seen: Set<string>): Promise<boolean>
  /** null where no entry is chained. */
  newest(from: Queryable): Promise<ChainAnchor | null>
}

/** Configurations as they were; a new one lets go of all but the newest 20. */
export interface EarlierTable {
  add(transaction: Transaction, earlier: Omit<EarlierConfiguration, 'id'> & { yaml: string }): Promise<number>
  /** Newest first. */
  list(from: Queryable): Promise<EarlierConfiguration[]>
  get(from: Queryable, id: number): Promise<(EarlierConfiguration & { yaml: string }) | null>
}

/** Where the configuration is kept; each part reads and writes documents of the contract. */
export type ConfigurationTables = {
  incoming: ServersTable<IncomingServerDraft>
  outgoing: ServersTable<OutgoingServerDraft>
  partitions: PartitionsTable
  settings: SettingsTable
  history: HistoryTable
  earlier: EarlierTable
}
