import type { OutboxState } from '#contract/outbox.ts'
import type { Problem } from '#contract/problem.ts'
import type { SenderKind } from '#contract/sender-address.ts'
import type { Queryable, Transaction } from '../database/database.ts'
import type { KeptCode } from '../model/code-rules.ts'

/** An address that is, or is to be, shown to be ours. Its domain is in lower case and ASCII; times are ISO 8601. */
export type SenderRow = { address: string; kind: SenderKind; addedAt: string; verifiedAt: string | null; code: KeptCode | null }

export interface SenderAddressesTable {
  /** In the order of addresses. */
  all(from: Queryable): Promise<SenderRow[]>
  find(from: Queryable, address: string): Promise<SenderRow | null>
  insert(transaction: Transaction, row: SenderRow): Promise<void>
  /** Keeps the code that was sent last; it takes the place of the one before. */
  putCode(transaction: Transaction, address: string, code: KeptCode | null): Promise<void>
  putTries(transaction: Transaction, address: string, triesLeft: number): Promise<void>
  /** The code is used up by it. */
  putVerified(transaction: Transaction, address: string, at: string): Promise<void>
  delete(transaction: Transaction, address: string): Promise<void>
}

/** Mail with codes in the outbox. */
export interface CodeMailsTable {
  /** The newest with this subject to each address, by address. */
  newest(from: Queryable, subject: string): Promise<Map<string, { state: OutboxState; tries: number; problem: Problem | null }>>
  /** Takes away what was not sent and waits: to this address, or what was written before then (ISO 8601). Answers how many. */
  drop(transaction: Transaction, what: { to: string; subject: string } | { before: string }): Promise<number>
}
