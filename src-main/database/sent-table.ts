import type { Queryable, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'
import { messageKey } from './message-key.ts'

/** Mail that we sent: to whom, and about which request. */
export type SentMessage = { messageId: string; request: number | null; recipient: string; at: string }

/** Mail that we sent, by its Message-ID. */
export const sentTable = {
  async add(transaction: Transaction, mails: readonly SentMessage[]): Promise<void> {
    await insertRows(transaction, 'sent', ['message_key', 'request', 'recipient', 'at'], mails.map((one) => [messageKey(one.messageId), one.request, one.recipient, one.at]), 'ON CONFLICT (message_key) DO NOTHING')
  },

  /** Those of the given Message-IDs that are ours. */
  async of(queryable: Queryable, messageIds: readonly string[]): Promise<Map<string, Pick<SentMessage, 'request' | 'recipient'>>> {
    const found = new Map<string, Pick<SentMessage, 'request' | 'recipient'>>()
    const byKey = new Map(messageIds.map((messageId) => [messageKey(messageId), messageId]))
    for (const some of portions([...byKey.keys()])) {
      const rows = await queryable.all<{ key: string; request: number | null; recipient: string }>(`SELECT message_key AS "key", request, recipient FROM sent WHERE message_key IN ${placeholders(some.length)}`, some)
      for (const { key, request, recipient } of rows) found.set(byKey.get(key) ?? '', { request, recipient })
    }
    return found
  }
}
