import type { RoundCounts, RoundResult } from '#contract/incoming-server.ts'
import type { Outcome } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { Clock } from './clock.ts'

/** Counts a round from its beginning; `result` may be asked for at any time. */
export function createRoundReport(server: string, clock: Clock): { counts: RoundCounts; result(problem: Problem | null): RoundResult } {
  const begun = clock.now()
  const counts: RoundCounts = { fetched: 0, requests: 0, replies: 0, commands: 0, dropped: 0, errors: 0 }
  return {
    counts,
    result: (problem) => ({ ...counts, server, seconds: (clock.now() - begun) / 1000, startedAt: new Date(begun).toISOString(), problem })
  }
}

const countOf = { request: 'requests', reply: 'replies', command: 'commands', dropped: 'dropped', error: 'errors' } as const satisfies Record<Outcome, keyof RoundCounts>

/** Counts one outcome; `fetched` stays the sum of all others. */
export function countOutcome(counts: RoundCounts, outcome: Outcome): void {
  counts.fetched++
  counts[countOf[outcome]]++
}
