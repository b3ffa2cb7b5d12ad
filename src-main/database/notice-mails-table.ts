import type { Queryable, Transaction } from './database.ts'

/** When a notification mail last told of a subject (ISO 8601), and the JSON of what is held back since; null: nothing. */
export type NoticeMailRow = { subject: string; toldAt: string; held: string | null }
const columns = 'subject, told_at AS "toldAt", held'

/** What notification mails have said and what they still have to say; it outlives a restart. */
export const noticeMailsTable = {
  /** In the order in which they were told. */
  all: (queryable: Queryable): Promise<NoticeMailRow[]> => queryable.all<NoticeMailRow>(`SELECT ${columns} FROM notice_mails ORDER BY told_at, subject`),

  /** When the first of those about which something is held back was told; null: nothing is held back. */
  async firstHeld(queryable: Queryable): Promise<string | null> {
    const [row] = await queryable.all<{ at: string | null }>('SELECT MIN(told_at) AS at FROM notice_mails WHERE held IS NOT NULL')
    return row?.at ?? null
  },

  async put(transaction: Transaction, { subject, toldAt, held }: NoticeMailRow): Promise<void> {
    await transaction.run('INSERT INTO notice_mails (subject, told_at, held) VALUES (?, ?, ?) ON CONFLICT (subject) DO UPDATE SET told_at = excluded.told_at, held = excluded.held', [subject, toldAt, held])
  },

  async forget(transaction: Transaction, subject: string): Promise<void> {
    await transaction.run('DELETE FROM notice_mails WHERE subject = ?', [subject])
  }
}
