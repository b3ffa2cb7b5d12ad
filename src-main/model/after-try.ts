import type { OutboxState } from '#contract/outbox.ts'
import type { Problem, ProblemCode } from '#contract/problem.ts'
import { longestTryMs, nextTryInMs } from './next-try.ts'

/**
 * What a problem says about a mail: `again` concerns this mail and may pass, `server-down` concerns every mail that would go the same way, `refused` stays as it is,
 * `held` is a setting that stands in the way, `uncertain` leaves open whether it arrived, and `cancelled` says nothing at all.
 */
export type Fate = 'again' | 'server-down' | 'refused' | 'held' | 'uncertain' | 'cancelled'

const refused: ReadonlySet<ProblemCode> = new Set(['recipient-refused', 'sender-refused', 'mail-refused', 'mail-too-large', 'recipient-unusable', 'mail-given-up'])
const held: ReadonlySet<ProblemCode> = new Set(['outgoing-blocked', 'sender-unverified', 'no-outgoing-server', 'server-is-draft', 'dkim-key-unusable'])
/** Looking again costs a connection and no more. */
const away: ReadonlySet<ProblemCode> = new Set([
  'host-not-found', 'connection-refused', 'host-unreachable', 'connection-timed-out', 'server-silent', 'connection-dropped', 'not-a-mail-server', 'server-busy', 'server-refused', 'proxy-failed', 'proxy-asks-for-credentials', 'proxy-secret-missing', 'not-a-proxy', 'round-too-slow',
  'server-speaks-plain-text', 'server-expects-tls', 'starttls-not-offered', 'tls-version-too-low', 'tls-handshake-failed', 'certificate-expired', 'certificate-not-yet-valid', 'certificate-self-signed', 'certificate-wrong-name', 'certificate-untrusted', 'certificate-pin-mismatch',
  'certificate-chain-incomplete', 'client-certificate-wanted', 'client-certificate-unusable', 'ca-file-unusable'
])
const serverDown: ReadonlySet<ProblemCode> = new Set([
  ...away,
  'credentials-refused', 'credentials-missing', 'sign-in-method-not-offered', 'sign-in-needs-encryption', 'sign-in-needed', 'sign-in-idle-too-long', 'sign-in-revoked', 'client-secret-expired', 'client-secret-wrong', 'client-unknown', 'tenant-unknown', 'scope-refused', 'scope-missing', 'consent-missing',
  'sign-in-interaction-needed', 'sign-in-declined', 'sign-in-timed-out', 'signed-in-as-another', 'wrong-cloud', 'authority-unusable', 'sign-in-flow-refused', 'key-file-unusable', 'delegation-missing', 'clock-wrong', 'token-refused',
  'delayed-by-provider', 'endpoint-wrong', 'api-not-enabled', 'mailbox-not-found', 'mailbox-access-denied', 'mailbox-locked', 'keychain-unavailable', 'vault-locked', 'disk-full', 'data-folder-unwritable'
])

/** What becomes of a mail after this problem; what nobody foresaw may pass. */
export function fateAfter({ code }: Problem): Fate {
  if (code === 'cancelled' || code === 'mail-uncertain') return code === 'cancelled' ? 'cancelled' : 'uncertain'
  return refused.has(code) ? 'refused' : held.has(code) ? 'held' : serverDown.has(code) ? 'server-down' : 'again'
}

/** A jump of the clock makes a mail old, but not often tried. */
export const fewestTries = 10

/** Whether a mail is given up: it is as old as that and was tried often enough, itself or by others on the same way. */
export const isGivenUp = ({ ageMs, tries, hours }: { ageMs: number; tries: number; hours: number }): boolean => ageMs >= hours * 3_600_000 && tries >= fewestTries

const longestAwayMs = 600_000

/** How long (milliseconds) a server that takes no mail is left alone after so many failures in a row. A server that is away is looked for every ten minutes at least; one that refuses the sign-in more seldom, for that can lock the account. */
export function waitForServer(problem: Problem, failures: number, given: { now: number; chance: number }): number {
  const wait = waitAfter(problem, failures, given)
  return away.has(problem.code) ? Math.min(wait, longestAwayMs * (1 + given.chance / 4)) : wait
}

/** How long (milliseconds) until the next try: what the provider asks for, or longer with each try; never beyond the longest of these waits. */
export function waitAfter(problem: Problem, tries: number, { now, chance }: { now: number; chance: number }): number {
  const asked = problem.code === 'delayed-by-provider' ? Date.parse(problem.until) - now : Number.NaN
  return Number.isNaN(asked) ? nextTryInMs(tries, chance) : Math.min(longestTryMs, Math.max(1_000, asked))
}

export type Tried = { problem: Problem; /** This one included. */ tries: number; ageMs: number; hours: number; now: number; chance: number }
export type AfterTry = { state: OutboxState; nextAt: number; problem: Problem }

/** Where a mail stands after a try that failed; `nextAt` in milliseconds since 1970 counts where it waits. */
export function afterTry({ problem, tries, ageMs, hours, now, chance }: Tried): AfterTry {
  const fate = fateAfter(problem)
  if (fate === 'refused' || fate === 'held' || fate === 'uncertain') return { state: fate, nextAt: now, problem }
  if (isGivenUp({ ageMs, tries, hours })) return { state: 'refused', nextAt: now, problem: { code: 'mail-given-up', hours: Math.floor(ageMs / 3_600_000), tries } }
  return { state: 'waiting', nextAt: now + waitAfter(problem, tries, { now, chance }), problem }
}
