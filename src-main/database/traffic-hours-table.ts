import type { Outcome } from '#contract/message.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** Messages of a server in an hour (YYYY-MM-DDTHH in UTC) by outcome. */
export type TrafficHour = { hour: string; server: number; outcome: Outcome; messages: number }

/** How much mail came when and what became of it. */
export const trafficHoursTable = {
  /** Adds messages to those of their hour. */
  async add(transaction: Transaction, rows: readonly TrafficHour[]): Promise<void> {
    const values = rows.map(({ hour, server, outcome, messages }): SqlValue[] => [hour, server, outcome, messages])
    await insertRows(transaction, 'traffic_hours', ['hour', 'server', 'outcome', 'messages'], values, 'ON CONFLICT (hour, server, outcome) DO UPDATE SET messages = traffic_hours.messages + excluded.messages')
  },

  /** From an hour on; of one server, or of all for null. */
  async since(queryable: Queryable, hour: string, server: number | null): Promise<TrafficHour[]> {
    const columns = 'SELECT hour, server, outcome, messages FROM traffic_hours WHERE hour >= ?'
    return server === null ? queryable.all<TrafficHour & Row>(columns, [hour]) : queryable.all<TrafficHour & Row>(`${columns} AND server = ?`, [hour, server])
  },

  async forgetBefore(transaction: Transaction, hour: string): Promise<void> {
    await transaction.run('DELETE FROM traffic_hours WHERE hour < ?', [hour])
  }
}
