import { z } from 'zod'
import { mailAddress } from './fields.ts'

/** `sender`: a From address of ours. `group`: an address that several people read, to which notifications go. */
export const senderKinds = ['sender', 'group'] as const
export type SenderKind = (typeof senderKinds)[number]

export const newSenderAddress = z.strictObject({ address: mailAddress, kind: z.enum(senderKinds) })

/**
 * An address that somebody has to show to be read by us: a code goes there and comes back by hand. Times are ISO 8601. `code` is null where none is under way;
 * after five wrong tries, or past `expiresAt`, a new one has to be sent. `usedBy` names outgoing servers, or rules, that use the address.
 */
export type SenderAddress = { address: string; kind: SenderKind; verifiedAt: string | null; code: { sentAt: string; expiresAt: string; triesLeft: number } | null; usedBy: string[] }
