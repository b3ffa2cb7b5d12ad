import type { IncomingMessage } from 'node:http'
import type { Role } from '#contract/calls.ts'
import type { Tokens } from './tokens.ts'

/** The role of the token in `Authorization: Bearer TOKEN` (RFC 6750 2.1); null where there is none, or none of ours. */
export function roleOfBearer({ headers }: Pick<IncomingMessage, 'headers'>, tokens: Pick<Tokens, 'holderOfToken'>): Role | null {
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(headers.authorization ?? '')?.[1]
  return token === undefined ? null : (tokens.holderOfToken(token)?.role ?? null)
}
