import type { Problem, ProblemCode } from '#contract/problem.ts'

/**
 * Answers of an issuer that asking again does not change: until somebody signs in, or secret or settings are changed. Failures of the network,
 * a busy authority and a wrong clock are none.
 */
const refusals: ReadonlySet<ProblemCode> = new Set([
  'sign-in-idle-too-long', 'sign-in-revoked', 'client-secret-expired', 'client-secret-wrong', 'client-unknown', 'tenant-unknown', 'redirect-url-refused', 'scope-refused', 'scope-missing',
  'consent-missing', 'sign-in-interaction-needed', 'sign-in-declined', 'signed-in-as-another', 'wrong-cloud', 'sign-in-flow-refused', 'key-file-unusable', 'delegation-missing',
  'credentials-refused', 'token-refused'
])
export const isRefusal = ({ code }: Problem): boolean => refusals.has(code)

/**
 * An administrator may put these right at the provider, where Mailroom does not see it, and no person can sign an application in again: such
 * are asked again after 15 minutes. null: never.
 */
const mayChange: ReadonlySet<ProblemCode> = new Set(['token-refused', 'consent-missing', 'client-unknown', 'tenant-unknown', 'scope-missing', 'scope-refused', 'delegation-missing', 'client-secret-wrong'])
export const retryAfterMs = ({ code }: Problem, application: boolean): number | null => (application || mayChange.has(code) ? 15 * 60_000 : null)
