import type { ExplainedStep } from './message.ts'
import type { Problem } from './problem.ts'

/** Where a mail that failed is now; `replayed`: an edited or unchanged copy of it was processed, the mail itself lies where it was. */
export const errorPlaces = ['error-folder', 'inbox', 'skipped', 'replayed'] as const
export type ErrorPlace = (typeof errorPlaces)[number]

/** One row of the error folder. `request` is what a replay made of it. */
export type ErrorRow = {
  id: number
  server: string
  subject: string
  from: string
  messageId: string | null
  code: Problem['code']
  failedAt: string
  size: number
  where: ErrorPlace
  request: number | null
}

export type ErrorCause = { code: Problem['code']; count: number }
/** `total` and `causes` are of all that fit the filter; `open` counts those of the server (or of all) that wait for somebody. */
export type ErrorPage = { rows: ErrorRow[]; causes: ErrorCause[]; total: number; open: number; next: number | null }

/** `exception` is the technical text with secrets out; `raw` the first 64 KB of the message as text, null where it was not downloaded. */
export type ErrorDetail = ErrorRow & {
  problem: Problem
  exception: string
  steps: ExplainedStep[]
  headers: string
  text: string
  /** Safe to be shown: no script, no remote content; null where the mail has none. */
  html: string | null
  raw: string | null
  rawTruncated: boolean
}
