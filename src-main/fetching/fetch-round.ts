import { ProblemError, type Problem } from '#contract/problem.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { OpenMailbox } from '../mail/incoming-transport.ts'
import { acceptMailbox } from './accept-mailbox.ts'
import { closeMailbox } from './close-mailbox.ts'
import type { FetchRound, ReadyServer, Round, RoundLimits, RoundNeeds, RoundRequest } from './round.ts'
import { createRoundReport } from './round-report.ts'
import { runBatches } from './run-batches.ts'
import { sortWaiting } from './sort-waiting.ts'
import { createSuspects, type Suspects } from './suspects.ts'
import { untilAborted } from './until-aborted.ts'
import { createWatchdog } from './watchdog.ts'

const usualLimits: RoundLimits = { batchMessages: 50, batchBytes: 4_000_000, batchesUnderWay: 5, bytesUnderWay: 16_000_000, deadlineMs: 600_000, stuckAfterMs: 60_000, closeMs: 5_000 }

/**
 * Runs one round over one mailbox. It always resolves: what went wrong is the result's `problem`, and what was committed until then is
 * counted. Nothing is touched on the server before its outcome is on disk.
 */
export function createFetchRound(needs: RoundNeeds): FetchRound {
  const limits = { ...usualLimits, ...needs.limits }
  const suspectsOf = createSuspectsOfServers()
  return async (request) => {
    const { server } = request.ready
    const report = createRoundReport(server.name, needs.clock)
    const watchdog = createWatchdog({
      ...limits, clock: needs.clock, signal: request.signal, onStuck: request.onStuck,
      tooSlow: (during) => ({ code: 'round-too-slow', host: server.host, port: server.port, deadlineMs: limits.deadlineMs, during })
    })
    let mailbox = request.mailbox
    try {
      mailbox ??= await openMailbox(needs, request.ready, watchdog.signal)
      const suspects = suspectsOf(request.ready.id, mailbox.identity)
      const round = await beginRound(needs, limits, request, mailbox, { watchdog, suspects, counts: report.counts })
      await inMailbox(round, request.keepOpen)
      suspects.clear()
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

/** A uid means the same message as long as the mailbox has the same identity. */
function createSuspectsOfServers(): (serverId: number, identity: string) => Suspects {
  const known = new Map<number, { identity: string; suspects: Suspects }>()
  return (serverId, identity) => {
    const found = known.get(serverId)
    if (found?.identity === identity) return found.suspects
    const suspects = createSuspects()
    known.set(serverId, { identity, suspects })
    return suspects
  }
}

async function openMailbox(needs: RoundNeeds, ready: ReadyServer, signal: AbortSignal): Promise<OpenMailbox> {
  const { server } = ready
  const secrets = await untilAborted(needs.connectionFor(server), signal)
  return untilAborted(needs.transportFor(server.protocol).open(server, { ...secrets, signal, transcript: needs.transcriptFor(server), cursor: needs.cursorOf(ready) }), signal)
}

async function beginRound(needs: RoundNeeds, limits: RoundLimits, request: RoundRequest, mailbox: OpenMailbox, own: Pick<Round, 'watchdog' | 'suspects' | 'counts'>): Promise<Round> {
  const { ready, onProgress } = request
  const errorsAreMoved = ready.server.errorFolder.enabled && incomingProtocols[ready.server.protocol].has.folders
  const origin = { serverId: ready.id, sharedWith: await needs.sharersOf(ready), server: ready.server, isMailbox: true, identity: mailbox.identity, errorsAreMoved }
  return { needs, limits, ready, mailbox, origin, settings: await needs.settings(), ...own, failed: [], acknowledged: [], trouble: null, onProgress }
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
