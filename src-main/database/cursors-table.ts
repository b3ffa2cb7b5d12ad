import type { Queryable, Transaction } from './database.ts'

/** Where the mailbox of each incoming server left off: a delta link, a SyncState. One is kept for each server, and for one place only. */
export const cursorsTable = {
  /** null where none is kept for this place. */
  async read(queryable: Queryable, server: number, place: string): Promise<string | null> {
    const [row] = await queryable.all<{ value: string }>('SELECT value FROM cursors WHERE server = ? AND place = ?', [server, place])
    return row?.value ?? null
  },

  async write(transaction: Transaction, server: number, place: string, value: string): Promise<void> {
    await transaction.run('INSERT INTO cursors (server, place, value) VALUES (?, ?, ?) ON CONFLICT (server) DO UPDATE SET place = excluded.place, value = excluded.value', [server, place, value])
  },

  /** The next round lists the whole folder. */
  async forget(transaction: Transaction, server: number): Promise<void> {
    await transaction.run('DELETE FROM cursors WHERE server = ?', [server])
  }
}
