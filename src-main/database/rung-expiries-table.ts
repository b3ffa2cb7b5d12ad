import type { Queryable, Transaction } from './database.ts'

/** A warning that was given: of what, when that ends (ISO 8601), and how many days ahead, 0 when it was over. */
export type RungExpiry = { subject: string; ends: string; days: number }

/** Which ends people were warned of, so that a restart does not warn again. */
export const rungExpiriesTable = {
  all: (queryable: Queryable): Promise<RungExpiry[]> => queryable.all<RungExpiry>('SELECT subject, ends, days FROM rung_expiries'),

  async put(transaction: Transaction, { subject, ends, days }: RungExpiry): Promise<void> {
    await transaction.run('INSERT INTO rung_expiries (subject, ends, days) VALUES (?, ?, ?) ON CONFLICT (subject) DO UPDATE SET ends = excluded.ends, days = excluded.days', [subject, ends, days])
  },

  async forget(transaction: Transaction, subject: string): Promise<void> {
    await transaction.run('DELETE FROM rung_expiries WHERE subject = ?', [subject])
  }
}
