import type { RequestRow } from '#contract/request.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

export type RequestFilter = { limit: number; before: number | null; query: string; server: string | null }

const columns = 'number, subject, status, requester, server, message_id AS "messageId", created_at AS "createdAt", replies, attachments'
type RequestSqlRow = RequestRow & Row

/** The requests, a row each; what was written is in the entries. */
export const requestsTable = {
  async add(transaction: Transaction, requests: readonly RequestRow[]): Promise<void> {
    const rows = requests.map((one) => [one.number, one.subject, one.status, one.requester, one.server, one.messageId, one.createdAt, one.replies, one.attachments, searchText(one)])
    await insertRows(transaction, 'requests', ['number', 'subject', 'status', 'requester', 'server', 'message_id', 'created_at', 'replies', 'attachments', 'search'], rows)
  },

  /** Counts replies (and their attachments) that were added to a request. */
  async addReplies(transaction: Transaction, number: number, replies: number, attachments: number): Promise<void> {
    await transaction.run('UPDATE requests SET replies = replies + ?, attachments = attachments + ? WHERE number = ?', [replies, attachments, number])
  },

  /** Returns whether there is such a request. */
  async setStatus(transaction: Transaction, number: number, status: RequestRow['status']): Promise<boolean> {
    return (await transaction.run('UPDATE requests SET status = ? WHERE number = ?', [status, number])).changes > 0
  },

  async get(queryable: Queryable, number: number): Promise<RequestRow | null> {
    const [row] = await queryable.all<RequestSqlRow>(`SELECT ${columns} FROM requests WHERE number = ?`, [number])
    return row ?? null
  },

  /** Status of those of the given numbers that exist. */
  async statusOf(queryable: Queryable, numbers: readonly number[]): Promise<Map<number, RequestRow['status']>> {
    const found = new Map<number, RequestRow['status']>()
    for (const some of portions(numbers)) {
      const rows = await queryable.all<{ number: number; status: RequestRow['status'] }>(`SELECT number, status FROM requests WHERE number IN ${placeholders(some.length)}`, some)
      for (const row of rows) found.set(row.number, row.status)
    }
    return found
  },

  /** Newest first, those with a number below `before`; `query` is looked for in subject, requester and number. */
  async page(queryable: Queryable, filter: RequestFilter): Promise<RequestRow[]> {
    const where = conditions(filter)
    if (filter.before !== null) where.add('number < ?', filter.before)
    return queryable.all<RequestSqlRow>(`SELECT ${columns} FROM requests ${where.text()} ORDER BY number DESC LIMIT ?`, [...where.values, filter.limit])
  },

  async count(queryable: Queryable, filter: Pick<RequestFilter, 'query' | 'server'>): Promise<number> {
    const where = conditions(filter)
    const [row] = await queryable.all<{ total: number }>(`SELECT COUNT(*) AS total FROM requests ${where.text()}`, where.values)
    return row?.total ?? 0
  },

  /** 0 when there is none. */
  async newest(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ newest: number | null }>('SELECT MAX(number) AS newest FROM requests')
    return row?.newest ?? 0
  }
}

function conditions(filter: Pick<RequestFilter, 'query' | 'server'>) {
  const parts: string[] = []
  const values: SqlValue[] = []
  const add = (condition: string, ...more: SqlValue[]): void => {
    parts.push(condition)
    values.push(...more)
  }
  if (filter.server !== null) add('server = ?', filter.server)
  const query = filter.query.trim()
  const number = /^\D{0,20}?(\d{1,9})\D{0,10}$/.exec(query)?.[1]
  const like = likePattern(query.toLowerCase())
  if (query !== '' && number !== undefined) add(`(number = ? OR search LIKE ? ESCAPE '!')`, Number(number), like)
  else if (query !== '') add(`search LIKE ? ESCAPE '!'`, like)
  return { add, values, text: () => (parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`) }
}

// What is searched lies in one column in lower case: LIKE tells cases apart, here and in PostgreSQL, and is twice as fast for it.
const searchText = ({ subject, requester }: RequestRow): string => `${subject}\n${requester}`.toLowerCase()

/** A LIKE pattern for "contains this text", with `!` as the escape character. */
export const likePattern = (text: string): string => `%${text.replace(/[!%_]/g, '!$&')}%`
