import type { ExplainedStep } from './message.ts'
import type { Problem } from './problem.ts'

/** One row of the error folder. `where` says where the mail is now. */
export type ErrorRow = {
  id: number
  server: string
  subject: string
  from: string
  messageId: string | null
  code: Problem['code']
  failedAt: string
  size: number
  where: 'error-folder' | 'inbox' | 'skipped'
}

export type ErrorCause = { code: Problem['code']; count: number }
export type ErrorPage = { rows: ErrorRow[]; causes: ErrorCause[]; total: number; next: number | null }

/** `exception` is the technical text with secrets out; `raw` the first 64 KB of the message as text, null where it was not downloaded. */
export type ErrorDetail = ErrorRow & {
  problem: Problem
  exception: string
  steps: ExplainedStep[]
  headers: string
  text: string
  raw: string | null
  rawTruncated: boolean
}
