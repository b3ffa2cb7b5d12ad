import type { Problem } from '#contract/problem.ts'

/** `stop`: nothing but a person can help. `retry`: try again after so long. */
export type AfterFailure = { next: 'stop' } | { next: 'retry'; afterMs: number }

type Patience = { firstMs: number; mostMs: number }
const second = 1000
const minute = 60 * second

const soon: Patience = { firstMs: 5 * second, mostMs: 5 * minute }
const busy: Patience = { firstMs: 30 * second, mostMs: 10 * minute }
/** Somebody has to change something first; trying often would only fill logs. */
const settled: Patience = { firstMs: 2 * minute, mostMs: 15 * minute }
/** Many servers lock an account after a few refused passwords, so these attempts are far apart. */
const account: Patience = { firstMs: 15 * minute, mostMs: 60 * minute }

const needsPerson: ReadonlySet<Problem['code']> = new Set(['mailbox-identity-changed', 'error-folder-full', 'source-did-not-shrink'])
const patienceOf: Partial<Record<Problem['code'], Patience>> = {
  'credentials-refused': account,
  'credentials-missing': settled,
  'sign-in-method-not-offered': settled,
  'proxy-asks-for-credentials': account,
  'proxy-secret-missing': settled,
  'not-a-proxy': settled,
  'certificate-chain-incomplete': settled,
  'client-certificate-wanted': settled,
  'client-certificate-unusable': settled,
  'authority-unusable': settled,
  'clock-wrong': settled,
  'endpoint-wrong': settled,
  'provider-refused': busy,
  'mailbox-not-found': settled,
  'api-not-enabled': settled,
  'mailbox-access-denied': settled,
  'forbidden-mailbox-readable': settled,
  'sign-in-needs-encryption': settled,
  'server-speaks-plain-text': settled,
  'server-expects-tls': settled,
  'starttls-not-offered': settled,
  'not-a-mail-server': settled,
  'tls-version-too-low': settled,
  'certificate-expired': settled,
  'certificate-not-yet-valid': settled,
  'certificate-self-signed': settled,
  'certificate-wrong-name': settled,
  'certificate-untrusted': settled,
  'certificate-pin-mismatch': settled,
  'ca-file-unusable': settled,
  'folder-not-found': settled,
  'folder-access-denied': settled,
  'command-refused': settled,
  'server-is-draft': settled,
  'server-busy': busy,
  'server-refused': busy,
  'mailbox-locked': busy,
  'disk-full': busy,
  'content-gone': busy,
  'unexpected': busy,
  'vault-locked': busy
}

/** Until a person signs in, or changes the application at the provider, asking again is in vain. */
const signIn: ReadonlySet<Problem['code']> = new Set([
  'sign-in-needed', 'sign-in-idle-too-long', 'sign-in-revoked', 'client-secret-expired', 'client-secret-wrong', 'client-unknown', 'tenant-unknown', 'scope-refused', 'scope-missing',
  'consent-missing', 'sign-in-interaction-needed', 'sign-in-declined', 'signed-in-as-another', 'wrong-cloud', 'sign-in-flow-refused', 'key-file-unusable', 'delegation-missing', 'token-refused'
])

/** Whether the sign-in itself is what fails: nothing gets better by waiting, so people are told at once. */
export const wantsSignIn = (problem: Problem): boolean => signIn.has(problem.code)

/**
 * When to try again after the `failuresInARow`th failure (from 1). The wait doubles with each failure up to a limit that depends on
 * what went wrong; `chance` (0 to 1) spreads it by a fifth either way so that servers do not all come back at once.
 */
export function afterFailure(problem: Problem, failuresInARow: number, chance: number): AfterFailure {
  if (needsPerson.has(problem.code)) return { next: 'stop' }
  const { firstMs, mostMs } = patienceOf[problem.code] ?? (wantsSignIn(problem) ? settled : soon)
  const doubled = Math.min(firstMs * 2 ** Math.min(Math.max(failuresInARow - 1, 0), 20), mostMs)
  return { next: 'retry', afterMs: Math.round(doubled * (0.8 + 0.4 * chance)) }
}
