import type { Queryable, Row, Transaction } from './database.ts'

/** When mail last came from each server, ISO 8601. */
export const lastMailsTable = {
  async put(transaction: Transaction, server: number, at: string): Promise<void> {
    await transaction.run('INSERT INTO last_mails (server, at) VALUES (?, ?) ON CONFLICT (server) DO UPDATE SET at = excluded.at', [server, at])
  },

  async all(queryable: Queryable): Promise<Map<number, string>> {
    const rows = await queryable.all<{ server: number; at: string } & Row>('SELECT server, at FROM last_mails')
    return new Map(rows.map(({ server, at }) => [server, at]))
  }
}
