import type { MailAuthentication } from '#contract/authentication.ts'
import type { StoredContent } from '../content/content-store.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import type { IntakeOrder } from './intake.ts'
import type { ThreadFailure } from './thread-failure.ts'

/** What the intake thread is started with. `marker` says what is being parsed: [batch, index], batch 0 for nothing; `dnsServers` null: those of this computer. */
export type IntakeWorkerData = { folder: string; dataKey: Uint8Array; marker: SharedArrayBuffer; parserUrl: string | null; dnsServers: readonly string[] | null }

/** `take` stores and parses; `parse` only parses what an earlier thread stored, but not the messages of `skip`. */
export type IntakeAsk =
  | { batch: number; do: 'take'; raws: Uint8Array[]; authenticate: IntakeOrder['authenticate'] }
  | { batch: number; do: 'parse'; stored: StoredContent[]; skip: number[]; authenticate: IntakeOrder['authenticate'] }
  /** No message that is taken from now on lies in one of these packs, nor is a message appended to a pack that is there now. */
  | { do: 'retire'; id: number; packs: number[] }
  | { do: 'close' }

export type IntakeAnswer =
  | { batch: number; what: 'stored'; stored: StoredContent[] }
  /** The next batch may come while this one goes to the disk. */
  | { batch: number; what: 'parsed'; parsed: (ParsedMessage | null)[] }
  | { batch: number; what: 'done'; authentication: (MailAuthentication | null)[] }
  | ({ batch: number; what: 'failed' } & ThreadFailure)
  | { what: 'retired'; id: number; failure: ThreadFailure | null }
  | { what: 'closed' }
