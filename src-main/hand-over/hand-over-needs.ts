import type { EventListener } from '../console.ts'
import type { Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { HandOverTable } from '../database/hand-over-table.ts'
import type { Clock } from '../fetching/clock.ts'
import type { HelpDesk } from '../help-desk/help-desk.ts'
import type { Bell } from '../notices/bell.ts'
import type { PartPlace } from '../processing/parsing/parsed-message.ts'
import type { MakeSafe } from '../requests/requests.ts'
import type { StoredMessages } from '../requests/stored-messages.ts'
import type { HistoryTable } from '../servers/configuration-tables.ts'
import type { Works } from '../work/works.ts'

export type HandOverNeeds = {
  database: Database
  tables: Pick<MailTables, 'requests' | 'entries' | 'requestChanges'> & { handOver: HandOverTable; history: HistoryTable }
  messages: StoredMessages
  safeHtml: MakeSafe
  attachmentBytes: (raw: Buffer, place: PartPlace) => Buffer
  settings: () => Promise<Settings>
  credentials: CredentialStore
  helpDesk: HelpDesk
  /** Retry-After in milliseconds from `now`; null where it is missing or unreadable. */
  retryAfterMs: (header: string | null, now: number) => number | null
  clock: Clock
  /** A number from 0 to 1. */
  chance: () => number
  /** Never twice the same, without full stops. */
  newId: () => string
  bell: Pick<Bell, 'ring'>
  works: Works
  announce: EventListener
  /** Returns the function that ends the subscription. */
  subscribe: (listener: EventListener) => () => void
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
  /** Logs a bug in full and returns the problem that stands for it. */
  reportUnexpected: (thrown: unknown, during: string) => Problem
}

const prefix = 'hand-over/'
/** The account of a target's signing secret or key. */
export const accountOfTarget = (name: string): string => `${prefix}${name}`
/** Whose secret an account holds; null for accounts of other things. */
export const targetOfAccount = (account: string): string | null => (account.startsWith(prefix) ? account.slice(prefix.length) : null)
