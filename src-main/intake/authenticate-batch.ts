import type { MailAuthentication } from '#contract/authentication.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import type { IntakeOrder } from './intake.ts'
import type { Dns } from './look-up.ts'

/** Longest times: for one message, and for all of a batch. Then the rest is `unknown`. */
export type AuthenticateLimits = { messageMs: number; batchMs: number }
export type BatchNeeds = { dns: Dns; now: () => number; limits: AuthenticateLimits }

/** Checks the messages of a batch, a few at a time; null for what could not be parsed. Never rejects. The libraries are loaded when they are first needed. */
export async function authenticateBatch(raws: readonly Buffer[], parsed: readonly (ParsedMessage | null)[], order: NonNullable<IntakeOrder['authenticate']>, { dns, now, limits }: BatchNeeds): Promise<(MailAuthentication | null)[]> {
  const { authenticateMessage } = await import('./authenticate-message.ts')
  const found: (MailAuthentication | null)[] = raws.map(() => null)
  const last = now() + limits.batchMs
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < raws.length; index = next++) {
      const [raw, message] = [raws[index], parsed[index]]
      if (raw === undefined || !message || message.problem !== null) continue
      const lookUp = dns.until(Math.min(now() + limits.messageMs, last))
      found[index] = await authenticateMessage(raw, message, { lookUp, trustedServers: order.trustedServers, session: order.sessions?.[index] ?? null })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return found
}

const atOnce = 8
