import type { Notice } from '#contract/notice.ts'
import type { Problem } from '#contract/problem.ts'
import type { Queryable, Row, Transaction } from './database.ts'
import { placeholders, portions } from './insert-rows.ts'

type NoticeSqlRow = Omit<Notice, 'problem' | 'read'> & { problem: string | null; read: number } & Row

/** The bell's entries. */
export const noticesTable = {
  async add(transaction: Transaction, notice: Omit<Notice, 'id'>): Promise<Notice> {
    const problem = notice.problem === null ? null : JSON.stringify(notice.problem)
    const { lastId } = await transaction.run('INSERT INTO notices (at, kind, server, text, problem, read) VALUES (?, ?, ?, ?, ?, ?)', [notice.at, notice.kind, notice.server, notice.text, problem, notice.read ? 1 : 0])
    return { ...notice, id: lastId }
  },

  /** Newest first. */
  async newest(queryable: Queryable, limit: number): Promise<Notice[]> {
    const rows = await queryable.all<NoticeSqlRow>('SELECT id, at, kind, server, text, problem, read FROM notices ORDER BY id DESC LIMIT ?', [limit])
    return rows.map((row) => ({ ...row, problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem), read: row.read === 1 }))
  },

  async unread(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ unread: number }>('SELECT COUNT(*) AS unread FROM notices WHERE read = 0')
    return row?.unread ?? 0
  },

  /** All of them for null. */
  async setRead(transaction: Transaction, ids: readonly number[] | null): Promise<void> {
    if (ids === null) await transaction.run('UPDATE notices SET read = 1 WHERE read = 0')
    else for (const some of portions(ids)) await transaction.run(`UPDATE notices SET read = 1 WHERE id IN ${placeholders(some.length)}`, some)
  },

  /** Keeps the newest so many. */
  async trim(transaction: Transaction, keep: number): Promise<void> {
    await transaction.run('DELETE FROM notices WHERE id <= (SELECT MAX(id) FROM notices) - ?', [keep])
  }
}
