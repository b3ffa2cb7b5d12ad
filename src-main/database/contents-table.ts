import { ProblemError } from '#contract/problem.ts'
import type { ContentAddress, ContentPlace, StoredContent } from '../content/content-store.ts'
import type { Queryable, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** Where each stored raw message lies; a content is reachable only through its row here. */
export const contentsTable = {
  /** Adds contents; one that is already there keeps its place. Throws ProblemError `content-gone` for a pack that was cleared up meanwhile: the message is to be taken anew. */
  async add(transaction: Transaction, contents: readonly StoredContent[]): Promise<void> {
    const [gone] = await lostIn(transaction, contents)
    if (gone !== undefined) throw new ProblemError({ code: 'content-gone', pack: gone })
    const rows = contents.map(({ address, place, size }) => [address, place.pack, place.offset, place.length, size])
    await insertRows(transaction, 'contents', ['address', 'pack', '"offset"', 'length', 'size'], rows, 'ON CONFLICT (address) DO NOTHING')
  },

  /** null when the content is not known. */
  async placeOf(queryable: Queryable, address: ContentAddress): Promise<ContentPlace | null> {
    const [row] = await queryable.all<ContentPlace>('SELECT pack, "offset", length FROM contents WHERE address = ?', [address])
    return row ?? null
  }
}

const lostIn = async (transaction: Transaction, contents: readonly StoredContent[]): Promise<number[]> => {
  const sealed = await transaction.all<{ pack: number }>("SELECT pack FROM retired_packs WHERE at = ''", [])
  return sealed.map(({ pack }) => pack).filter((pack) => contents.some(({ place }) => place.pack === pack))
}
