import type { Address, AttachmentInfo, ExplainedStep, MessageContent } from './message.ts'
import type { RequestChange, RequestValues } from './request-values.ts'

/** One row of the requests page. Times ISO 8601 in UTC. */
export type RequestRow = {
  number: number
  subject: string
  status: 'open' | 'closed'
  requester: string
  partition: string
  server: string
  messageId: string | null
  createdAt: string
  replies: number
  attachments: number
  values: RequestValues
}

/** One message of a request. `html` is safe: no script, no style that escapes, remote content only when asked for. */
export type ConversationEntry = {
  id: number
  /** `command`: an e-mail command, which stands in the request's history and not in its conversation; `bounce`: a report on mail that we sent. */
  kind: 'request' | 'reply' | 'command' | 'bounce'
  from: Address | null
  to: Address[]
  cc: Address[]
  subject: string
  date: string | null
  receivedAt: string
  messageId: string | null
  text: string
  html: string | null
  /** Whether remote images or styles were taken out of `html`. */
  remoteContentBlocked: boolean
  attachments: (AttachmentInfo & { index: number })[]
  steps: ExplainedStep[]
  /** Whether the full original message is offered as an attachment (A14). */
  originalKept: boolean
  /** What the retention period took, and when: all but the text, or the text too. Left out where nothing is missing. */
  removed?: { what: 'original' | 'text'; at: string } | null
  /** As in the message; left out where it has none. */
  protection?: MessageContent['protection']
  calendar?: MessageContent['calendar']
}

export type RequestDetail = RequestRow & { conversation: ConversationEntry[]; changes: RequestChange[] }

/** A page of rows, newest first; `before` of the next page is the last row's number, null at the end. */
export type RequestPage = { rows: RequestRow[]; next: number | null; total: number }
