import type { IncomingMessage } from 'node:http'
import type { Role } from '#contract/calls.ts'
import type { Tokens } from './tokens.ts'

/** The token in `Authorization: Bearer TOKEN` (RFC 6750 2.1); null where there is none. */
export const bearerOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null => /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(headers.authorization ?? '')?.[1] ?? null

/** The role of that token; null where there is none, or none of ours that a program may use. */
export function roleOfBearer(request: Pick<IncomingMessage, 'headers'>, tokens: Pick<Tokens, 'holderOfToken'>): Role | null {
  const token = bearerOf(request)
  return token === null ? null : (tokens.holderOfToken(token)?.role ?? null)
}
