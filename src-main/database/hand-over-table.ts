import type { HandOverRow } from '#contract/hand-over.ts'
import type { Problem } from '#contract/problem.ts'
import type { NewHandOver } from '../model/hand-overs-of.ts'
import { createConditions } from './conditions.ts'
import type { Queryable, Row, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/** An event as it is sent: `subjectId` names the entry or change that it is about, `key` makes it known to the help desk as itself. */
export type StoredHandOver = Omit<HandOverRow, 'remoteId'> & { subjectId: number | null; key: string }
export type HandOverFilter = { limit: number; before: number | null; target: string | null; state: HandOverRow['state'] | null }

const columns = 'h.id, h.target, h.request, h.event, h.subject_id AS "subjectId", h.event_key AS "key", h.state, h.tries, h.created_at AS "createdAt", h.next_at AS "nextTryAt", h.delivered_at AS "deliveredAt", h.problem'
type EventSqlRow = Omit<StoredHandOver, 'problem'> & { problem: string | null } & Row
type ListedSqlRow = EventSqlRow & { remoteId: string | null }

/** Nothing undelivered of the same request stands before it; what was refused counts as undelivered, so that later events wait for it. */
const isFirst = `NOT EXISTS (SELECT 1 FROM hand_over earlier WHERE earlier.target = h.target AND earlier.state IN ('waiting', 'refused') AND earlier.request = h.request AND earlier.id < h.id)`

/** Events on their way to help desks, in the order of their ids. Times are ISO 8601. */
export const handOverTable = {
  async add(transaction: Transaction, events: readonly NewHandOver[]): Promise<void> {
    const rows = events.map((one) => [one.target, one.request, one.event, one.subjectId, one.key, 'waiting', 0, one.at, one.at])
    await insertRows(transaction, 'hand_over', ['target', 'request', 'event', 'subject_id', 'event_key', 'state', 'tries', 'created_at', 'next_at'], rows)
  },

  /** What may be sent to a target now: of each request its first undelivered event, in the order of requests, so that the index gives the first of many at once. */
  async due(queryable: Queryable, { target, now, limit }: { target: string; now: string; limit: number }): Promise<StoredHandOver[]> {
    const rows = await queryable.all<EventSqlRow>(`SELECT ${columns} FROM hand_over h WHERE h.target = ? AND h.state = 'waiting' AND h.next_at <= ? AND ${isFirst} ORDER BY h.request, h.id LIMIT ?`, [target, now, limit])
    return rows.map(asEvent)
  },

  /** When the next event becomes due after `now`; null where none waits for a time. */
  async nextDue(queryable: Queryable, target: string, now: string): Promise<string | null> {
    const [row] = await queryable.all<{ next: string | null }>(`SELECT MIN(h.next_at) AS next FROM hand_over h WHERE h.target = ? AND h.state = 'waiting' AND h.next_at > ? AND ${isFirst}`, [target, now])
    return row?.next ?? null
  },

  async delivered(transaction: Transaction, id: number, at: string): Promise<void> {
    await transaction.run(`UPDATE hand_over SET state = 'delivered', tries = tries + 1, next_at = NULL, delivered_at = ?, problem = NULL WHERE id = ?`, [at, id])
  },

  async later(transaction: Transaction, id: number, nextAt: string, problem: Problem): Promise<void> {
    await transaction.run('UPDATE hand_over SET tries = tries + 1, next_at = ?, problem = ? WHERE id = ?', [nextAt, JSON.stringify(problem), id])
  },

  async refused(transaction: Transaction, id: number, problem: Problem): Promise<void> {
    await transaction.run(`UPDATE hand_over SET state = 'refused', tries = tries + 1, next_at = NULL, problem = ? WHERE id = ?`, [JSON.stringify(problem), id])
  },

  /** Makes what waits or was refused due at once: the given events, or all of the target. Answers how many. */
  async retry(transaction: Transaction, target: string, ids: readonly number[] | null, now: string): Promise<number> {
    const update = `UPDATE hand_over SET state = 'waiting', next_at = ? WHERE target = ? AND state IN ('waiting', 'refused')`
    if (ids === null) return (await transaction.run(update, [now, target])).changes
    let changes = 0
    for (const some of portions(ids)) changes += (await transaction.run(`${update} AND id IN ${placeholders(some.length)}`, [now, target, ...some])).changes
    return changes
  },

  /** Makes what waits for a later try due now: the target answers again. */
  async hasten(transaction: Transaction, target: string, now: string): Promise<void> {
    await transaction.run(`UPDATE hand_over SET next_at = ? WHERE target = ? AND state = 'waiting' AND next_at > ?`, [now, target, now])
  },

  /** Newest first, those with an id below `before`. */
  async page(queryable: Queryable, filter: HandOverFilter): Promise<HandOverRow[]> {
    const where = createConditions()
    if (filter.before !== null) where.add('h.id < ?', filter.before)
    if (filter.target !== null) where.add('h.target = ?', filter.target)
    if (filter.state !== null) where.add('h.state = ?', filter.state)
    const rows = await queryable.all<ListedSqlRow>(
      `SELECT ${columns}, r.remote_id AS "remoteId" FROM hand_over h LEFT JOIN hand_over_remote r ON r.target = h.target AND r.request = h.request ${where.text()} ORDER BY h.id DESC LIMIT ?`,
      [...where.values, filter.limit]
    )
    return rows.map(({ remoteId, ...row }) => {
      const { subjectId: _subject, key: _key, ...listed } = asEvent(row)
      return { ...listed, remoteId }
    })
  },

  /** How many wait by target; targets without any are left out. */
  async waiting(queryable: Queryable): Promise<Map<string, number>> {
    const rows = await queryable.all<{ target: string; total: number }>(`SELECT target, COUNT(*) AS total FROM hand_over WHERE state = 'waiting' GROUP BY target`)
    return new Map(rows.map(({ target, total }) => [target, total]))
  },

  /** How many wait and how many were refused at these targets together. */
  async counts(queryable: Queryable, targets: readonly string[]): Promise<{ waiting: number; refused: number }> {
    if (targets.length === 0) return { waiting: 0, refused: 0 }
    const rows = await queryable.all<{ state: string; total: number }>(`SELECT state, COUNT(*) AS total FROM hand_over WHERE target IN ${placeholders(targets.length)} AND state IN ('waiting', 'refused') GROUP BY state`, targets)
    const of = (state: string): number => rows.find((row) => row.state === state)?.total ?? 0
    return { waiting: of('waiting'), refused: of('refused') }
  },

  /** 0 when there is none. */
  async newest(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ newest: number | null }>('SELECT MAX(id) AS newest FROM hand_over')
    return row?.newest ?? 0
  },

  /** Names of the targets that anything undelivered or any number of a help desk is kept for. */
  async targets(queryable: Queryable): Promise<string[]> {
    const rows = await queryable.all<{ target: string }>(`SELECT target FROM hand_over WHERE state IN ('waiting', 'refused') UNION SELECT target FROM hand_over_remote`)
    return rows.map(({ target }) => target)
  },

  /** Forgets what a target that is no more was to be told, and its numbers. Answers how many events that were. */
  async drop(transaction: Transaction, target: string): Promise<number> {
    await transaction.run('DELETE FROM hand_over_remote WHERE target = ?', [target])
    return (await transaction.run(`DELETE FROM hand_over WHERE target = ? AND state IN ('waiting', 'refused')`, [target])).changes
  },

  async forgetDelivered(transaction: Transaction, before: string): Promise<void> {
    await transaction.run(`DELETE FROM hand_over WHERE state = 'delivered' AND delivered_at < ?`, [before])
  },

  /** Number or id that the help desk gave the request. */
  async remoteOf(queryable: Queryable, target: string, request: number): Promise<string | null> {
    const [row] = await queryable.all<{ remoteId: string }>('SELECT remote_id AS "remoteId" FROM hand_over_remote WHERE target = ? AND request = ?', [target, request])
    return row?.remoteId ?? null
  },

  async keepRemote(transaction: Transaction, target: string, request: number, remoteId: string): Promise<void> {
    await transaction.run('INSERT INTO hand_over_remote (target, request, remote_id) VALUES (?, ?, ?) ON CONFLICT (target, request) DO UPDATE SET remote_id = excluded.remote_id', [target, request, remoteId])
  }
}
export type HandOverTable = typeof handOverTable

const asEvent = (row: EventSqlRow): StoredHandOver => ({ ...row, problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem) })
