import type { Database } from '../database/database.ts'
import type { StoredEntry } from '../database/entries-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import type { StoredMessages } from './stored-messages.ts'

/** What is read in the place of a text that is gone. */
export const textRemoved = (at: string): string => `The text was removed on ${at.slice(0, 10)} by the retention period.`

export type ReadEntryNeeds = { database: Database; tables: Pick<MailTables, 'entries'>; messages: Pick<StoredMessages, 'parsed'> }
/** An entry with its message; null where retention took the text. Other parts that it took are named and lie nowhere. Throws ProblemError `data-folder-damaged`. */
export async function readEntry(needs: ReadEntryNeeds, entry: StoredEntry): Promise<{ entry: StoredEntry; message: { raw: Buffer; parsed: ParsedMessage } | null }> {
  if (entry.removed?.what === 'text') return { entry, message: null }
  try {
    return { entry, message: withRemains(await needs.messages.parsed(entry.content), entry) }
  } catch (thrown) {
    // Retention may have put another message in its place meanwhile.
    const now = await needs.tables.entries.get(needs.database, entry.id)
    if (now === null || now.content === entry.content) throw thrown
    return readEntry(needs, now)
  }
}

function withRemains(read: { raw: Buffer; parsed: ParsedMessage }, { removed }: Pick<StoredEntry, 'removed'>): { raw: Buffer; parsed: ParsedMessage } {
  if (!removed?.remains) return read
  return { raw: read.raw, parsed: { ...read.parsed, content: { ...read.parsed.content, ...removed.remains }, places: [] } }
}
