import type { Problem } from '#contract/problem.ts'
import type { SqlValue } from './database.ts'
import type { HeldFile } from './journaled-database.ts'
import type { Table } from './statements.ts'

/** What the database thread is started with. */
export type DatabaseWorkerData = { folder: string; key: Uint8Array; readOnly: boolean; checkpointWorkerUrl: string; smallestCheckpoint: number | undefined }

/** A question to the database thread. `transaction` is the number of the running one; without it the question waits for its end. */
export type DatabaseAsk = { id: number; transaction: number | null } & (
  | { do: 'all' | 'run'; sql: string; parameters: SqlValue[] }
  /** One whole transaction. */
  | { do: 'together'; statements: { sql: string; parameters: SqlValue[] }[] }
  | { do: 'begin' | 'commit' | 'rollback' | 'checkpoint' | 'close' | 'hold-files' | 'release-files' }
)
export type Changes = { lastId: number; changes: number }
export type DatabaseAnswer =
  | { id: number; ok: true; value: Table | Changes | Changes[] | HeldFile[] | null }
  | { id: number; ok: false; problem: Problem | null; message: string }
  | { id: null; warning: string }

/** What the checkpoint thread is started with; it answers null when the snapshot is on disk, else why not. */
export type CheckpointWorkerData = { folder: string; key: Uint8Array; upTo: number }
