import { randomBytes } from 'node:crypto'
import type { Log } from './create-log.ts'
import { redact } from './redact.ts'

/** A short reference that a user can read out: eight characters, none of them easily mistaken. */
export const newReference = (): string => [...randomBytes(8)].map((byte) => '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'[byte % 32]).join('')

/** Logs a bug in full, with its causes, under a reference that the user is shown instead. `secrets` are taken out. */
export function reportProblem(log: Log, reference: string, during: string, error: unknown, secrets: readonly string[] = []): void {
  log.error(redact(`unexpected [${reference}] during ${during}: ${fullText(error)}`, secrets))
}

function fullText(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return `thrown value of type ${typeof error}: ${typeof error === 'string' ? error : ''}`
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause === undefined || depth > 4 ? own : `${own}\ncaused by: ${fullText(error.cause, depth + 1)}`
}
