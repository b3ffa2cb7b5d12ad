import type { ContentAddress, ContentPlace, StoredContent } from '../content/content-store.ts'
import type { Queryable, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** Where each stored raw message lies; a content is reachable only through its row here. */
export const contentsTable = {
  /** Adds contents; one that is already there keeps its place. */
  async add(transaction: Transaction, contents: readonly StoredContent[]): Promise<void> {
    const rows = contents.map(({ address, place, size }) => [address, place.pack, place.offset, place.length, size])
    await insertRows(transaction, 'contents', ['address', 'pack', '"offset"', 'length', 'size'], rows, 'ON CONFLICT (address) DO NOTHING')
  },

  /** null when the content is not known. */
  async placeOf(queryable: Queryable, address: ContentAddress): Promise<ContentPlace | null> {
    const [row] = await queryable.all<ContentPlace>('SELECT pack, "offset", length FROM contents WHERE address = ?', [address])
    return row ?? null
  }
}
