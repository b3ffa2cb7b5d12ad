import type { Problem, ProblemCode } from '#contract/problem.ts'

const unreachable: ReadonlySet<ProblemCode> = new Set(['host-not-found', 'connection-refused', 'host-unreachable', 'connection-timed-out', 'server-silent', 'connection-dropped', 'server-busy', 'proxy-failed'])

/** Nobody is let in: the same user and password would fare no better at a second host, and a second refusal could lock the account. */
const signIn: ReadonlySet<ProblemCode> = new Set([
  'credentials-refused', 'sign-in-idle-too-long', 'sign-in-revoked', 'client-secret-expired', 'client-secret-wrong', 'sign-in-interaction-needed', 'token-refused', 'consent-missing', 'client-unknown', 'tenant-unknown'
])

/** Whether it is the sign-in that a server did not take. */
export const isSignInTrouble = (problem: Problem): boolean => signIn.has(problem.code)

/**
 * Whether a mail that failed with this problem may go through the alternate: when the server could not be reached, or did not let us in and the alternate signs
 * in for itself (`ownSignIn`). A certificate that is not trusted and a refused mail stay where they are: the one a person has to look at, the other would
 * only be refused elsewhere. Once the message itself was under way nobody knows whether it was taken, and a second try could deliver it twice.
 */
export const mayUseAlternate = (problem: Problem, ownSignIn: boolean): boolean =>
  (unreachable.has(problem.code) && !(problem.code === 'connection-dropped' && problem.during === 'message')) || (ownSignIn && isSignInTrouble(problem))
