import { createHash } from 'node:crypto'
import type { Queryable, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/** Message-IDs that are known to belong to a request. */
export const threadsTable = {
  async add(transaction: Transaction, threads: readonly { messageId: string; request: number }[]): Promise<void> {
    await insertRows(transaction, 'threads', ['message_key', 'request'], threads.map((one) => [threadKey(one.messageId), one.request]), 'ON CONFLICT (message_key, request) DO NOTHING')
  },

  /** The newest request of each Message-ID that is known. */
  async requestsOf(queryable: Queryable, messageIds: readonly string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    const byKey = new Map(messageIds.map((messageId) => [threadKey(messageId), messageId]))
    for (const some of portions([...byKey.keys()])) {
      const rows = await queryable.all<{ key: string; request: number }>(
        `SELECT message_key AS "key", MAX(request) AS request FROM threads WHERE message_key IN ${placeholders(some.length)} GROUP BY message_key`, some)
      for (const row of rows) found.set(byKey.get(row.key) ?? '', row.request)
    }
    return found
  }
}

// A Message-ID is long and would be kept twice, in the row and in the index; 120 bits of its hash tell any number apart.
const threadKey = (messageId: string): string => createHash('sha256').update(messageId).digest().subarray(0, 15).toString('base64url')
