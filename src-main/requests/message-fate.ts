import type { HandOverEvent } from '#contract/hand-over.ts'
import type { MailSource } from '#contract/incoming-server.ts'
import type { Outcome } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ErrorRecords } from '../error-folder/record.ts'
import type { TakenMessage } from '../intake/intake.ts'
import type { RecentTraffic } from '../processing/recent-traffic.ts'
import type { Decide, Decision, OutgoingMailFacts } from './decide.ts'

/**
 * Where messages come from: a mailbox, or files that are taken as if they had come from `server`. `identity` makes the uids comparable
 * over time. `serverId` is 0 where there is no server; `sharedWith` are other servers
 * that fetch from the same mailbox.
 */
export type Origin = { serverId: number; sharedWith: readonly number[]; server: MailSource | null; isMailbox: boolean; identity: string; errorsAreMoved: boolean }

/** `error` is the record of the message that a copy is taken of, edited or as it was. */
export type Replayed = { error: number; isEdited: boolean }

/**
 * A message to be committed: taken in, or found wrong before (`exception` is the technical text). A copy that `replays` a message settles
 * that one's record and ledger entry; where it fails itself nothing is written at all.
 */
export type ArrivedMessage = { uid: string; size: number; replays?: Replayed } & ({ taken: TakenMessage; fault: null } | { taken: TakenMessage | null; fault: { problem: Problem; exception: string } })

/** `next` is what is left to be done on the server. */
export type CommittedMessage = {
  uid: string
  outcome: Outcome
  reason: string | null
  request: number | null
  next: 'acknowledge' | 'move-to-error-folder' | 'nothing'
  decided: DecidedMessage
}
/** `subjectId` is the entry (or, for a change, the change) that it is about. */
export type HandOverHappening = { request: number; partition: string; event: HandOverEvent; subjectId: number | null }

export type CommitNeeds = {
  database: Database
  tables: MailTables
  decide: Decide
  records: Pick<ErrorRecords, 'write' | 'discard'>
  traffic: RecentTraffic
  /** In the order of names. */
  partitions: () => Promise<Partition[]>
  /** For mail that goes out for this partition. */
  outgoing: (partition: string) => Promise<OutgoingMailFacts>
  /** Left side of a Message-ID, never twice the same. */
  newId: () => string
  /** Puts what happened to requests on its way to the help desks, in the same transaction. */
  handOver: (transaction: Transaction, settings: Settings, happened: readonly HandOverHappening[]) => Promise<void>
  /** Hears of what was committed; never fails it. */
  told: (origin: Origin, committed: readonly CommittedMessage[]) => void
  now: () => number
  /** Logs a bug in full and returns the problem that stands for it. */
  reportUnexpected: (thrown: unknown, during: string) => Problem
}
export type CommitMessages = (origin: Origin, settings: Settings, messages: readonly ArrivedMessage[]) => Promise<CommittedMessage[]>

/** A message with what becomes of it. `request` is its own number or that of the request it answers; `superseded` an earlier error record of it. */
export type DecidedMessage = Decision & { arrived: ArrivedMessage; request: number | null; exception: string; superseded: number | null }
