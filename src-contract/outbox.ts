import type { Problem } from './problem.ts'

/**
 * Where a mail stands. `held`: a setting stands in its way (a blocked server, an unverified sender, no server); it goes once that changes, or is cancelled.
 * `uncertain`: it was under way when the connection or the console ended, and nobody can say whether it arrived; a person decides. `refused`: for good, or
 * given up after `sending.giveUpAfterHours`; it stays until a person sends it again or deletes it, at most `sending.keepSentDays`. `sent` is kept as long.
 */
export const outboxStates = ['waiting', 'sending', 'held', 'uncertain', 'refused', 'sent'] as const
export type OutboxState = (typeof outboxStates)[number]

/** Why a mail was written. `request-mail` is by a rule of `requestMails`; `notice` by a rule of the alerts; `code` proves that an address is read. */
export const outboxKinds = ['acknowledgement', 'request-mail', 'attachments-stripped', 'mail-returned', 'notice', 'code'] as const
export type OutboxKind = (typeof outboxKinds)[number]

/**
 * A mail that goes out by itself. Times are ISO 8601; `nextTryAt` is null unless it waits, `sentAt` unless it was sent. `server` is the outgoing server by which it went or was tried
 * last, and `through` by which of its two ways; null before the first try. `bytes` is the size of what is stored of it. `problem` is that of the last try.
 */
export type OutboxRow = {
  id: number
  state: OutboxState
  kind: OutboxKind
  to: string
  subject: string
  request: number | null
  partition: string
  server: string | null
  through: 'primary' | 'alternate' | null
  messageId: string
  createdAt: string
  tries: number
  nextTryAt: string | null
  sentAt: string | null
  /** The server's own words when it took the mail. */
  serverSaid: string
  bytes: number
  problem: Problem | null
}

/** Rows, newest first; `next` is the `before` of the next page, null at the end. `counts` are of the whole outbox, `matching` of what was asked for but for its state, `total` of what was asked for. */
export type OutboxPage = { rows: OutboxRow[]; next: number | null; total: number; counts: Record<OutboxState, number>; matching: Record<OutboxState, number> }

/** One try of a mail; `problem` null: it was taken. At most the newest 50 are kept. */
export type OutboxTry = { at: string; server: string; through: 'primary' | 'alternate'; problem: Problem | null }

/** A mail as it stands in the outbox; `html` is made safe for showing, and null of what was sent where it was large: the text stays. */
export type OutboxDetail = OutboxRow & { text: string; html: string | null; inReplyTo: string | null; attempts: OutboxTry[] }
