import { randomBytes } from 'node:crypto'
import type { Problem } from '#contract/problem.ts'
import type { ErrorDetail, Log } from './create-log.ts'
import { redact } from './redact.ts'

/** A short reference that a user can read out: eight characters, none of them easily mistaken. */
export const newReference = (): string => [...randomBytes(8)].map((byte) => '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'[byte % 32]).join('')

/** Logs a bug under a reference that the user is shown: in one line, and in the file with its stack and causes. `secrets` are taken out. */
export function reportProblem(log: Log, reference: string, during: string, error: unknown, secrets: readonly string[] = [], more: Pick<ErrorDetail, 'told'> = {}): void {
  const full = redact(fullText(error), secrets)
  log.error(`unexpected [${reference}] during ${redact(during, secrets)}: ${inOneLine(redact(shortText(error), secrets))}`, { ...more, detail: full })
}

/** Logs bugs under a reference of their own; returns the problem that stands for one. */
export const createReportUnexpected = (log: Log) => (thrown: unknown, during: string): Problem => {
  const reference = newReference()
  reportProblem(log, reference, during, thrown)
  return { code: 'unexpected', reference }
}

function shortText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : fullText(error)
}

// Only what went through `redact` may be cut: half a secret would not be known for one.
const inOneLine = (text: string): string => text.replace(/\p{Cc}[\s\S]*/u, '').slice(0, 200)

function fullText(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return `thrown value of type ${typeof error}: ${typeof error === 'string' ? error : ''}`
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause === undefined || depth > 4 ? own : `${own}\ncaused by: ${fullText(error.cause, depth + 1)}`
}
