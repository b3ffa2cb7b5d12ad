import { z } from 'zod'
import { mailAddress } from './fields.ts'
import type { OutboxState } from './outbox.ts'
import type { Problem } from './problem.ts'

/** `sender`: a From address of ours. `group`: an address that several people read, to which notifications go. */
export const senderKinds = ['sender', 'group'] as const
export type SenderKind = (typeof senderKinds)[number]

export const newSenderAddress = z.strictObject({ address: mailAddress, kind: z.enum(senderKinds) })

/**
 * An address that somebody has to show to be read by us: a code goes there and comes back by hand. Times are ISO 8601. `code` is null where none is under way;
 * after five wrong tries, or past `expiresAt`, `triesLeft` is 0 and a new one has to be sent, from `nextAt` on. `mail` is what became of its mail; null: it is in the outbox no more.
 * `usedBy` names outgoing servers, or rules, that use the address.
 */
export type SenderAddress = { address: string; kind: SenderKind; verifiedAt: string | null; code: { sentAt: string; expiresAt: string; triesLeft: number; nextAt: string; mail: { state: OutboxState; problem: Problem | null } | null } | null; usedBy: string[] }

/** Where an address stands: `new` has no code that could be entered. */
export const senderState = ({ verifiedAt, code }: Pick<SenderAddress, 'verifiedAt' | 'code'>, now: number): 'verified' | 'code-sent' | 'new' =>
  verifiedAt !== null ? 'verified' : code !== null && code.triesLeft > 0 && Date.parse(code.expiresAt) > now ? 'code-sent' : 'new'
