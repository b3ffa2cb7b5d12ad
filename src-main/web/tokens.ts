import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Role } from '#contract/calls.ts'

/** Tokens of the first URL and the sessions that they open; both live as long as the host. */
export type Tokens = {
  readonly administrator: string
  readonly support: string
  /** The value of a new session's cookie; null for a token that is not ours. */
  open(token: string): string | null
  roleOf(session: string): Role | null
}

const newSecret = (): string => randomBytes(32).toString('base64url')

/** Two random tokens, one a role; 256 bits each. */
export function createTokens(): Tokens {
  const tokens = { administrator: newSecret(), support: newSecret() }
  const sessions = { administrator: newSecret(), support: newSecret() }
  return {
    ...tokens,
    open: (token) => (same(token, tokens.administrator) ? sessions.administrator : same(token, tokens.support) ? sessions.support : null),
    roleOf: (session) => (same(session, sessions.administrator) ? 'administrator' : same(session, sessions.support) ? 'support' : null)
  }
}

/** Compares in a time that does not tell how much was right. */
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The value of one cookie of a Cookie header (RFC 6265 5.4). */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}
