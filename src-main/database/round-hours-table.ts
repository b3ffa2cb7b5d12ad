import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** Rounds of a server that ended in an hour, and how many of them failed. */
export type RoundHour = { hour: string; server: number; rounds: number; failed: number }

/** How often mail was looked for. */
export const roundHoursTable = {
  /** Adds rounds to those of their hour. */
  async add(transaction: Transaction, rows: readonly RoundHour[]): Promise<void> {
    const values = rows.map(({ hour, server, rounds, failed }): SqlValue[] => [hour, server, rounds, failed])
    await insertRows(transaction, 'round_hours', ['hour', 'server', 'rounds', 'failed'], values, 'ON CONFLICT (hour, server) DO UPDATE SET rounds = round_hours.rounds + excluded.rounds, failed = round_hours.failed + excluded.failed')
  },

  /** From an hour on; of one server, or of all for null. */
  async since(queryable: Queryable, hour: string, server: number | null): Promise<RoundHour[]> {
    const columns = 'SELECT hour, server, rounds, failed FROM round_hours WHERE hour >= ?'
    return server === null ? queryable.all<RoundHour & Row>(columns, [hour]) : queryable.all<RoundHour & Row>(`${columns} AND server = ?`, [hour, server])
  },

  async forgetBefore(transaction: Transaction, hour: string): Promise<void> {
    await transaction.run('DELETE FROM round_hours WHERE hour < ?', [hour])
  }
}
