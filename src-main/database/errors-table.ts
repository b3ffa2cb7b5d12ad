import type { ErrorCause, ErrorRow } from '#contract/error-record.ts'
import { createConditions, likePattern, type Conditions } from './conditions.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/** `serverId` outlives renaming; `content` is the stored raw message or null; `record` names the encrypted record file. */
export type StoredError = ErrorRow & { serverId: number; uid: string; content: string | null; record: string }
/** `serverId` is null for every server; `since` and `until` are ISO 8601 as `failedAt` is written, both counted in. */
export type ErrorFilter = { serverId: number | null; code: string | null; query: string; where: ErrorRow['where'] | null; since: string | null; until: string | null }

const columns = 'id, server AS "serverId", server_name AS server, uid, subject, sender AS "from", message_id AS "messageId", code, failed_at AS "failedAt", size, place AS "where", request, content, record'
type ErrorSqlRow = StoredError & Row

/** Messages that could not be processed, a row each. */
export const errorsTable = {
  async add(transaction: Transaction, errors: readonly StoredError[]): Promise<void> {
    const rows = errors.map((one): SqlValue[] => [one.id, one.serverId, one.server, one.uid, one.subject, one.from, one.messageId, one.code, one.failedAt, one.size, one.where, one.request, one.content, one.record])
    await insertRows(transaction, 'errors', ['id', 'server', 'server_name', 'uid', 'subject', 'sender', 'message_id', 'code', 'failed_at', 'size', 'place', 'request', 'content', 'record'], rows)
  },

  /** Newest first; `query` is looked for in subject, sender and Message-ID. */
  async page(queryable: Queryable, filter: ErrorFilter, limit: number, before: number | null): Promise<StoredError[]> {
    const where = conditions(filter)
    if (before !== null) where.add('id < ?', before)
    return queryable.all<ErrorSqlRow>(`SELECT ${columns} FROM errors ${where.text()} ORDER BY id DESC LIMIT ?`, [...where.values, limit])
  },

  /** How many rows each cause has, most frequent first; the filter's own `code` plays no part. */
  async causes(queryable: Queryable, filter: ErrorFilter): Promise<ErrorCause[]> {
    const where = conditions({ ...filter, code: null })
    return queryable.all<ErrorCause & Row>(`SELECT code, COUNT(*) AS count FROM errors ${where.text()} GROUP BY code ORDER BY COUNT(*) DESC, code`, where.values)
  },

  async get(queryable: Queryable, id: number): Promise<StoredError | null> {
    return (await this.some(queryable, [id]))[0] ?? null
  },

  /** Those of the given records that exist, oldest first. */
  async some(queryable: Queryable, ids: readonly number[]): Promise<StoredError[]> {
    const found: StoredError[] = []
    for (const portion of portions(ids)) found.push(...(await queryable.all<ErrorSqlRow>(`SELECT ${columns} FROM errors WHERE id IN ${placeholders(portion.length)} ORDER BY id`, portion)))
    return found
  },

  /** All records of a server, oldest first; of every server for null. */
  async all(queryable: Queryable, serverId: number | null): Promise<StoredError[]> {
    return serverId === null
      ? queryable.all<ErrorSqlRow>(`SELECT ${columns} FROM errors ORDER BY id`)
      : queryable.all<ErrorSqlRow>(`SELECT ${columns} FROM errors WHERE server = ? ORDER BY id`, [serverId])
  },

  /** How many messages of the server, or of all for null, wait for somebody: those given back to the inbox, or replayed, no longer count. */
  async countOpen(queryable: Queryable, serverId: number | null): Promise<{ open: number; inErrorFolder: number }> {
    const [row] = await queryable.all<{ open: number; moved: number | null }>(
      `SELECT COUNT(*) AS open, SUM(CASE WHEN place = 'error-folder' THEN 1 ELSE 0 END) AS moved FROM errors WHERE place NOT IN ('inbox', 'replayed')${serverId === null ? '' : ' AND server = ?'}`, serverId === null ? [] : [serverId])
    return { open: row?.open ?? 0, inErrorFolder: row?.moved ?? 0 }
  },

  /** How many messages of each server wait for somebody; servers without any are left out. */
  async openByServer(queryable: Queryable): Promise<Map<number, number>> {
    const rows = await queryable.all<{ server: number; open: number }>(`SELECT server, COUNT(*) AS open FROM errors WHERE place NOT IN ('inbox', 'replayed') GROUP BY server`)
    return new Map(rows.map(({ server, open }) => [server, open]))
  },

  /** The records of messages with these uids that are said to be in the error folder. */
  async ofMessages(queryable: Queryable, serverId: number, uids: readonly string[]): Promise<number[]> {
    const found: number[] = []
    for (const some of portions(uids))
      found.push(...(await queryable.all<{ id: number }>(`SELECT id FROM errors WHERE server = ? AND place = 'error-folder' AND uid IN ${placeholders(some.length)}`, [serverId, ...some])).map(({ id }) => id))
    return found
  },

  /** What was replayed is settled and stays so. */
  async setPlace(transaction: Transaction, ids: readonly number[], place: ErrorRow['where']): Promise<void> {
    for (const some of portions(ids)) await transaction.run(`UPDATE errors SET place = ? WHERE place <> 'replayed' AND id IN ${placeholders(some.length)}`, [place, ...some])
  },

  /** A copy of the message was processed; `request` is what it became part of. False where that is so already, or the record is gone. */
  async setReplayed(transaction: Transaction, id: number, request: number | null): Promise<boolean> {
    return (await transaction.run(`UPDATE errors SET place = 'replayed', request = ? WHERE id = ? AND place <> 'replayed'`, [request, id])).changes > 0
  },

  /** The names of all record files that rows name. */
  async recordNames(queryable: Queryable): Promise<Set<string>> {
    return new Set((await queryable.all<{ record: string }>('SELECT record FROM errors')).map(({ record }) => record))
  },

  /** Records of messages that were given back to the inbox and were too large to be downloaded, by size. */
  async returnedTooLarge(queryable: Queryable, serverId: number, sizes: readonly number[]): Promise<number[]> {
    const found: number[] = []
    for (const some of portions(sizes))
      found.push(...(await queryable.all<{ id: number }>(
        `SELECT id FROM errors WHERE server = ? AND place = 'inbox' AND code = 'message-too-large' AND size IN ${placeholders(some.length)}`, [serverId, ...some])).map(({ id }) => id))
    return found
  },

  async delete(transaction: Transaction, ids: readonly number[]): Promise<number> {
    let deleted = 0
    for (const some of portions(ids)) deleted += (await transaction.run(`DELETE FROM errors WHERE id IN ${placeholders(some.length)}`, some)).changes
    return deleted
  },

  /** 0 when there is none. */
  async newest(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ newest: number | null }>('SELECT MAX(id) AS newest FROM errors')
    return row?.newest ?? 0
  }
}

function conditions(filter: ErrorFilter): Conditions {
  const where = createConditions()
  if (filter.serverId !== null) where.add('server = ?', filter.serverId)
  if (filter.code !== null) where.add('code = ?', filter.code)
  if (filter.where !== null) where.add('place = ?', filter.where)
  if (filter.since !== null) where.add('failed_at >= ?', filter.since)
  if (filter.until !== null) where.add('failed_at <= ?', filter.until)
  // Whether LIKE tells cases apart differs between databases.
  const like = likePattern(filter.query.trim().toLowerCase())
  if (filter.query.trim() !== '') where.add(`(lower(subject) LIKE lower(?) ESCAPE '!' OR lower(sender) LIKE lower(?) ESCAPE '!' OR lower(message_id) LIKE lower(?) ESCAPE '!')`, like, like, like)
  return where
}
