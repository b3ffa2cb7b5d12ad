import { ProblemError } from '#contract/problem.ts'
import type { ContentPlace, ContentStore } from '../content/content-store.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'

export type StoredMessagesNeeds = { database: Database; tables: Pick<MailTables, 'contents'>; content: Pick<ContentStore, 'read'>; parse: (raw: Buffer) => ParsedMessage }
/** Raw messages by their address, and parsed anew where they are looked at: no body is kept in the database. */
export type StoredMessages = {
  /** Throws ProblemError `data-folder-damaged`. */
  raw(address: string): Promise<Buffer>
  parsed(address: string): Promise<{ raw: Buffer; parsed: ParsedMessage }>
}

export function createStoredMessages({ database, tables, content, parse }: StoredMessagesNeeds): StoredMessages {
  const raw = async (address: string): Promise<Buffer> => {
    const place = await placeOf(address)
    try {
      return await content.read(address, place)
    } catch (thrown) {
      // Files are written anew while others read: what is not there any more may have moved.
      const now = await placeOf(address)
      if (now.pack === place.pack && now.offset === place.offset) throw thrown
      return content.read(address, now)
    }
  }
  const placeOf = async (address: string): Promise<ContentPlace> => {
    const place = await tables.contents.placeOf(database, address)
    if (place === null) throw new ProblemError({ code: 'data-folder-damaged', file: 'content', reason: 'A stored message is not listed in the database.' })
    return place
  }
  return {
    raw,
    async parsed(address) {
      const bytes = await raw(address)
      return { raw: bytes, parsed: parse(bytes) }
    }
  }
}
