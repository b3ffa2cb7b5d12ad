import { hash, randomBytes } from 'node:crypto'
import type { CallContext, MailroomConsole } from '../console.ts'
import { sameSecret } from './same-secret.ts'

/** Tokens of the links, and the sessions that they open. What a link opened ends with the host; that of a named token when it is revoked, too. */
export type Tokens = {
  readonly administrator: string
  readonly support: string
  /** The value of a new session's cookie, never twice the same, or of a sign-in that a code has to complete; null for a token that is not ours. */
  open(token: string): { session: string } | { pending: string } | null
  /** Whose sign-in waits for a code; null once half an hour has passed, or the token was revoked. */
  pendingOf(pending: string): { sha256: string; who: string } | null
  /** The value of the session's cookie of a sign-in whose code was right; it is over with that. */
  complete(pending: string): string | null
  /** Who has this session, which counts as used by that; null once it is over. */
  holderOf(session: string): CallContext | null
  /** Whether the session still holds; it does not count as used. */
  holds(session: string): boolean
  /** Ends a session; one that is over is no fault. */
  close(session: string): void
  /** Whether this token is one of ours, whatever it opens. */
  isOurs(token: string): boolean
  /** Who has this token, for a program that sends it with each request; nobody where it needs a code. */
  holderOfToken(token: string): CallContext | null
}

/** A session that nobody uses ends after twelve hours, any after a week (NIST SP 800-63B 4.2.3 asks for no more than 30 days at the lower levels). */
export const sessionLimits = { idleMs: 12 * 3_600_000, totalMs: 7 * 86_400_000 }
/** A code is waited for so long. */
const pendingMs = 1_800_000

type Session = { holder: () => CallContext | null; openedAt: number; usedAt: number }

/** Two random tokens, one a role; 256 bits each. `namedToken` knows those with a name by the SHA-256 of the token in hex. */
export function createTokens(namedToken: MailroomConsole['namedToken'], now: () => number = Date.now): Tokens {
  const started = (['administrator', 'support'] as const).map((role) => ({ token: newSecret(), holder: { role, who: `${role} in a browser` } }))
  const [administrator, support] = started.map(({ token }) => token) as [string, string]
  const sessions = new Map<string, Session>()
  const pendings = new Map<string, { sha256: string; holder: () => CallContext | null; openedAt: number }>()

  const ownHolder = (token: string): CallContext | null => started.find((one) => sameSecret(token, one.token))?.holder ?? null
  const named = (sha256: string, way: string): CallContext | null => {
    const found = namedToken(sha256)
    return found === null ? null : { role: found.role, who: `${found.name} (${way})` }
  }
  const holderBehind = (token: string): (() => CallContext | null) => {
    const own = ownHolder(token)
    const sha256 = hashOf(token)
    return () => own ?? named(sha256, 'browser')
  }
  const find = (session: string): { found: Session; holder: CallContext } | null => {
    const key = hashOf(session)
    const found = sessions.get(key)
    if (found === undefined) return null
    const isOver = now() - found.usedAt > sessionLimits.idleMs || now() - found.openedAt > sessionLimits.totalMs
    const holder = isOver ? null : found.holder()
    if (holder === null) sessions.delete(key)
    return holder === null ? null : { found, holder }
  }
  const begin = (holder: () => CallContext | null): string => {
    const session = newSecret()
    sessions.set(hashOf(session), { holder, openedAt: now(), usedAt: now() })
    keepNewest(sessions)
    return session
  }
  const findPending = (pending: string): { sha256: string; who: string; holder: () => CallContext | null } | null => {
    const key = hashOf(pending)
    const found = pendings.get(key)
    const who = found === undefined || now() - found.openedAt > pendingMs ? null : (found.holder()?.who ?? null)
    if (who === null) pendings.delete(key)
    return found === undefined || who === null ? null : { sha256: found.sha256, who, holder: found.holder }
  }
  return {
    administrator,
    support,
    open(token) {
      const holder = holderBehind(token)
      if (holder() === null) return null
      const sha256 = hashOf(token)
      if (ownHolder(token) !== null || (namedToken(sha256)?.secondFactor ?? null) === null) return { session: begin(holder) }
      const pending = newSecret()
      pendings.set(hashOf(pending), { sha256, holder, openedAt: now() })
      keepNewest(pendings)
      return { pending }
    },
    pendingOf(pending) {
      const found = findPending(pending)
      return found === null ? null : { sha256: found.sha256, who: found.who }
    },
    complete(pending) {
      const found = findPending(pending)
      pendings.delete(hashOf(pending))
      return found === null ? null : begin(found.holder)
    },
    holderOf(session) {
      const open = find(session)
      if (open !== null) open.found.usedAt = now()
      return open?.holder ?? null
    },
    holds: (session) => find(session) !== null,
    close: (session) => void sessions.delete(hashOf(session)),
    isOurs: (token) => holderBehind(token)() !== null,
    holderOfToken: (token) => ownHolder(token) ?? ((namedToken(hashOf(token))?.secondFactor ?? null) === null ? named(hashOf(token), 'token') : null)
  }
}

/** Whoever opens more sessions than this loses the oldest. */
const mostSessions = 10_000
function keepNewest(kept: Map<string, unknown>): void {
  const oldest = kept.keys().next().value
  if (kept.size > mostSessions && oldest !== undefined) kept.delete(oldest)
}

const newSecret = (): string => randomBytes(32).toString('base64url')
const hashOf = (token: string): string => hash('sha256', token)

/** The value of one cookie of a Cookie header (RFC 6265 5.4). */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}
