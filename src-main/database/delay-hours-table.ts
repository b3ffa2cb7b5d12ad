import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** Messages of a server in an hour whose way took at most so many seconds, and more than the class before. */
export type DelayHour = { hour: string; server: number; upToSeconds: number; messages: number }

/** How long mail was on its way. */
export const delayHoursTable = {
  /** Adds messages to those of their hour and class. */
  async add(transaction: Transaction, rows: readonly DelayHour[]): Promise<void> {
    const values = rows.map(({ hour, server, upToSeconds, messages }): SqlValue[] => [hour, server, upToSeconds, messages])
    await insertRows(transaction, 'delay_hours', ['hour', 'server', 'up_to_seconds', 'messages'], values, 'ON CONFLICT (hour, server, up_to_seconds) DO UPDATE SET messages = delay_hours.messages + excluded.messages')
  },

  /** From an hour on; of one server, or of all for null. */
  async since(queryable: Queryable, hour: string, server: number | null): Promise<DelayHour[]> {
    const columns = 'SELECT hour, server, up_to_seconds AS "upToSeconds", messages FROM delay_hours WHERE hour >= ?'
    return server === null ? queryable.all<DelayHour & Row>(columns, [hour]) : queryable.all<DelayHour & Row>(`${columns} AND server = ?`, [hour, server])
  },

  async forgetBefore(transaction: Transaction, hour: string): Promise<void> {
    await transaction.run('DELETE FROM delay_hours WHERE hour < ?', [hour])
  }
}
