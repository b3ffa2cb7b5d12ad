import type { StoredContent } from '../content/content-store.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'

/** Stands for a message that could not be parsed at all; recognised again by its bytes alone. */
export function unreadable({ address, size }: StoredContent, reason: string): ParsedMessage {
  return {
    content: { from: null, to: [], cc: [], replyTo: [], subject: '', date: null, messageId: null, inReplyTo: null, references: [], text: '', html: null, attachments: [] },
    headers: [],
    places: [],
    fingerprint: address,
    size,
    problem: { code: 'message-unreadable', reason }
  }
}
