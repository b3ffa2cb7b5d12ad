import type { OutgoingServer } from '#contract/outgoing-server.ts'

type Marked = { subject: string; text: string }

/**
 * A mail about a request with the request's id where the server puts it: at the end of the subject, or on a line of its own in the text,
 * between the prefix on both sides. Without `attach` the mail stays as it is.
 */
export function withConversationMark({ subject, text }: Marked, request: number | null, { attach, location, prefix }: OutgoingServer['conversationId']): Marked {
  if (request === null || !attach) return { subject, text }
  const id = `${prefix}RE-${request}${prefix}`
  return location === 'subject' ? { subject: `${subject} ${id}`, text } : { subject, text: `${text.trimEnd()}\n\n${bodyMark} ${id}\n` }
}

const bodyMark = 'Reference:'

/** The line of a text that `withConversationMark` wrote, also in a quotation; '' where there is none. Looks at the first 100,000 characters. */
export const markedLine = (text: string): string => /^[> |\t]{0,40}Reference: (\S{3,60})[ \t]*$/m.exec(text.slice(0, 100_000))?.[1] ?? ''
