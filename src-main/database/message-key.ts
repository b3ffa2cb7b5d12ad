import { createHash } from 'node:crypto'

/** Stands for a Message-ID in tables: it is long and would be kept twice, in the row and in the index; 120 bits of its hash tell any number apart. */
export const messageKey = (messageId: string): string => createHash('sha256').update(messageId).digest().subarray(0, 15).toString('base64url')
