import type { Problem, ProblemCode } from '#contract/problem.ts'

const unreachable: ReadonlySet<ProblemCode> = new Set(['host-not-found', 'connection-refused', 'host-unreachable', 'connection-timed-out', 'server-silent', 'connection-dropped', 'server-busy', 'proxy-failed'])

/**
 * Whether a mail that failed with this problem may go through the alternate server: only when the primary could not be reached. Once
 * the message itself was under way nobody knows whether it was taken, and a second try could deliver it twice.
 */
export const mayUseAlternate = (problem: Problem): boolean =>
  unreachable.has(problem.code) && !(problem.code === 'connection-dropped' && problem.during === 'message')
