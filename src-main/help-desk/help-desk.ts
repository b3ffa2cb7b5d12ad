import type { HandOverEvent, HandOverTarget } from '#contract/hand-over.ts'
import type { Address } from '#contract/message.ts'
import type { RequestRow } from '#contract/request.ts'
import type { RequestChange } from '#contract/request-values.ts'

/** The message that an event is about. `html` is safe to show: no script, nothing loaded from outside. */
export type ToldMessage = { kind: 'request' | 'reply' | 'command' | 'bounce'; from: Address | null; to: Address[]; cc: Address[]; subject: string; date: string | null; messageId: string | null; text: string; html: string | null }
/** `content` is null where all attachments together would be too large; what the attachment rules took off is not among them. */
export type ToldAttachment = { name: string; contentType: string; size: number; contentId: string | null; content: Buffer | null }

/** All that a help desk is told of an event. Times are ISO 8601 in UTC. */
export type ToldEvent = {
  /** The same however often the event is sent. */
  key: string
  event: HandOverEvent
  /** When it happened. */
  at: string
  request: Omit<RequestRow, 'messageId' | 'replies' | 'attachments'>
  message: ToldMessage | null
  change: RequestChange | null
  attachments: ToldAttachment[]
  /** What the help desk called the request when it was told of it; null where it was not. */
  remoteId: string | null
  /** Whether the help desk may have got the event before. */
  repeated: boolean
}

/** `answer` is the beginning of what was said, without secrets; `retryAfter` the header of this name (RFC 9110 10.2.3). `status` is 0 where it was no answer at all. */
export type HelpDeskAnswer = { status: number; answer: string; remoteId: string | null; retryAfter: string | null }

/**
 * Hands events over to help desks of every kind. Any status is an answer; no connection, no answer in time and certificates that
 * are not trusted are ProblemError `hand-over-unreachable`, an aborted signal is its reason. Redirects are not followed.
 */
export type HelpDesk = {
  deliver(target: HandOverTarget, secret: string, event: ToldEvent, signal: AbortSignal): Promise<HelpDeskAnswer>
  /** Asks something that leaves no trace, or sends an event that says that it is a test. */
  test(target: HandOverTarget, secret: string, signal: AbortSignal): Promise<HelpDeskAnswer>
  /** What is wrong with a secret for this kind of help desk; null where nothing is. */
  faultOfSecret(kind: HandOverTarget['kind'], secret: string): string | null
  close(): void
}

/** One kind of help desk. `ask` is one exchange, bounded in time and size. */
export type HelpDeskKind = {
  deliver(target: HandOverTarget, secret: string, event: ToldEvent, ask: AskHelpDesk): Promise<HelpDeskAnswer>
  test(target: HandOverTarget, secret: string, ask: AskHelpDesk): Promise<HelpDeskAnswer>
  faultOfSecret(secret: string): string | null
}
/** `repeatable` false says of a PUT that doing it twice is not the same as once. */
export type HelpDeskRequest = { method: 'GET' | 'POST' | 'PUT'; url: string; headers: Readonly<Record<string, string>>; body?: string | Buffer; repeatable?: boolean }
export type AskHelpDesk = (request: HelpDeskRequest) => Promise<{ status: number; text: string; retryAfter: string | null }>
