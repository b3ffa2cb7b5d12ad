import type { HealthReason } from '#contract/health.ts'
import type { IncomingState } from '#contract/incoming-server.ts'
import { wantsSignIn } from './after-failure.ts'

/** What is known of a server. `begunAt` is when this process began to fetch, in milliseconds; `silentSince` is ISO 8601. */
export type WatchedServer = {
  enabled: boolean
  isDraft: boolean
  fetchEveryMs: number
  state: Pick<IncomingState, 'fetching' | 'problem' | 'failuresInARow' | 'failingSince' | 'stuckSince' | 'nextRoundAt' | 'delayedUntil' | 'lastRound'>
  silentSince: string | null
}
export type WatchedSince = { now: number; begunAt: number; afterFailures: number }

const patienceMs = 300_000
const mostFailingMs = 600_000

/**
 * Why a server does not work as it should; empty where it does. One failed round is none: the next one mends most of them. It takes
 * `afterFailures` of them, as alerts do, or ten minutes, or a sign-in that waiting does not mend. A server that nobody started is not
 * expected to work.
 */
export function workingReasons(server: WatchedServer, since: WatchedSince): HealthReason['code'][] {
  const { enabled, isDraft, state } = server
  if (isDraft) return []
  if (!enabled) return state.problem !== null && state.fetching === 'stopped' ? ['server-stopped'] : []
  const reasons: HealthReason['code'][] = []
  if (isFailing(state, since)) reasons.push('server-failing')
  if (state.stuckSince !== null) reasons.push('round-stuck')
  else if (isOverdue(server, since)) reasons.push('round-overdue')
  if (server.silentSince !== null) reasons.push('mailbox-silent')
  return reasons
}

const isFailing = ({ problem, failuresInARow, failingSince }: WatchedServer['state'], { now, afterFailures }: WatchedSince): boolean =>
  problem !== null && (failuresInARow >= afterFailures || wantsSignIn(problem) || (failingSince !== null && now - Date.parse(failingSince) >= mostFailingMs))

/** Nothing is under way and nothing is planned, although it is long since time for a round. */
function isOverdue({ fetchEveryMs, state }: WatchedServer, { now, begunAt }: WatchedSince): boolean {
  if (state.fetching === 'fetching' || state.fetching === 'listening') return false
  if (state.delayedUntil !== null && Date.parse(state.delayedUntil) + patienceMs > now) return false
  if (state.nextRoundAt !== null) return Date.parse(state.nextRoundAt) + patienceMs < now
  const last = Math.max(begunAt, state.lastRound === null ? 0 : Date.parse(state.lastRound.startedAt) + state.lastRound.seconds * 1000)
  return last + fetchEveryMs + patienceMs < now
}
