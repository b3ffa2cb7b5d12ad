import type { ProblemCode } from './problem.ts'

/** What became of a message; `released` waits to be processed again. */
export const ledgerOutcomes = ['request', 'reply', 'command', 'dropped', 'error', 'released'] as const
export type LedgerOutcome = (typeof ledgerOutcomes)[number]

/**
 * A message that was seen on a server. `uid` is the server's id, `at` when its outcome was committed (ISO 8601). `subject` and `from` are
 * those of the mail where they are kept: for mail that was dropped or failed; else the request's. `isFinished`: marked, moved or deleted there.
 */
export type LedgerRow = { id: number; server: string; uid: string; at: string; outcome: LedgerOutcome; reason: string | null; request: number | null; error: number | null; subject: string | null; from: string | null; isFinished: boolean }
export type LedgerPage = { rows: LedgerRow[]; counts: { outcome: LedgerOutcome; count: number }[]; total: number; next: number | null }

export type DifferenceKind =
  /** Read or marked by somebody else before it was fetched: no request was made of it. */
  | 'not-taken'
  /** Its outcome is committed, but marking, moving or deleting it is still to be done; the next round does that. */
  | 'unfinished'
  /** It arrived after the last round; the next one takes it. */
  | 'waiting'
  /** The console has an open error record, but the error folder on the server does not hold the mail. */
  | 'not-in-error-folder'
  /** It lies in the error folder on the server, and the console has no open record of it. */
  | 'not-recorded'
  /** The ledger names a request, an error record or a stored message that is not in the database. */
  | 'record-missing'
  /** The server numbers the folder anew, or it is another folder: older rows name ids of before. */
  | 'renumbered'

/** `id` is the id on the server; null where the mail is not there. */
export type DifferingMessage = { id: string | null; subject: string; from: string; messageId: string | null; receivedAt: string | null; size: number }
/** `title` says what is so in a sentence, `remedy` what to do; `isLoss` is false where nothing needs to be done. At most 200 messages are listed, `count` counts all. */
export type Difference = { kind: DifferenceKind; isLoss: boolean; count: number; title: string; remedy: string; messages: DifferingMessage[] }

/** A mailbox held against the ledger. Of `inbox` the ledger knows `known`, by id or Message-ID. `errorFolder` is null where the protocol has no folders or the folder is not there. */
export type Reconciliation = {
  server: string
  at: string
  verdict: 'nothing-lost' | 'differs' | 'not-reachable'
  problem: { code: ProblemCode; title: string } | null
  onServer: { inbox: number; unread: number; known: number; errorFolder: number | null }
  inLedger: { outcome: LedgerOutcome; count: number }[]
  differences: Difference[]
}
