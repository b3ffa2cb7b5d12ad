/** A value as SQLite and PostgreSQL both take it. Bodies of mail never are one. */
export type SqlValue = string | number | null
export type Row = Record<string, SqlValue>

export interface Queryable {
  /** Parameters are `?` in order. */
  all<Result extends Row = Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Result[]>
}

export interface Transaction extends Queryable {
  /** Returns the row id of the last inserted row and how many rows changed. */
  run(sql: string, parameters?: readonly SqlValue[]): Promise<{ lastId: number; changes: number }>
}

export type TransactionManner = 'step-by-step' | 'at-once'

export interface Database extends Queryable {
  /**
   * Runs `work` alone (one transaction at a time, in order of arrival). When the promise resolves, its changes are on disk;
   * when it rejects, nothing of it happened. Throws ProblemError `disk-full`, `data-folder-unwritable`.
   *
   * `at-once` is for work that knows all its statements before it waits for any of their answers: they cross to the database and are committed together, and the answers come when
   * they are on disk. To run another then is refused, what is read is what is committed, and what the work throws after it asked for statements takes none of them back.
   */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>, how?: TransactionManner): Promise<Result>
  close(): Promise<void>
}
