import type { InputIssue } from './problem.ts'

export const historySubjects = ['incoming server', 'outgoing server', 'partition', 'settings', 'secret', 'access', 'sender address', 'configuration', 'data folder'] as const

/**
 * One change of the configuration: who, when, what, from what to what. A secret appears as "changed". `hash` chains the entry to the one
 * before it; null for entries from before there was a chain. `hasVersion`: it can be seen and restored as it was after this change
 * (for a deletion: before it).
 */
export type HistoryEntry = {
  id: number
  at: string
  who: string
  what: (typeof historySubjects)[number]
  name: string
  action: 'added' | 'changed' | 'deleted' | 'started' | 'stopped' | 'restored' | 'imported' | 'rolled back' | 'backed up'
  changes: { field: string; from: string; to: string }[]
  reason: string | null
  hash: string | null
  hasVersion: boolean
}

/** `head` is the hash of the newest entry, to be written down elsewhere; `unchained` counts entries from before there was a chain. */
export type HistoryProof = { isIntact: boolean; entries: number; unchained: number; head: string | null; at: string; broken: { id: number | null; reason: string } | null }

/** An earlier version against the present one. `isGone`: it is not there now, restoring adds it again. Issues either stop it (`canRestore` is false) or make a server a draft. */
export type HistoryVersion = { entry: HistoryEntry; isGone: boolean; differences: { field: string; now: string; then: string }[]; issues: InputIssue[]; warnings: string[]; canRestore: boolean }
