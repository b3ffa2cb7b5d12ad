import type { Queryable, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'
import { messageKey } from './message-key.ts'

/** Message-IDs that are known to belong to a request. */
export const threadsTable = {
  async add(transaction: Transaction, threads: readonly { messageId: string; request: number }[]): Promise<void> {
    await insertRows(transaction, 'threads', ['message_key', 'request'], threads.map((one) => [messageKey(one.messageId), one.request]), 'ON CONFLICT (message_key, request) DO NOTHING')
  },

  /** The newest request of each Message-ID that is known. */
  async requestsOf(queryable: Queryable, messageIds: readonly string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    const byKey = new Map(messageIds.map((messageId) => [messageKey(messageId), messageId]))
    for (const some of portions([...byKey.keys()])) {
      const rows = await queryable.all<{ key: string; request: number }>(
        `SELECT message_key AS "key", MAX(request) AS request FROM threads WHERE message_key IN ${placeholders(some.length)} GROUP BY message_key`, some)
      for (const row of rows) found.set(byKey.get(row.key) ?? '', row.request)
    }
    return found
  }
}
