import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { escapedHtml } from './text-as-html.ts'

type Marked = { subject: string; text: string; html: string | null }

/**
 * A mail about a request with the request's id where the server puts it: at the end of the subject, or on a line of its own in the text (and in HTML that is sent beside it),
 * between the prefix on both sides. Without `attach`, and where the id stands there already, the mail stays as it is.
 */
export function withConversationMark({ subject, text, html }: Marked, request: number | null, { attach, location, prefix }: OutgoingServer['conversationId']): Marked {
  const id = `${prefix}RE-${request}${prefix}`
  if (request === null || !attach || (location === 'subject' && subject.includes(id))) return { subject, text, html }
  if (location === 'subject') return { subject: `${subject} ${id}`, text, html }
  const line = `${bodyMark} ${id}`
  return { subject, text: `${text.trimEnd()}\n\n${line}\n`, html: html === null ? null : withParagraph(html, escapedHtml(line)) }
}

/** At the end of the body, which may not be closed. */
const withParagraph = (html: string, line: string): string => {
  const end = /<\/body\s*>(?![\s\S]*<\/body)/i.exec(html)?.index ?? html.length
  return `${html.slice(0, end)}<p>${line}</p>${html.slice(end)}`
}

const bodyMark = 'Reference:'

/** The line of a text that `withConversationMark` wrote, also in a quotation; '' where there is none. Looks at the first 100,000 characters. */
export const markedLine = (text: string): string => /^[> |\t]{0,40}Reference: (\S{3,60})[ \t]*$/m.exec(text.slice(0, 100_000))?.[1] ?? ''
