import type { Queryable, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'
import { messageKey } from './message-key.ts'

/** Machines may give all of their mail one Message-ID. */
const mostRequests = 20

/** Message-IDs that are known to belong to a request. */
export const threadsTable = {
  async add(transaction: Transaction, threads: readonly { messageId: string; request: number }[]): Promise<void> {
    await insertRows(transaction, 'threads', ['message_key', 'request'], threads.map((one) => [messageKey(one.messageId), one.request]), 'ON CONFLICT (message_key, request) DO NOTHING')
  },

  /** The requests of each Message-ID that is known, the oldest first: one mail can have come to several partitions, or its id may be used again. */
  async requestsOf(queryable: Queryable, messageIds: readonly string[]): Promise<Map<string, number[]>> {
    const found = new Map<string, number[]>()
    const byKey = new Map(messageIds.map((messageId) => [messageKey(messageId), messageId]))
    for (const some of portions([...byKey.keys()])) {
      const rows = await queryable.all<{ key: string; request: number }>(
        `SELECT "key", request FROM (SELECT message_key AS "key", request, ROW_NUMBER() OVER (PARTITION BY message_key ORDER BY request) AS place FROM threads WHERE message_key IN ${placeholders(some.length)}) numbered WHERE place <= ? ORDER BY request`, [...some, mostRequests])
      for (const { key, request } of rows) {
        const messageId = byKey.get(key) ?? ''
        found.set(messageId, [...(found.get(messageId) ?? []), request])
      }
    }
    return found
  }
}
