import type { IncomingServer } from '#contract/incoming-server.ts'
import type { ExplainedStep, Outcome } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ErrorRecords } from '../error-folder/record.ts'
import type { TakenMessage } from '../intake/intake.ts'
import type { Decide, Decision } from './decide.ts'

/**
 * Where messages come from: a mailbox, or files that are taken as if they had come from `server`. `identity` makes the uids comparable
 * over time. `serverId` is 0 where there is no server; `sharedWith` are other servers
 * that fetch from the same mailbox.
 */
export type Origin = { serverId: number; sharedWith: readonly number[]; server: IncomingServer | null; isMailbox: boolean; identity: string; errorsAreMoved: boolean }

/** A message to be committed: taken in, or found wrong before (`exception` is the technical text). */
export type ArrivedMessage = { uid: string; size: number } & ({ taken: TakenMessage; fault: null } | { taken: TakenMessage | null; fault: { problem: Problem; exception: string } })

/** `next` is what is left to be done on the server. */
export type CommittedMessage = {
  uid: string
  outcome: Outcome
  reason: string | null
  request: number | null
  next: 'acknowledge' | 'move-to-error-folder' | 'nothing'
  decided: DecidedMessage
}
export type CommitNeeds = {
  database: Database
  tables: MailTables
  decide: Decide
  records: Pick<ErrorRecords, 'write' | 'discard'>
  now: () => number
  /** Logs a bug in full and returns the problem that stands for it. */
  reportUnexpected: (thrown: unknown, during: string) => Problem
}
export type CommitMessages = (origin: Origin, settings: Settings, messages: readonly ArrivedMessage[]) => Promise<CommittedMessage[]>

/** A message with what becomes of it. `request` is its own number or that of the request it answers; `superseded` an earlier error record of it. */
export type DecidedMessage = {
  arrived: ArrivedMessage
  outcome: Outcome
  reason: string | null
  steps: ExplainedStep[]
  request: number | null
  stripped: Decision['stripped']
  leave: boolean
  /** There for outcome `error` alone. */
  problem: Problem | null
  exception: string
  superseded: number | null
}
