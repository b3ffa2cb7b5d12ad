import type { Settings } from '#contract/settings.ts'
import type { Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { CommitNeeds, DecidedMessage, Origin } from './message-fate.ts'

/** `records` names the error record of each message that failed; `at` is when all of it was decided, ISO 8601. */
export type WriteNeeds = Pick<CommitNeeds, 'newId' | 'handOver'> & {
  transaction: Transaction
  tables: MailTables
  origin: Origin
  /** Name of the partition of new requests. */
  partition: string
  settings: Settings
  at: string
  records: ReadonlyMap<DecidedMessage, string>
}

/** Whether the message is kept with a request. */
export const belongsToRequest = ({ outcome, request }: DecidedMessage): boolean => request !== null && (outcome === 'request' || outcome === 'reply' || outcome === 'command')

const mostText = 1000
/** Text for a column: bounded, without the NUL that PostgreSQL refuses. */
export const columnText = (text: string): string => text.slice(0, mostText).replaceAll('\0', '')
/** A Message-ID too long to be one (RFC 5322 2.1.1) is none. */
export const columnId = (messageId: string | null): string | null => (messageId === null || messageId.length > mostText ? null : columnText(messageId))
