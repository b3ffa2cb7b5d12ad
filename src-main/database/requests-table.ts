import type { RequestRow } from '#contract/request.ts'
import type { RequestValues } from '#contract/request-values.ts'
import type { KnownRequest } from '../requests/decide.ts'
import { createConditions, likePattern, type Conditions } from './conditions.ts'
import type { Queryable, Row, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

export type RequestFilter = { limit: number; before: number | null; query: string; server: string | null }

const columns = 'number, subject, status, requester, partition_name AS "partition", server, message_id AS "messageId", created_at AS "createdAt", replies, attachments, details'
type RequestSqlRow = Omit<RequestRow, 'values'> & { details: string | null } & Row

/** The requests, a row each; what was written is in the entries. */
export const requestsTable = {
  async add(transaction: Transaction, requests: readonly RequestRow[]): Promise<void> {
    const rows = requests.map((one) => [one.number, one.subject, one.status, one.requester, one.partition, one.server, one.messageId, one.createdAt, one.replies, one.attachments, detailsOf(one.values), searchText(one)])
    await insertRows(transaction, 'requests', ['number', 'subject', 'status', 'requester', 'partition_name', 'server', 'message_id', 'created_at', 'replies', 'attachments', 'details', 'search'], rows)
  },

  /** Counts replies (and their attachments) that were added to a request. */
  async addReplies(transaction: Transaction, number: number, replies: number, attachments: number): Promise<void> {
    await transaction.run('UPDATE requests SET replies = replies + ?, attachments = attachments + ? WHERE number = ?', [replies, attachments, number])
  },

  /** Returns whether there is such a request. */
  async setStatus(transaction: Transaction, number: number, status: RequestRow['status']): Promise<boolean> {
    return (await transaction.run('UPDATE requests SET status = ? WHERE number = ?', [status, number])).changes > 0
  },

  /** Returns whether there is such a request. */
  async change(transaction: Transaction, number: number, { values, status, requester }: Pick<RequestRow, 'values' | 'status' | 'requester'>): Promise<boolean> {
    const [row] = await transaction.all<{ subject: string }>('SELECT subject FROM requests WHERE number = ?', [number])
    if (row === undefined) return false
    await transaction.run('UPDATE requests SET details = ?, status = ?, requester = ?, search = ? WHERE number = ?', [detailsOf(values), status, requester, searchText({ subject: row.subject, requester }), number])
    return true
  },

  async get(queryable: Queryable, number: number): Promise<RequestRow | null> {
    const [row] = await queryable.all<RequestSqlRow>(`SELECT ${columns} FROM requests WHERE number = ?`, [number])
    return row === undefined ? null : asRequest(row)
  },

  /** Those of the given numbers that exist, as far as a decision may have to know them. */
  async known(queryable: Queryable, numbers: readonly number[]): Promise<Map<number, KnownRequest>> {
    const found = new Map<number, KnownRequest>()
    for (const some of portions(numbers)) {
      const rows = await queryable.all<Omit<KnownRequest, 'values'> & { details: string | null } & Row>(`SELECT number, subject, status, partition_name AS "partition", requester, created_at AS "createdAt", details FROM requests WHERE number IN ${placeholders(some.length)}`, some)
      for (const { details, ...row } of rows) found.set(row.number, { ...row, values: valuesOf(details) })
    }
    return found
  },

  /** Newest first, those with a number below `before`; `query` is looked for in subject, requester and number. */
  async page(queryable: Queryable, filter: RequestFilter): Promise<RequestRow[]> {
    const where = conditions(filter)
    if (filter.before !== null) where.add('number < ?', filter.before)
    return (await queryable.all<RequestSqlRow>(`SELECT ${columns} FROM requests ${where.text()} ORDER BY number DESC LIMIT ?`, [...where.values, filter.limit])).map(asRequest)
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

function conditions(filter: Pick<RequestFilter, 'query' | 'server'>): Conditions {
  const where = createConditions()
  if (filter.server !== null) where.add('server = ?', filter.server)
  const query = filter.query.trim()
  const number = /^\D{0,20}?(\d{1,9})\D{0,10}$/.exec(query)?.[1]
  const like = likePattern(query.toLowerCase())
  if (query !== '' && number !== undefined) where.add(`(number = ? OR search LIKE ? ESCAPE '!')`, Number(number), like)
  else if (query !== '') where.add(`search LIKE ? ESCAPE '!'`, like)
  return where
}

// What is searched lies in one column in lower case: LIKE tells cases apart, here and in PostgreSQL, and is twice as fast for it.
const searchText = ({ subject, requester }: Pick<RequestRow, 'subject' | 'requester'>): string => `${subject}\n${requester}`.toLowerCase()

const asRequest = ({ details, ...row }: RequestSqlRow): RequestRow => ({ ...row, values: valuesOf(details) })
const detailsOf = (values: RequestValues): string | null => (Object.keys(values).length === 0 ? null : JSON.stringify(values))
const valuesOf = (details: string | null): RequestValues => (details === null ? {} : (JSON.parse(details) as RequestValues))
