import type { Queryable, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/** Message-IDs that are known to belong to a request. */
export const threadsTable = {
  async add(transaction: Transaction, threads: readonly { messageId: string; request: number }[]): Promise<void> {
    await insertRows(transaction, 'threads', ['message_id', 'request'], threads.map((one) => [one.messageId, one.request]), 'ON CONFLICT (message_id, request) DO NOTHING')
  },

  /** The newest request of each Message-ID that is known. */
  async requestsOf(queryable: Queryable, messageIds: readonly string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    for (const some of portions(messageIds)) {
      const rows = await queryable.all<{ messageId: string; request: number }>(
        `SELECT message_id AS "messageId", MAX(request) AS request FROM threads WHERE message_id IN ${placeholders(some.length)} GROUP BY message_id`, some)
      for (const row of rows) found.set(row.messageId, row.request)
    }
    return found
  }
}
