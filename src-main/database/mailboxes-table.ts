import type { Queryable, Transaction } from './database.ts'

/** Which mailbox was seen on a server the last time; a change means that its message ids start anew (RFC 9051 2.3.1.1). */
export const mailboxesTable = {
  async identityOf(queryable: Queryable, server: number): Promise<string | null> {
    const [row] = await queryable.all<{ identity: string }>('SELECT identity FROM mailboxes WHERE server = ?', [server])
    return row?.identity ?? null
  },

  async setIdentity(transaction: Transaction, server: number, identity: string): Promise<void> {
    await transaction.run('INSERT INTO mailboxes (server, identity) VALUES (?, ?) ON CONFLICT (server) DO UPDATE SET identity = excluded.identity', [server, identity])
  },

  /** Lets the next round accept whatever mailbox it finds. */
  async forget(transaction: Transaction, server: number): Promise<void> {
    await transaction.run('DELETE FROM mailboxes WHERE server = ?', [server])
  }
}
