import type { Queryable, Transaction } from './database.ts'

/** A mailbox that was told to be silent, since when its last mail came (ISO 8601). */
export type Silence = { server: number; since: string }

/** Which silences people know of, so that each is told once, whatever restarts lie between. */
export const silencesTable = {
  all: (queryable: Queryable): Promise<Silence[]> => queryable.all<Silence>('SELECT server, since FROM silences'),

  async put(transaction: Transaction, { server, since }: Silence): Promise<void> {
    await transaction.run('INSERT INTO silences (server, since) VALUES (?, ?) ON CONFLICT (server) DO UPDATE SET since = excluded.since', [server, since])
  },

  async forget(transaction: Transaction, server: number): Promise<void> {
    await transaction.run('DELETE FROM silences WHERE server = ?', [server])
  }
}
