import type { Problem } from '#contract/problem.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/** A mail that waits to be sent. `content` is its text; `partition` says through which server; times are ISO 8601; `problem` is that of the last try. */
export type StoredMail = {
  id: number
  partition: string
  to: string
  subject: string
  content: string
  inReplyTo: string | null
  messageId: string
  request: number | null
  createdAt: string
  tries: number
  nextAt: string
  problem: Problem | null
  /** A notification of the console itself; left out: an answer to somebody. */
  notice?: boolean
}

const columns = 'id, partition_name AS "partition", recipient AS "to", subject, content, in_reply_to AS "inReplyTo", message_id AS "messageId", request, created_at AS "createdAt", tries, next_at AS "nextAt", problem, notice'
type MailSqlRow = Omit<StoredMail, 'problem' | 'notice'> & { problem: string | null; notice: number } & Row

/** Mail that goes out by itself, until it is sent. */
export const outboxTable = {
  async add(transaction: Transaction, mails: readonly Omit<StoredMail, 'id'>[]): Promise<void> {
    const rows = mails.map((one): SqlValue[] => [one.partition, one.to, one.subject, one.content, one.inReplyTo, one.messageId, one.request, one.createdAt, one.tries, one.nextAt, problemText(one.problem), one.notice === true ? 1 : 0])
    await insertRows(transaction, 'outbox', ['partition_name', 'recipient', 'subject', 'content', 'in_reply_to', 'message_id', 'request', 'created_at', 'tries', 'next_at', 'problem', 'notice'], rows)
  },

  /** Mail whose time has come, oldest first. */
  async due(queryable: Queryable, now: string, limit: number): Promise<StoredMail[]> {
    return (await queryable.all<MailSqlRow>(`SELECT ${columns} FROM outbox WHERE next_at <= ? ORDER BY id LIMIT ?`, [now, limit])).map(asMail)
  },

  /** All that waits, oldest first. */
  async list(queryable: Queryable, limit: number): Promise<StoredMail[]> {
    return (await queryable.all<MailSqlRow>(`SELECT ${columns} FROM outbox ORDER BY id LIMIT ?`, [limit])).map(asMail)
  },

  /** Since when the oldest waits, ISO 8601, and how many do; null: nothing waits. */
  async waiting(queryable: Queryable): Promise<{ since: string; count: number } | null> {
    const [row] = await queryable.all<{ since: string | null; count: number }>('SELECT MIN(created_at) AS since, COUNT(*) AS count FROM outbox')
    return row === undefined || row.since === null ? null : { since: row.since, count: row.count }
  },

  /** Whether a notification of the console could not be sent yet. */
  async hasStuckNotice(queryable: Queryable): Promise<boolean> {
    return (await queryable.all('SELECT id FROM outbox WHERE notice = 1 AND tries > 0 LIMIT 1')).length > 0
  },

  async retryLater(transaction: Transaction, id: number, tries: number, nextAt: string, problem: Problem): Promise<void> {
    await transaction.run('UPDATE outbox SET tries = ?, next_at = ?, problem = ? WHERE id = ?', [tries, nextAt, problemText(problem), id])
  },

  /** Nothing waits for a later time any more. */
  async retryAllNow(transaction: Transaction, now: string): Promise<void> {
    await transaction.run('UPDATE outbox SET next_at = ? WHERE next_at > ?', [now, now])
  },

  async delete(transaction: Transaction, ids: readonly number[]): Promise<void> {
    for (const some of portions(ids)) await transaction.run(`DELETE FROM outbox WHERE id IN ${placeholders(some.length)}`, some)
  }
}

const problemText = (problem: Problem | null): string | null => (problem === null ? null : JSON.stringify(problem))
const asMail = (row: MailSqlRow): StoredMail => ({ ...row, problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem), notice: row.notice === 1 })
