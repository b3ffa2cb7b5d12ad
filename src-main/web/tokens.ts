import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { CallContext, MailroomConsole } from '../console.ts'

/** Tokens of the first URL and the sessions that they open; both live as long as the host, those of a named token until it is revoked. */
export type Tokens = {
  readonly administrator: string
  readonly support: string
  /** The value of a new session's cookie; null for a token that is not ours. */
  open(token: string): string | null
  /** Who has this session; null once its token is revoked. */
  holderOf(session: string): CallContext | null
  /** Who has this token, for a program that sends it with each request. */
  holderOfToken(token: string): CallContext | null
}

const newSecret = (): string => randomBytes(32).toString('base64url')

/** Two random tokens, one a role; 256 bits each. `namedToken` knows those with a name by the SHA-256 of the token in hex. */
export function createTokens(namedToken: MailroomConsole['namedToken']): Tokens {
  const started = (['administrator', 'support'] as const).map((role) => ({ token: newSecret(), session: newSecret(), holder: { role, who: `${role} in a browser` } }))
  const [administrator, support] = started.map(({ token }) => token) as [string, string]
  const sessions = new Map<string, string>()
  const named = (hash: string, way: string): CallContext | null => {
    const found = namedToken(hash)
    return found === null ? null : { role: found.role, who: `${found.name} (${way})` }
  }
  const ofNamed = (session: string): CallContext | null => {
    const hash = sessions.get(session)
    if (hash === undefined) return null
    const holder = named(hash, 'browser')
    if (holder === null) sessions.delete(session)
    return holder
  }
  const openNamed = (token: string): string | null => {
    const hash = hashOf(token)
    if (namedToken(hash) === null) return null
    const session = newSecret()
    sessions.set(session, hash)
    const oldest = sessions.keys().next().value
    if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest)
    return session
  }
  return {
    administrator,
    support,
    open: (token) => started.find((one) => same(token, one.token))?.session ?? openNamed(token),
    holderOf: (session) => started.find((one) => same(session, one.session))?.holder ?? ofNamed(session),
    holderOfToken: (token) => started.find((one) => same(token, one.token))?.holder ?? named(hashOf(token), 'token')
  }
}

/** Whoever opens more sessions with named tokens than this loses the oldest. */
const mostSessions = 10_000

/** Compares in a time that does not tell how much was right. */
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const hashOf = (token: string): string => digest(token).toString('hex')

/** The value of one cookie of a Cookie header (RFC 6265 5.4). */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}
