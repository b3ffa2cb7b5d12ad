import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** `queue` is `outbox`, `hand-over`, or `errors` and `waiting` with the id of a server behind a space. `at` is ISO 8601. */
export type QueueSample = { at: string; queue: string; length: number }

/** How long the queues were, as looked at from time to time. What is empty has no row, but the outbox has one each time. */
export const queueSamplesTable = {
  async add(transaction: Transaction, samples: readonly QueueSample[]): Promise<void> {
    const rows = samples.map(({ at, queue, length }): SqlValue[] => [at, queue, length])
    await insertRows(transaction, 'queue_samples', ['at', 'queue', 'length'], rows, 'ON CONFLICT (at, queue) DO UPDATE SET length = excluded.length')
  },

  /** In the order of time. */
  async since(queryable: Queryable, at: string): Promise<QueueSample[]> {
    return queryable.all<QueueSample & Row>('SELECT at, queue, length FROM queue_samples WHERE at >= ? ORDER BY at', [at])
  },

  async forgetBefore(transaction: Transaction, at: string): Promise<void> {
    await transaction.run('DELETE FROM queue_samples WHERE at < ?', [at])
  }
}
