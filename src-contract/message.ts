import type { RequestValues } from './request-values.ts'

/** Bytes of the largest message that a call takes as base64. */
export const largestMessage = 60_000_000

/** A mailbox of RFC 5322: local part as written, domain in lower case. `name` is '' where none is given. */
export type Address = { name: string; address: string }

/** Codes of CLI.md for an attachment that was taken off a message. */
export type StrippedCode = 'invalid-file-name' | 'content-type-mismatch' | 'extension-not-allowed' | 'empty-file' | 'too-large'
export type Stripped = { code: StrippedCode; reason: string; remedy: string }

/** `size` is the decoded size in bytes; `contentType` is lower case without parameters. */
export type AttachmentInfo = {
  name: string
  contentType: string
  size: number
  disposition: 'attachment' | 'inline'
  contentId: string | null
  stripped: Stripped | null
}

/** A message as people see it. `text` is always there, `html` is as sent and not safe to show. */
export type MessageContent = {
  from: Address | null
  to: Address[]
  cc: Address[]
  replyTo: Address[]
  subject: string
  /** ISO 8601 in UTC; null where the Date field is missing or no date. */
  date: string | null
  messageId: string | null
  inReplyTo: string | null
  references: string[]
  text: string
  html: string | null
  attachments: AttachmentInfo[]
  /** Encryption and signatures of the message itself; what is encrypted cannot be read here. null: neither. */
  protection?: 'smime-signed' | 'smime-encrypted' | 'pgp-signed' | 'pgp-encrypted' | null
  /** The meeting that a calendar part (RFC 5545) is about; times as written there. null or left out: none. */
  calendar?: { method: string; summary: string; start: string | null; end: string | null; location: string; organizer: string } | null
}

/** Steps of the pipeline in their order (D11). */
export type ExplainedStep = { step: string; outcome: 'pass' | 'request' | 'reply' | 'command' | 'dropped' | 'error'; detail: string }
export type Outcome = 'request' | 'reply' | 'command' | 'dropped' | 'error'

/** What became of a message, or would (`mailroom process`). `reason` says why it was dropped or failed. */
export type ProcessedMessage = { outcome: Outcome; reason: string | null; message: MessageContent | null; steps: ExplainedStep[]; creates?: WhatIsCreated | null }

/** What a message makes, or would: a request with its values, a reply, a change of a request, mail that goes out. null: nothing. */
export type WhatIsCreated = {
  request: { subject: string; status: 'open' | 'closed'; requester: Address; newPerson: boolean; values: RequestValues } | null
  reply: { request: number } | null
  change: { request: number; operation: 'edit' | 'close' | 'pick-up'; fields: { field: string; value: string }[] } | null
  answers: { to: string; subject: string }[]
}
