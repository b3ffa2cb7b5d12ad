import type { Queryable, Transaction } from './database.ts'

/** How far the move to native mail is: the address that a test mail arrived at (null: none yet), and whether the move was finished. */
export type NativeMailProgress = { testedAddress: string | null; finished: boolean }

export const nativeMailTable = {
  async get(queryable: Queryable): Promise<NativeMailProgress> {
    const [row] = await queryable.all<{ tested_address: string | null; is_finished: number }>('SELECT tested_address, is_finished FROM native_mail WHERE id = 1')
    return { testedAddress: row?.tested_address ?? null, finished: row?.is_finished === 1 }
  },

  async put(transaction: Transaction, { testedAddress, finished }: NativeMailProgress): Promise<void> {
    await transaction.run('INSERT INTO native_mail (id, tested_address, is_finished) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET tested_address = excluded.tested_address, is_finished = excluded.is_finished', [testedAddress, finished ? 1 : 0])
  }
}
export type NativeMailTable = typeof nativeMailTable
