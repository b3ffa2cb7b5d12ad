import type { EventListener } from '../console.ts'
import type { IncomingServer, RoundCounts, RoundResult } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { Settings } from '#contract/settings.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Intake } from '../intake/intake.ts'
import type { Credentials, IncomingTransport, OpenMailbox } from '../mail/incoming-transport.ts'
import type { CommitMessages, Origin } from '../requests/commit-messages.ts'
import type { FailedMessage, TellPeople } from '../notices/tell-people.ts'
import { acceptMailbox } from './accept-mailbox.ts'
import type { Clock } from './clock.ts'
import { closeMailbox } from './close-mailbox.ts'
import { createRoundReport } from './round-report.ts'
import { runBatches } from './run-batches.ts'
import { sortWaiting } from './sort-waiting.ts'
import { untilAborted } from './until-aborted.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

/** A server that can be fetched from; `id` outlives renaming. */
export type ReadyServer = { id: number; server: IncomingServer }

export type RoundNeeds = {
  transportFor: (protocol: IncomingServer['protocol']) => IncomingTransport
  credentialsFor: (server: IncomingServer) => Promise<Credentials | null>
  /** null when no transcript is wanted. */
  transcriptFor: (server: IncomingServer) => ((line: string) => void) | null
  settings: () => Promise<Settings>
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
const usualLimits: RoundLimits = { batchMessages: 50, batchBytes: 4_000_000, batchesUnderWay: 5, bytesUnderWay: 16_000_000, deadlineMs: 600_000, stuckAfterMs: 60_000, closeMs: 5_000 }

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
  /** Uids for which nothing is left to be done on the server. */
  acknowledged: string[]
  /** Something that did not end the round but has to be told. */
  trouble: Problem | null
  onProgress: RoundRequest['onProgress']
}

/**
 * Runs one round over one mailbox. It always resolves: what went wrong is the result's `problem`, and what was committed until then is
 * counted. Nothing is touched on the server before its outcome is on disk.
 */
export function createFetchRound(needs: RoundNeeds): FetchRound {
  const limits = { ...usualLimits, ...needs.limits }
  return async (request) => {
    const { server } = request.ready
    const report = createRoundReport(server.name, needs.clock)
    const watchdog = createWatchdog({
      ...limits, clock: needs.clock, signal: request.signal, onStuck: request.onStuck,
      tooSlow: (during) => ({ code: 'round-too-slow', host: server.host, port: server.port, deadlineMs: limits.deadlineMs, during })
    })
    let mailbox = request.mailbox
    try {
      mailbox ??= await openMailbox(needs, server, watchdog.signal)
      const round = await beginRound(needs, limits, request, mailbox, watchdog, report.counts)
      await inMailbox(round, request.keepOpen)
      if (!request.keepOpen) mailbox = null
      return { result: report.result(round.trouble), mailbox, isComplete: true }
    } catch (thrown) {
      const problem = problemOf(needs, thrown, request.signal)
      if (mailbox !== null) await closeMailbox(mailbox, needs.clock, limits.closeMs)
      return { result: report.result(problem), mailbox: null, isComplete: false }
    } finally {
      watchdog.end()
    }
  }
}

async function openMailbox(needs: RoundNeeds, server: IncomingServer, signal: AbortSignal): Promise<OpenMailbox> {
  const credentials = await untilAborted(needs.credentialsFor(server), signal)
  return untilAborted(needs.transportFor(server.protocol).open(server, { credentials, signal, transcript: needs.transcriptFor(server) }), signal)
}

async function beginRound(needs: RoundNeeds, limits: RoundLimits, request: RoundRequest, mailbox: OpenMailbox, watchdog: Watchdog, counts: RoundCounts): Promise<Round> {
  const { ready, onProgress } = request
  const errorsAreMoved = ready.server.errorFolder.enabled && incomingProtocols[ready.server.protocol].has.folders
  const origin = { serverId: ready.id, server: ready.server, isMailbox: true, identity: mailbox.identity, errorsAreMoved }
  return { needs, limits, ready, mailbox, origin, settings: await needs.settings(), counts, failed: [], watchdog, acknowledged: [], trouble: null, onProgress }
}

async function inMailbox(round: Round, keepOpen: boolean): Promise<void> {
  try {
    await acceptMailbox(round)
    const waiting = await sortWaiting(round)
    await runBatches(round, waiting)
  } finally {
    if (round.failed.length > 0) await round.needs.tell.messagesFailed(round.ready.server, round.failed)
  }
  // POP3 carries deletions out when the connection is closed (RFC 1939 6): only then are they done.
  if (!keepOpen) await untilAborted(round.mailbox.close(), round.watchdog.signal)
  await recordAcknowledged(round)
}

async function recordAcknowledged({ needs, origin, acknowledged }: Round): Promise<void> {
  if (acknowledged.length === 0) return
  await needs.database.transaction((transaction) => needs.tables.ledger.setAcknowledged(transaction, { server: origin.serverId, identity: origin.identity }, acknowledged))
}

function problemOf(needs: RoundNeeds, thrown: unknown, signal: AbortSignal): Problem {
  if (signal.aborted) return { code: 'cancelled' }
  return thrown instanceof ProblemError ? thrown.problem : needs.reportUnexpected(thrown, 'fetching mail')
}
