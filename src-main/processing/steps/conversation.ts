import { markedLine } from '../../model/conversation-mark.ts'
import { findRecordIds } from '../../model/find-request-id.ts'
import { knownRequest } from '../known-request.ts'
import type { Step, StepInput } from '../step.ts'

/**
 * Finds the request that the message belongs to: by the id in its subject, then by the messages that it refers to, then by the line that we wrote into
 * the text of what it answers. Ids of several requests in one subject contradict each other, and ids of other modules name no request; then the references decide.
 */
export const conversation: Step = (input) => {
  const notes: string[] = []
  const bySubject = requestInSubject(input, notes)
  if (bySubject !== null) return { outcome: 'pass', detail: [...notes, `The subject names request ${bySubject}, which exists.`].join(' '), found: { replyTo: bySubject } }
  const referred = requestReferredTo(input, notes)
  if (referred !== null) return { outcome: 'pass', detail: [...notes, `It refers to ${referred.messageId}, a message of request ${referred.request}.`].join(' '), found: { replyTo: referred.request } }
  const byLine = requestInText(input)
  if (byLine !== null) return { outcome: 'pass', detail: [...notes, `It quotes the line by which we name request ${byLine}.`].join(' '), found: { replyTo: byLine } }
  const ids = idsReferredTo(input).length
  if (ids > 0) notes.push(`None of the ${ids === 1 ? 'message' : `${ids} messages`} that it refers to belongs to a request that it can reach.`)
  return { outcome: 'pass', detail: notes.length > 0 ? `${notes.join(' ')} It is treated as new.` : 'The message begins a conversation: its subject names no request, and it answers no message.' }
}

const mostIds = 20

function requestInSubject(input: StepInput, notes: string[]): number | null {
  const { parsed, settings } = input
  const ids = findRecordIds(parsed.content.subject, settings.processing.baseDelimiter)
  const others = new Set(ids.flatMap(({ module, number }) => (module === 'RE' ? [] : [`${module}-${number}`])))
  for (const other of [...others].slice(0, mostIds)) notes.push(`The subject names ${other}, which is no request.`)
  const requests = [...new Set(ids.flatMap(({ module, number }) => (module === 'RE' ? [number] : [])))]
  const [number] = requests
  if (number === undefined) return null
  if (requests.length > 1) {
    notes.push(`The subject names several requests (${requests.slice(0, mostIds).join(', ')}), so it decides nothing.`)
    return null
  }
  const { request, because } = knownRequest(input, number)
  if (request === null) notes.push(`The subject names a request, but: ${because}`)
  return request?.number ?? null
}

function requestInText(input: StepInput): number | null {
  const [id] = findRecordIds(markedLine(input.parsed.content.text), input.settings.processing.baseDelimiter)
  return id?.module === 'RE' ? (knownRequest(input, id.number).request?.number ?? null) : null
}

/** The message answered first, then the others from the latest on (RFC 5322 3.6.4). */
const idsReferredTo = ({ parsed: { content } }: StepInput): string[] =>
  [...new Set([...(content.inReplyTo === null ? [] : [content.inReplyTo]), ...content.references.slice(-100).reverse()])]

function requestReferredTo(input: StepInput, notes: string[]): { request: number; messageId: string } | null {
  const outOfReach = new Set<string>()
  for (const messageId of idsReferredTo(input)) {
    // The oldest that can be reached: who uses the Message-ID of another's mail again does not get the answers to it.
    for (const number of input.conversations.requestsOf(messageId)) {
      const { request, because } = knownRequest(input, number)
      if (request !== null) return { request: request.number, messageId }
      outOfReach.add(`It refers to a message of a request, but: ${because}`)
    }
  }
  notes.push(...[...outOfReach].slice(0, mostIds))
  return null
}
