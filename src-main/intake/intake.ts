import type { StoredContent } from '../content/content-store.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'

/** A message that is on disk and parsed. `parsed.content.html` is left out (null) to spare memory; the raw message has it. */
export type TakenMessage = { stored: StoredContent; parsed: ParsedMessage }

/**
 * What has to be found out besides: with `authenticate`, SPF, DKIM and DMARC are checked (in the thread, while others are parsed; bounded
 * in time, and never a reason to fail). `sessions` are what an SMTP receiver knows of each message, in the order of the messages.
 */
export type IntakeOrder = { authenticate: { trustedServers: readonly string[]; sessions?: readonly SmtpSession[] } | null }
export type SmtpSession = { clientAddress: string; helo: string; mailFrom: string }

/**
 * Takes raw messages in: encrypts and appends them to the content store and parses them, in a worker thread so that neither the
 * window nor the mail connections wait. Resolves when all of the batch is on disk; in the order given. Throws ProblemError
 * `disk-full`. The buffers given may be transferred and must not be used afterwards.
 */
export interface Intake {
  take(raws: Buffer[], how?: IntakeOrder): Promise<TakenMessage[]>
  /** When it resolves, no message that is taken from then on lies in one of these packs, and none is appended to a pack that was there. */
  retire(packs: readonly number[]): Promise<void>
  close(): Promise<void>
}
