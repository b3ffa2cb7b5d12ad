import type { HandOverTarget } from '#contract/hand-over.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { StoredHandOver } from '../database/hand-over-table.ts'
import type { HelpDeskAnswer } from '../help-desk/help-desk.ts'
import { saysItHasItAlready, verdictOf, type HandOverVerdict } from '../model/after-hand-over.ts'
import { accountOfTarget, type HandOverNeeds } from './hand-over-needs.ts'
import { tellEvent } from './tell-event.ts'

/**
 * How one try ended. `wait` is what the help desk asked for (milliseconds), `answered` whether it answered at all; `problem` is null where it
 * was delivered.
 */
export type TryEnd = { verdict: HandOverVerdict; problem: Problem | null; remoteId: string | null; wait: number | null; answered: boolean }

/**
 * Sends one event once; `earlierLife` says that a console before this one may have sent it. Rejects with the signal's reason when it
 * aborts, and with what the database or the credential store throws.
 */
export async function deliverEvent(needs: HandOverNeeds, target: HandOverTarget, stored: StoredHandOver, earlierLife: boolean, signal: AbortSignal): Promise<TryEnd> {
  const secret = await needs.credentials.get(accountOfTarget(target.name))
  if (secret === null) return later({ code: 'hand-over-secret-missing', target: target.name }, false)
  try {
    const event = await tellEvent(needs, target, stored, earlierLife || stored.tries > 0)
    return ended(needs, target.name, stored, earlierLife, await needs.helpDesk.deliver(target, secret, event, signal))
  } catch (thrown) {
    if (signal.aborted) throw signal.reason
    if (!(thrown instanceof ProblemError)) throw thrown
    const { problem } = thrown
    return problem.code === 'not-found' ? { verdict: 'refused', problem, remoteId: null, wait: null, answered: true } : later(problem, false)
  }
}

const later = (problem: Problem, answered: boolean): TryEnd => ({ verdict: 'later', problem, remoteId: null, wait: null, answered })

function ended({ clock, retryAfterMs }: HandOverNeeds, target: string, stored: StoredHandOver, earlierLife: boolean, answer: HelpDeskAnswer): TryEnd {
  const hasItAlready = saysItHasItAlready(answer.answer, stored.key) || mayHaveArrived(stored, earlierLife)
  const verdict = verdictOf(answer.status, { hasItAlready })
  const problem: Problem | null = verdict === 'delivered' ? null : { code: 'hand-over-refused', target, status: answer.status, serverSaid: answer.answer, final: verdict === 'refused' }
  return { verdict, problem, remoteId: answer.remoteId, wait: verdict === 'later' ? retryAfterMs(answer.retryAfter, clock.now()) : null, answered: answer.status > 0 && answer.status < 500 }
}

/** Whether the try before ended so that nobody knows what the help desk made of it. */
function mayHaveArrived({ tries, problem }: StoredHandOver, earlierLife: boolean): boolean {
  if (problem === null) return earlierLife && tries === 0
  return problem.code === 'hand-over-unreachable' || (problem.code === 'hand-over-refused' && (problem.status >= 500 || problem.status === 408 || problem.status === 0))
}
