import type { EventListener } from '../console.ts'
import type { IncomingServer, RoundCounts, RoundResult } from '#contract/incoming-server.ts'
import type { Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Intake } from '../intake/intake.ts'
import type { ConnectionSecrets, Cursor, IncomingTransport, OpenMailbox } from '../mail/incoming-transport.ts'
import type { CommitMessages, Origin } from '../requests/message-fate.ts'
import type { FailedMessage, TellPeople } from '../notices/tell-people.ts'
import type { Clock } from './clock.ts'
import type { Suspects } from './suspects.ts'
import type { Watchdog } from './watchdog.ts'

/** A server that can be fetched from; `id` outlives renaming. */
export type ReadyServer = { id: number; server: IncomingServer }

export type RoundNeeds = {
  transportFor: (protocol: IncomingServer['protocol']) => IncomingTransport
  connectionFor: (server: IncomingServer) => Promise<ConnectionSecrets>
  /** Where the mailbox left off. */
  cursorOf: (ready: ReadyServer) => Cursor
  /** null when no transcript is wanted. */
  transcriptFor: (server: IncomingServer) => ((line: string) => void) | null
  settings: () => Promise<Settings>
  /** Other servers that fetch from the same mailbox; a message that one of them took is not taken again. */
  sharersOf: (ready: ReadyServer) => Promise<number[]>
  database: Database
  tables: MailTables
  intake: Intake
  commit: CommitMessages
  clock: Clock
  announce: EventListener
  tell: Pick<TellPeople, 'mailboxChanged' | 'messagesFailed'>
  reportUnexpected: (thrown: unknown, during: string) => Problem
  limits?: Partial<RoundLimits>
}
/** `batchesUnderWay` are being downloaded, parsed or committed at once, of at most `bytesUnderWay`. */
export type RoundLimits = { batchMessages: number; batchBytes: number; batchesUnderWay: number; bytesUnderWay: number; deadlineMs: number; stuckAfterMs: number; closeMs: number }

export type RoundRequest = {
  ready: ReadyServer
  /** An open mailbox to use; null opens one. */
  mailbox: OpenMailbox | null
  /** Whether the mailbox is handed back open, for push. */
  keepOpen: boolean
  signal: AbortSignal
  onProgress: (progress: { done: number; total: number }) => void
  onStuck: (since: number | null) => void
}
/**
 * `mailbox` is open; null when it was closed or the connection is of no more use. `isComplete`: the round got to its end, whatever
 * trouble its result tells of.
 */
export type RoundAnswer = { result: RoundResult; mailbox: OpenMailbox | null; isComplete: boolean }
export type FetchRound = (request: RoundRequest) => Promise<RoundAnswer>

/** What the parts of one round share. */
export type Round = {
  needs: RoundNeeds
  limits: RoundLimits
  ready: ReadyServer
  mailbox: OpenMailbox
  origin: Origin
  settings: Settings
  counts: RoundCounts
  failed: FailedMessage[]
  watchdog: Watchdog
  suspects: Suspects
  /** Uids for which nothing is left to be done on the server. */
  acknowledged: string[]
  /** Something that did not end the round but has to be told. */
  trouble: Problem | null
  onProgress: RoundRequest['onProgress']
}
