import type { OutboxKind, OutboxState, OutboxTry } from '#contract/outbox.ts'
import type { Problem } from '#contract/problem.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/**
 * A mail that goes out by itself, to one recipient. `content` is its text, `html` what goes out beside it (pictures as data: URLs; null: made of the text where the
 * format is HTML). `wantedServer` is the outgoing server that it must go through, null: that of the partition. What has `priority` goes before all else. `begunAt` is
 * when the try began that is under way, `endedAt` when it was sent or refused; `server` and `through` are those of the last try. Times are ISO 8601.
 */
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
  state: OutboxState
  kind: OutboxKind
  wantedServer: string | null
  html: string | null
  priority: boolean
  begunAt: string | null
  endedAt: string | null
  server: string | null
  through: 'primary' | 'alternate' | null
  serverSaid: string
}

type Needed = 'partition' | 'to' | 'subject' | 'content' | 'inReplyTo' | 'messageId' | 'request' | 'createdAt' | 'tries' | 'nextAt' | 'problem'
/** A mail to be put in; what is left out is as for an acknowledgement that waits. */
export type NewMail = Pick<StoredMail, Needed> & Partial<Omit<StoredMail, 'id' | Needed>>

/** What is known of a mail without its words; `bytes` counts what is stored of text and HTML. */
export type ListedMail = Omit<StoredMail, 'content' | 'html'> & { bytes: number }
/** Mail of one outgoing server: what names it, and what names none and is of these partitions. null: of all. */
export type Lane = { server: string; partitions: readonly string[] } | null
/** How a try of a mail ended. `problem` null: it was sent; `tried` false: nothing went on the wire. */
export type TryEnd = { id: number; state: OutboxState; tries: number; nextAt: string; at: string; server: string | null; through: 'primary' | 'alternate' | null; serverSaid: string; problem: Problem | null; tried: boolean }
export type Begun = { id: number; at: string; server: string; through: 'primary' | 'alternate' }
export type ListAsked = { state: OutboxState | null; lane: Lane; query: string; before: number | null; limit: number }

const slim = 'id, partition_name AS "partition", recipient AS "to", subject, in_reply_to AS "inReplyTo", message_id AS "messageId", request, created_at AS "createdAt", tries, next_at AS "nextAt", problem, state, kind, wanted_server AS "wantedServer", priority, begun_at AS "begunAt", ended_at AS "endedAt", server, through, server_said AS "serverSaid"'
const columns = `${slim}, content, html`
const listed = `${slim}, LENGTH(content) + COALESCE(LENGTH(html), 0) AS bytes`
type Sql<Mail> = Omit<Mail, 'problem' | 'priority'> & { problem: string | null; priority: number } & Row

/** Mail that goes out by itself, until it was sent and some days longer. */
export const outboxTable = {
  async add(transaction: Transaction, mails: readonly NewMail[]): Promise<void> {
    const rows = mails.map((one): SqlValue[] => {
      const kind = one.kind ?? 'acknowledgement'
      return [
        one.partition, one.to, one.subject, one.content, one.inReplyTo, one.messageId, one.request, one.createdAt, one.tries, one.nextAt, problemText(one.problem), kind === 'notice' ? 1 : 0,
        one.state ?? 'waiting', kind, one.wantedServer ?? null, one.html ?? null, one.priority === true ? 1 : 0, one.begunAt ?? null, one.endedAt ?? null, one.server ?? null, one.through ?? null, one.serverSaid ?? ''
      ]
    })
    await insertRows(transaction, 'outbox', ['partition_name', 'recipient', 'subject', 'content', 'in_reply_to', 'message_id', 'request', 'created_at', 'tries', 'next_at', 'problem', 'notice', 'state', 'kind', 'wanted_server', 'html', 'priority', 'begun_at', 'ended_at', 'server', 'through', 'server_said'], rows)
  },

  /** Mail whose time has come: what has priority first, then the oldest. */
  async due(queryable: Queryable, now: string, limit: number, lane: Lane = null, except: readonly number[] = []): Promise<StoredMail[]> {
    const { sql, values } = ofLane(lane)
    const without = except.length === 0 ? '' : ` AND id NOT IN ${placeholders(except.length)}`
    const ids = `SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= ?${sql}${without} ORDER BY priority DESC, id LIMIT ?`
    return (await queryable.all<Sql<StoredMail>>(`SELECT ${columns} FROM outbox WHERE id IN (${ids}) ORDER BY priority DESC, id`, [now, ...values, ...except, limit])).map(asMail)
  },

  /** All that is not sent, refused or cancelled, oldest first. */
  async list(queryable: Queryable, limit: number): Promise<StoredMail[]> {
    return (await queryable.all<Sql<StoredMail>>(`SELECT ${columns} FROM outbox WHERE state IN ('waiting', 'sending', 'held', 'uncertain') ORDER BY id LIMIT ?`, [limit])).map(asMail)
  },

  /** A page, newest first, and how many there are of what was asked for. `state` null: all that is not sent. */
  async page(queryable: Queryable, { before, limit, ...asked }: ListAsked): Promise<{ mails: ListedMail[]; total: number }> {
    const { sql, values } = matching(asked)
    const mails = await queryable.all<Sql<ListedMail>>(`SELECT ${listed} FROM outbox WHERE ${sql}${before === null ? '' : ' AND id < ?'} ORDER BY id DESC LIMIT ?`, [...values, ...(before === null ? [] : [before]), limit])
    const [row] = await queryable.all<{ total: number }>(`SELECT COUNT(*) AS total FROM outbox WHERE ${sql}`, values)
    return { mails: mails.map(asMail), total: row?.total ?? 0 }
  },

  async find(queryable: Queryable, id: number): Promise<StoredMail | null> {
    const [row] = await queryable.all<Sql<StoredMail>>(`SELECT ${columns} FROM outbox WHERE id = ?`, [id])
    return row === undefined ? null : asMail(row)
  },

  /** Those of these that are there, without their words. */
  async some(queryable: Queryable, ids: readonly number[]): Promise<ListedMail[]> {
    const found: ListedMail[] = []
    for (const portion of portions(ids)) found.push(...(await queryable.all<Sql<ListedMail>>(`SELECT ${listed} FROM outbox WHERE id IN ${placeholders(portion.length)} ORDER BY id`, portion)).map(asMail))
    return found
  },

  /** All in a state, oldest first, without their words. */
  async inState(queryable: Queryable, state: OutboxState): Promise<ListedMail[]> {
    return (await queryable.all<Sql<ListedMail>>(`SELECT ${listed} FROM outbox WHERE state = ? ORDER BY id`, [state])).map(asMail)
  },

  /** How many mails of each state there are, by what they go through. */
  async counts(queryable: Queryable): Promise<{ state: OutboxState; wantedServer: string | null; partition: string; count: number }[]> {
    return queryable.all(`SELECT state, wanted_server AS "wantedServer", partition_name AS "partition", COUNT(*) AS count FROM outbox GROUP BY state, wanted_server, partition_name`)
  },

  /** When the next mail is due, ISO 8601; null: none waits. */
  async nextDue(queryable: Queryable): Promise<string | null> {
    const [row] = await queryable.all<{ next: string | null }>(`SELECT MIN(next_at) AS next FROM outbox WHERE state = 'waiting'`)
    return row?.next ?? null
  },

  /** Since when the oldest of what a try could still send waits, ISO 8601, and how many do; null: nothing waits. */
  async waiting(queryable: Queryable): Promise<{ since: string; count: number } | null> {
    const [row] = await queryable.all<{ since: string | null; count: number }>(`SELECT MIN(created_at) AS since, COUNT(*) AS count FROM outbox WHERE state IN ('waiting', 'sending')`)
    return row === undefined || row.since === null ? null : { since: row.since, count: row.count }
  },

  /** Whether a notification of the console could not be sent yet. */
  async hasStuckNotice(queryable: Queryable): Promise<boolean> {
    return (await queryable.all(`SELECT id FROM outbox WHERE kind = 'notice' AND (state IN ('held', 'uncertain') OR (state IN ('waiting', 'sending') AND tries > 0)) LIMIT 1`)).length > 0
  },

  /** These are under way from now on: the words that must be on disk before the message goes on the wire. */
  async begin(transaction: Transaction, begun: readonly Begun[]): Promise<void> {
    for (const { id, at, server, through } of begun) await transaction.run(`UPDATE outbox SET state = 'sending', begun_at = ?, server = ?, through = ? WHERE id = ?`, [at, server, through, id])
  },

  /** Writes how tries ended, each with its line in the list of tries. */
  async end(transaction: Transaction, ends: readonly TryEnd[]): Promise<void> {
    for (const one of ends)
      await transaction.run('UPDATE outbox SET state = ?, tries = ?, next_at = ?, problem = ?, begun_at = NULL, ended_at = ?, server = COALESCE(?, server), through = COALESCE(?, through), server_said = ? WHERE id = ?', [
        one.state, one.tries, one.nextAt, problemText(one.problem), one.state === 'sent' || one.state === 'refused' ? one.at : null, one.server, one.through, one.serverSaid, one.id
      ])
    const tried = ends.filter((one) => one.tried)
    await insertRows(transaction, 'outbox_tries', ['mail', 'at', 'server', 'through', 'problem'], tried.map((one) => [one.id, one.at, one.server ?? '', one.through ?? 'primary', problemText(one.problem)]))
  },

  /** The newest tries of a mail, oldest of them first. */
  async triesOf(queryable: Queryable, id: number, limit: number): Promise<OutboxTry[]> {
    const rows = await queryable.all<{ at: string; server: string; through: 'primary' | 'alternate'; problem: string | null }>('SELECT at, server, through, problem FROM outbox_tries WHERE mail = ? ORDER BY id DESC LIMIT ?', [id, limit])
    return rows.reverse().map((row) => ({ ...row, problem: problemOf(row.problem) }))
  },

  /** Puts back what a try could end: it waits until then with what it has seen. */
  async retryLater(transaction: Transaction, id: number, tries: number, nextAt: string, problem: Problem): Promise<void> {
    await transaction.run(`UPDATE outbox SET state = 'waiting', begun_at = NULL, tries = ?, next_at = ?, problem = ? WHERE id = ?`, [tries, nextAt, problemText(problem), id])
  },

  /** These wait for nothing but their turn, whatever they were. */
  async waitNow(transaction: Transaction, ids: readonly number[], now: string): Promise<void> {
    for (const some of portions(ids)) await transaction.run(`UPDATE outbox SET state = 'waiting', next_at = ?, begun_at = NULL, ended_at = NULL WHERE id IN ${placeholders(some.length)}`, [now, ...some])
  },

  /** Nothing that waits, of a lane or of all, waits for a later time than this. */
  async dueBy(transaction: Transaction, nextAt: string, lane: Lane = null): Promise<void> {
    const { sql, values } = ofLane(lane)
    await transaction.run(`UPDATE outbox SET next_at = ? WHERE state = 'waiting' AND next_at > ?${sql}`, [nextAt, nextAt, ...values])
  },

  /** Nothing that waits in a lane is due before this. */
  async dueNotBefore(transaction: Transaction, nextAt: string, lane: Lane): Promise<void> {
    const { sql, values } = ofLane(lane)
    await transaction.run(`UPDATE outbox SET next_at = ? WHERE state = 'waiting' AND next_at < ?${sql}`, [nextAt, nextAt, ...values])
  },

  /** Nothing waits for a later time any more. */
  async retryAllNow(transaction: Transaction, now: string): Promise<void> {
    await outboxTable.dueBy(transaction, now)
  },

  /** Gives mail that a person knows about its end. */
  async settle(transaction: Transaction, ids: readonly number[], state: 'sent' | 'refused', at: string): Promise<void> {
    for (const some of portions(ids)) await transaction.run(`UPDATE outbox SET state = ?, begun_at = NULL, ended_at = ?, problem = NULL WHERE id IN ${placeholders(some.length)}`, [state, at, ...some])
  },

  async delete(transaction: Transaction, ids: readonly number[]): Promise<void> {
    for (const some of portions(ids)) {
      await transaction.run(`DELETE FROM outbox_tries WHERE mail IN ${placeholders(some.length)}`, some)
      await transaction.run(`DELETE FROM outbox WHERE id IN ${placeholders(some.length)}`, some)
    }
  },

  /** Ids of at most so many mails that were sent or refused before then. */
  async endedBefore(queryable: Queryable, before: string, limit: number): Promise<number[]> {
    return (await queryable.all<{ id: number }>('SELECT id FROM outbox WHERE ended_at < ? ORDER BY ended_at LIMIT ?', [before, limit])).map(({ id }) => id)
  }
}

function ofLane(lane: Lane): { sql: string; values: SqlValue[] } {
  if (lane === null) return { sql: '', values: [] }
  const { server, partitions } = lane
  return { sql: ` AND (wanted_server = ?${partitions.length === 0 ? '' : ` OR (wanted_server IS NULL AND partition_name IN ${placeholders(partitions.length)})`})`, values: [server, ...partitions] }
}

function matching({ state, lane, query }: Pick<ListAsked, 'state' | 'lane' | 'query'>): { sql: string; values: SqlValue[] } {
  const states = state === null ? { sql: `state IN ('waiting', 'sending', 'held', 'uncertain', 'refused')`, values: [] } : { sql: 'state = ?', values: [state] }
  // What was tried is where it was tried; what was not is where it will go.
  const { sql, values } = ofLane(lane)
  const place = lane === null ? { sql: '', values: [] } : { sql: ` AND (server = ? OR (server IS NULL${sql}))`, values: [lane.server, ...values] }
  const wanted = `%${query.trim().toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const words = query.trim() === '' ? { sql: '', values: [] } : { sql: ` AND (LOWER(recipient) LIKE ? ESCAPE '\\' OR LOWER(subject) LIKE ? ESCAPE '\\' OR LOWER(message_id) LIKE ? ESCAPE '\\')`, values: [wanted, wanted, wanted] }
  return { sql: states.sql + place.sql + words.sql, values: [...states.values, ...place.values, ...words.values] }
}

const problemText = (problem: Problem | null): string | null => (problem === null ? null : JSON.stringify(problem))
const problemOf = (text: string | null): Problem | null => (text === null ? null : (JSON.parse(text) as Problem))
const asMail = <Mail extends ListedMail | StoredMail>(row: Sql<Mail>): Mail => ({ ...row, problem: problemOf(row.problem), priority: row.priority === 1 }) as unknown as Mail
