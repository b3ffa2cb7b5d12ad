import type { Queryable, Transaction } from './database.ts'

/** When the next notification mail about a subject may go (ISO 8601), and the JSON of what is held back until then; null: nothing. */
export type NoticeMailRow = { subject: string; nextAt: string; held: string | null }
const columns = 'subject, next_at AS "nextAt", held'

/** What notification mails have said and what they still have to say; it outlives a restart. */
export const noticeMailsTable = {
  async find(queryable: Queryable, subject: string): Promise<NoticeMailRow | null> {
    const [row] = await queryable.all<NoticeMailRow>(`SELECT ${columns} FROM notice_mails WHERE subject = ?`, [subject])
    return row ?? null
  },

  /** Subjects about which a mail may go at this time or before. */
  due: (queryable: Queryable, at: string): Promise<NoticeMailRow[]> => queryable.all<NoticeMailRow>(`SELECT ${columns} FROM notice_mails WHERE next_at <= ? ORDER BY next_at, subject`, [at]),

  /** Subjects that were told, or are held back, until after this time; and the first time at which one of them may be told again. */
  async waiting(queryable: Queryable, now: string): Promise<{ subjects: number; first: string | null }> {
    const [row] = await queryable.all<{ subjects: number; first: string | null }>('SELECT COUNT(*) AS subjects, MIN(next_at) AS first FROM notice_mails WHERE next_at > ?', [now])
    return row ?? { subjects: 0, first: null }
  },

  /** When the next mail about something held back is due; null: nothing is held back. */
  async nextHeld(queryable: Queryable): Promise<string | null> {
    const [row] = await queryable.all<{ at: string | null }>('SELECT MIN(next_at) AS at FROM notice_mails WHERE held IS NOT NULL')
    return row?.at ?? null
  },

  async put(transaction: Transaction, { subject, nextAt, held }: NoticeMailRow): Promise<void> {
    await transaction.run('INSERT INTO notice_mails (subject, next_at, held) VALUES (?, ?, ?) ON CONFLICT (subject) DO UPDATE SET next_at = excluded.next_at, held = excluded.held', [subject, nextAt, held])
  },

  async forget(transaction: Transaction, subject: string): Promise<void> {
    await transaction.run('DELETE FROM notice_mails WHERE subject = ?', [subject])
  }
}
