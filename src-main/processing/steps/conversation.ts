import { findRecordIds } from '../../model/find-request-id.ts'
import type { Step, StepInput } from '../step.ts'

/** Finds the request that the message belongs to: by the id in its subject, then by the messages that it refers to. */
export const conversation: Step = (input) => {
  const notes: string[] = []
  const bySubject = requestInSubject(input, notes)
  if (bySubject !== null) return { outcome: 'pass', detail: `The subject names request ${bySubject}, which exists.`, found: { replyTo: bySubject } }
  const referred = requestReferredTo(input)
  if (referred !== null) return { outcome: 'pass', detail: [...notes, `It refers to ${referred.messageId}, a message of request ${referred.request}.`].join(' '), found: { replyTo: referred.request } }
  const ids = idsReferredTo(input).length
  if (ids > 0) notes.push(`None of the ${ids === 1 ? 'message' : `${ids} messages`} that it refers to belongs to a request.`)
  return { outcome: 'pass', detail: notes.length > 0 ? `${notes.join(' ')} It is treated as new.` : 'The message begins a conversation: its subject names no request, and it answers no message.' }
}

function requestInSubject({ parsed, settings, conversations }: StepInput, notes: string[]): number | null {
  const ids = findRecordIds(parsed.content.subject, settings.processing.baseDelimiter).slice(0, 20)
  for (const { module, number } of ids) {
    if (module !== 'RE') notes.push(`The subject names ${module}-${number}, which is no request.`)
    else if (conversations.exists(number)) return number
    else notes.push(`The subject names request ${number}, which does not exist.`)
  }
  return null
}

/** The message answered first, then the others from the latest on (RFC 5322 3.6.4). */
const idsReferredTo = ({ parsed: { content } }: StepInput): string[] =>
  [...new Set([...(content.inReplyTo === null ? [] : [content.inReplyTo]), ...content.references.slice(-100).reverse()])]

function requestReferredTo(input: StepInput): { request: number; messageId: string } | null {
  for (const messageId of idsReferredTo(input)) {
    const request = input.conversations.requestOf(messageId)
    if (request !== null && input.conversations.exists(request)) return { request, messageId }
  }
  return null
}
