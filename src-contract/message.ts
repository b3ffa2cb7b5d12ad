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
}

/** Steps of the pipeline in their order (D11). */
export type ExplainedStep = { step: string; outcome: 'pass' | 'request' | 'reply' | 'command' | 'dropped' | 'error'; detail: string }
export type Outcome = 'request' | 'reply' | 'command' | 'dropped' | 'error'

/** What became of a message, or would (`mailroom process`). `reason` says why it was dropped or failed. */
export type ProcessedMessage = { outcome: Outcome; reason: string | null; message: MessageContent | null; steps: ExplainedStep[] }
