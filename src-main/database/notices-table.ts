import type { Notice, NoticeKind } from '#contract/notice.ts'
import type { Problem } from '#contract/problem.ts'
import type { Queryable, Row, Transaction } from './database.ts'
import { placeholders, portions } from './insert-rows.ts'

type NoticeSqlRow = Omit<Notice, 'problem' | 'read'> & { problem: string | null; read: number } & Row
const columns = 'id, at, COALESCE(first_at, at) AS "firstAt", repeats, kind, server, text, problem, read'

/** The bell's entries. */
export const noticesTable = {
  async add(transaction: Transaction, notice: Omit<Notice, 'id'>): Promise<Notice> {
    const { at, firstAt, repeats, kind, server, text, problem, read } = notice
    const { lastId } = await transaction.run('INSERT INTO notices (at, first_at, repeats, kind, server, text, problem, read) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [at, firstAt, repeats, kind, server, text, problemText(problem), read ? 1 : 0])
    return { ...notice, id: lastId }
  },

  /** The newest unread entry of this kind at this server; with `text`, the one that says just this. */
  async unreadOf(queryable: Queryable, { kind, server }: { kind: NoticeKind; server: string }, text: string | null): Promise<Notice | null> {
    const rows = await queryable.all<NoticeSqlRow>(`SELECT ${columns} FROM notices WHERE read = 0 AND kind = ? AND server = ?${text === null ? '' : ' AND text = ?'} ORDER BY id DESC LIMIT 1`, [kind, server, ...(text === null ? [] : [text])])
    return rows.map(asNotice)[0] ?? null
  },

  async repeat(transaction: Transaction, { id, at, repeats, text, problem }: Notice): Promise<void> {
    await transaction.run('UPDATE notices SET at = ?, repeats = ?, text = ?, problem = ? WHERE id = ?', [at, repeats, text, problemText(problem), id])
  },

  /** Newest first. */
  async newest(queryable: Queryable, limit: number): Promise<Notice[]> {
    return (await queryable.all<NoticeSqlRow>(`SELECT ${columns} FROM notices ORDER BY at DESC, id DESC LIMIT ?`, [limit])).map(asNotice)
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

const problemText = (problem: Problem | null): string | null => (problem === null ? null : JSON.stringify(problem))
const asNotice = (row: NoticeSqlRow): Notice => ({ ...row, problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem), read: row.read === 1 })
