import type { AccessToken } from '#contract/access.ts'
import type { Queryable, Transaction } from '../database/database.ts'

/** A named token as it is kept: the SHA-256 of the token in hex, never the token. */
export type AccessTokenRow = AccessToken & { hash: string }

export interface AccessTokensTable {
  /** In the order of names. */
  all(from: Queryable): Promise<AccessTokenRow[]>
  insert(transaction: Transaction, row: AccessTokenRow): Promise<void>
  delete(transaction: Transaction, name: string): Promise<void>
  noteUse(transaction: Transaction, name: string, at: string): Promise<void>
}
