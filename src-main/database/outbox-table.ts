import { outboxStates, type OutboxKind, type OutboxState, type OutboxTry } from '#contract/outbox.ts'
import type { Problem } from '#contract/problem.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'
import { sharedHtmlFrom, sharedTexts } from './shared-texts.ts'

/**
 * A mail that goes out by itself, to one recipient. `content` is its text, `html` what goes out beside it (pictures as data: URLs; null: made of the text where the
 * format is HTML). `wantedServer` is the outgoing server that it must go through, null: that of the partition. What has `priority` goes before all else. `begunAt` is
 * when the try began that is under way, `endedAt` when it was sent or refused; `termFrom` is from when on it counts when it is given up: when it was written, sent again by hand or let go that was held; `server` and `through` are those of the last try. Times are ISO 8601.
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
  termFrom: string
  server: string | null
  through: 'primary' | 'alternate' | null
  serverSaid: string
}

type Needed = 'partition' | 'to' | 'subject' | 'content' | 'inReplyTo' | 'messageId' | 'request' | 'createdAt' | 'tries' | 'nextAt' | 'problem'
/** A mail to be put in; what is left out is as for an acknowledgement that waits. */
export type NewMail = Pick<StoredMail, Needed> & Partial<Omit<StoredMail, 'id' | 'termFrom' | Needed>>

/** What is known of a mail without its words; `bytes` counts what is stored of text and HTML. */
export type ListedMail = Omit<StoredMail, 'content' | 'html'> & { bytes: number }
/** Mail of one outgoing server: what names it, and what names none and is of these partitions. null: of all. */
export type Lane = { server: string; partitions: readonly string[] } | null
/** How a try of a mail ended. `problem` null: it was sent; `tried` false: nothing went on the wire; `length`: characters of its text and HTML, where they are known. */
export type TryEnd = { id: number; state: OutboxState; tries: number; nextAt: string; at: string; server: string | null; through: 'primary' | 'alternate' | null; serverSaid: string; problem: Problem | null; tried: boolean; length?: number }
export type Begun = { ids: readonly number[]; at: string; server: string; through: 'primary' | 'alternate' }
export type Due = { now: string; farthest: string }
export type Place = { wantedServer: string | null; partition: string; urgent: boolean }
export type ListAsked = { state: OutboxState | null; lane: Lane; request: number | null; query: string; before: number | null; limit: number }

const slim = 'id, partition_name AS "partition", recipient AS "to", subject, in_reply_to AS "inReplyTo", message_id AS "messageId", request, created_at AS "createdAt", tries, next_at AS "nextAt", problem, state, kind, wanted_server AS "wantedServer", priority, begun_at AS "begunAt", ended_at AS "endedAt", COALESCE(term_from, created_at) AS "termFrom", server, through, server_said AS "serverSaid"'
const columns = `${slim}, content, html`
const withWords = 'outbox JOIN outbox_texts ON mail = id'
const listed = `${slim}, bytes`
type Sql<Mail> = Omit<Mail, 'problem' | 'priority'> & { problem: string | null; priority: number } & Row

/** Mail that goes out by itself, until it was sent and some days longer. */
export const outboxTable = {
  async add(transaction: Transaction, mails: readonly NewMail[]): Promise<void> {
    const [last] = await transaction.all<{ id: number | null }>('SELECT MAX(id) AS id FROM (SELECT MAX(id) AS id FROM outbox UNION ALL SELECT id FROM outbox_gone) given')
    const first = (last?.id ?? 0) + 1
    const rows = mails.map((one, index): SqlValue[] => {
      const kind = one.kind ?? 'acknowledgement'
      return [
        first + index, one.partition, one.to, one.subject, one.inReplyTo, one.messageId, one.request, one.createdAt, one.tries, one.nextAt, problemText(one.problem), kind === 'notice' ? 1 : 0,
        one.state ?? 'waiting', kind, one.wantedServer ?? null, one.content.length + (one.html ?? '').length, one.priority === true ? 1 : 0, one.begunAt ?? null, one.endedAt ?? null, one.server ?? null, one.through ?? null, one.serverSaid ?? ''
      ]
    })
    const html = await storedHtml(transaction, mails)
    const adding = insertRows(transaction, 'outbox', ['id', 'partition_name', 'recipient', 'subject', 'in_reply_to', 'message_id', 'request', 'created_at', 'tries', 'next_at', 'problem', 'notice', 'state', 'kind', 'wanted_server', 'bytes', 'priority', 'begun_at', 'ended_at', 'server', 'through', 'server_said'], rows)
    await Promise.all([adding, insertRows(transaction, 'outbox_texts', ['mail', 'content', 'html'], mails.map((one, index) => [first + index, one.content, html[index] ?? null]))])
  },

  /** Ids of mail whose time has come: what has priority first, then the oldest. What waits beyond `farthest` was made to wait by another clock, and is due. */
  async dueIds(queryable: Queryable, { now, farthest }: Due, lane: Lane, limit: number): Promise<number[]> {
    const { sql, values } = ofLane(lane)
    const rows = await queryable.all<{ id: number }>(`SELECT id FROM outbox WHERE state = 'waiting' AND (next_at <= ? OR next_at > ?)${sql} ORDER BY priority DESC, id LIMIT ?`, [now, farthest, ...values, limit])
    return rows.map(({ id }) => id)
  },

  /** Those of these that are there, what has priority first, then the oldest. */
  async mails(queryable: Queryable, ids: readonly number[]): Promise<StoredMail[]> {
    const found: StoredMail[] = []
    for (const some of portions(ids)) found.push(...(await queryable.all<Sql<StoredMail>>(`SELECT ${columns} FROM ${withWords} WHERE id IN ${placesFor(some)} ORDER BY priority DESC, id`, padded(some))).map(asMail))
    return withPictures(queryable, found)
  },

  /** By what mail goes that is due, or is held, and whether some of it has priority. */
  async places(queryable: Queryable, due: Due | 'held'): Promise<Place[]> {
    const [which, values] = due === 'held' ? [`state = 'held'`, []] : [`state = 'waiting' AND (next_at <= ? OR next_at > ?)`, [due.now, due.farthest]]
    const rows = await queryable.all<Row & { wantedServer: string | null; partition: string; urgent: number }>(`SELECT wanted_server AS "wantedServer", partition_name AS "partition", MAX(priority) AS urgent FROM outbox WHERE ${which} GROUP BY wanted_server, partition_name`, values)
    return rows.map((row) => ({ ...row, urgent: row.urgent === 1 }))
  },

  /** All that is not sent, refused or cancelled, oldest first. */
  async list(queryable: Queryable, limit: number): Promise<StoredMail[]> {
    return withPictures(queryable, (await queryable.all<Sql<StoredMail>>(`SELECT ${columns} FROM ${withWords} WHERE state IN ('waiting', 'sending', 'held', 'uncertain') ORDER BY id LIMIT ?`, [limit])).map(asMail))
  },

  /** A page, newest first, and how many there are of what was asked for. `state` null: all that is not sent, and of one `request` what was sent too. */
  async page(queryable: Queryable, { before, limit, ...asked }: ListAsked): Promise<{ mails: ListedMail[]; total: number }> {
    const { sql, values } = matching(asked)
    const mails = await queryable.all<Sql<ListedMail>>(`SELECT ${listed} FROM outbox WHERE id IN (SELECT id FROM outbox WHERE ${sql}${before === null ? '' : ' AND id < ?'} ORDER BY id DESC LIMIT ?) ORDER BY id DESC`, [...values, ...(before === null ? [] : [before]), limit])
    const [row] = await queryable.all<{ total: number }>(`SELECT COUNT(*) AS total FROM outbox WHERE ${sql}`, values)
    return { mails: mails.map(asMail), total: row?.total ?? 0 }
  },

  async find(queryable: Queryable, id: number): Promise<StoredMail | null> {
    const [row] = await queryable.all<Sql<StoredMail>>(`SELECT ${columns} FROM ${withWords} WHERE id = ?`, [id])
    return row === undefined ? null : ((await withPictures(queryable, [asMail(row)]))[0] ?? null)
  },

  /** Those of these that are there, without their words. */
  async some(queryable: Queryable, ids: readonly number[]): Promise<ListedMail[]> {
    const found: ListedMail[] = []
    for (const portion of portions(ids)) found.push(...(await queryable.all<Sql<ListedMail>>(`SELECT ${listed} FROM outbox WHERE id IN ${placeholders(portion.length)} ORDER BY id`, portion)).map(asMail))
    return found
  },

  /** The highest number of a mail that is there; 0 where there is none. */
  async newest(queryable: Queryable): Promise<number> {
    return (await queryable.all<{ newest: number | null }>('SELECT MAX(id) AS newest FROM outbox'))[0]?.newest ?? 0
  },

  /** All in a state, oldest first, without their words. */
  async inState(queryable: Queryable, state: OutboxState): Promise<ListedMail[]> {
    return (await queryable.all<Sql<ListedMail>>(`SELECT ${listed} FROM outbox WHERE state = ? ORDER BY id`, [state])).map(asMail)
  },

  /** How many mails there are in each state; with `asked` of what it names alone. */
  async countStates(queryable: Queryable, asked: Pick<ListAsked, 'lane' | 'request' | 'query'> = { lane: null, request: null, query: '' }): Promise<Record<OutboxState, number>> {
    const { sql, values } = besidesState(asked)
    const rows = await queryable.all<{ state: OutboxState; count: number }>(`SELECT state, COUNT(*) AS count FROM outbox WHERE 1 = 1${sql} GROUP BY state`, values)
    return Object.fromEntries(outboxStates.map((state) => [state, rows.find((row) => row.state === state)?.count ?? 0])) as Record<OutboxState, number>
  },

  /** How many mails that are not sent there are of each state, by what they go through. */
  async counts(queryable: Queryable): Promise<{ state: OutboxState; wantedServer: string | null; partition: string; count: number }[]> {
    return queryable.all(`SELECT state, wanted_server AS "wantedServer", partition_name AS "partition", COUNT(*) AS count FROM outbox WHERE state IN ('waiting', 'sending', 'held', 'uncertain', 'refused') GROUP BY state, wanted_server, partition_name`)
  },

  /** How many mails of a lane wait. */
  async waitingIn(queryable: Queryable, lane: Exclude<Lane, null>): Promise<number> {
    const { sql, values } = ofLane(lane)
    const [row] = await queryable.all<{ count: number }>(`SELECT COUNT(*) AS count FROM outbox WHERE state IN ('waiting', 'sending')${sql}`, values)
    return row?.count ?? 0
  },

  /** When the next mail is due that is not yet, ISO 8601; null: none waits for a later time. */
  async nextDue(queryable: Queryable, now: string): Promise<string | null> {
    const [row] = await queryable.all<{ next: string | null }>(`SELECT MIN(next_at) AS next FROM outbox WHERE state = 'waiting' AND next_at > ?`, [now])
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

  /** These are under way from now on: the words that must be on disk before the message goes on the wire. Answers which really are; others do not wait any more. */
  async begin(transaction: Transaction, { ids, at, server, through }: Begun): Promise<ReadonlySet<number>> {
    const begun = new Set(ids)
    await Promise.all([...portions(ids)].map(async (some) => {
      const { changes } = await transaction.run(`UPDATE outbox SET state = 'sending', begun_at = ?, server = ?, through = ? WHERE id IN ${placesFor(some)} AND state = 'waiting'`, [at, server, through, ...padded(some)])
      if (changes === some.length) return
      const rows = await transaction.all<{ id: number }>(`SELECT id FROM outbox WHERE id IN ${placesFor(some)} AND state = 'sending' AND begun_at = ?`, [...padded(some), at])
      for (const id of some) if (!rows.some((row) => row.id === id)) begun.delete(id)
    }))
    return begun
  },

  /** These are not under way after all: nothing of them was sent. */
  async unbegin(transaction: Transaction, ids: readonly number[]): Promise<void> {
    await Promise.all([...portions(ids)].map((some) => transaction.run(`UPDATE outbox SET state = 'waiting', begun_at = NULL WHERE id IN ${placesFor(some)} AND state = 'sending'`, padded(some))))
  },

  /** What waits in a lane does so until something is changed; `butCodes`: codes go all the same. Answers how many there are. */
  async hold(transaction: Transaction, lane: Lane, problem: Problem, butCodes = false): Promise<number> {
    const { sql, values } = ofLane(lane)
    return (await transaction.run(`UPDATE outbox SET state = 'held', problem = ? WHERE state = 'waiting'${butCodes ? ` AND kind <> 'code'` : ''}${sql}`, [problemText(problem), ...values])).changes
  },

  /** What was held in a lane goes, or the codes of it, and has its whole time again. Answers how many there are. */
  async release(transaction: Transaction, lane: Lane, now: string, onlyCodes = false): Promise<number> {
    const { sql, values } = ofLane(lane)
    return (await transaction.run(`UPDATE outbox SET state = 'waiting', next_at = ?, term_from = ?, problem = NULL WHERE state = 'held'${onlyCodes ? ` AND kind = 'code'` : ''}${sql}`, [now, now, ...values])).changes
  },

  /** What waits in a lane for a later time, and why. */
  async later(queryable: Queryable, lane: Lane, now: string): Promise<{ id: number; problem: Problem | null }[]> {
    const { sql, values } = ofLane(lane)
    const rows = await queryable.all<{ id: number; problem: string | null }>(`SELECT id, problem FROM outbox WHERE state = 'waiting' AND next_at > ?${sql}`, [now, ...values])
    return rows.map(({ id, problem }) => ({ id, problem: problemOf(problem) }))
  },

  /** What waits in a lane and whose time began before then, oldest first, without its words. */
  async olderThan(queryable: Queryable, lane: Lane, before: string, limit: number): Promise<ListedMail[]> {
    const { sql, values } = ofLane(lane)
    return (await queryable.all<Sql<ListedMail>>(`SELECT ${listed} FROM outbox WHERE state = 'waiting' AND COALESCE(term_from, created_at) < ?${sql} ORDER BY id LIMIT ?`, [before, ...values, limit])).map(asMail)
  },

  /** Whether to write this end takes more than one step, for something is read first. */
  readsBefore: (end: TryEnd): boolean => mayHavePictures(end),

  /** Writes how tries ended, each with its line in the list of tries. */
  async end(transaction: Transaction, ends: readonly TryEnd[]): Promise<void> {
    const writing: Promise<unknown>[] = []
    for (const some of portions(ends.filter(mayHavePictures).map(({ id }) => id))) writing.push(withoutPictures(transaction, some))
    for (const some of portions(ends)) {
      const rows = filledUp(some).map((one): SqlValue[] => [one.id, one.state, one.tries, one.nextAt, problemText(one.problem), hasEnded(one) ? one.at : null, one.server, one.through, one.serverSaid])
      // One statement for all: what a statement costs on its way to the thread is more than what it does there.
      writing.push(transaction.run(`UPDATE outbox SET state = given.column2, tries = CAST(given.column3 AS INTEGER), next_at = given.column4, problem = given.column5, begun_at = NULL, ended_at = given.column6, server = COALESCE(given.column7, server), through = COALESCE(given.column8, through), server_said = given.column9, bytes = CASE WHEN given.column6 IS NOT NULL AND kind = 'code' THEN 0 WHEN given.column2 = 'sent' THEN ${bytesOfSent} ELSE bytes END FROM (VALUES ${rows.map((row) => placeholders(row.length)).join(', ')}) AS given WHERE outbox.id = CAST(given.column1 AS INTEGER)`, rows.flat()))
    }
    const over = ends.filter(hasEnded).map(({ id }) => id)
    for (const some of portions(over)) writing.push(withoutCodes(transaction, some))
    const tried = ends.filter((one) => one.tried)
    for (const some of portions(tried)) writing.push(insertRows(transaction, 'outbox_tries', ['mail', 'at', 'server', 'through', 'problem'], some.map((one) => [one.id, one.at, one.server ?? '', one.through ?? 'primary', problemText(one.problem)])))
    await Promise.all(writing)
  },

  /** The newest tries of a mail, oldest of them first. */
  async triesOf(queryable: Queryable, id: number, limit: number): Promise<OutboxTry[]> {
    const rows = await queryable.all<{ at: string; server: string; through: 'primary' | 'alternate'; problem: string | null }>('SELECT at, server, through, problem FROM outbox_tries WHERE mail = ? ORDER BY id DESC LIMIT ?', [id, limit])
    return rows.reverse().map((row) => ({ ...row, problem: problemOf(row.problem) }))
  },

  /** These wait for nothing but their turn, where they are in one of these states; with `forget` as if they had just been written. Answers how many. */
  async waitNow(transaction: Transaction, ids: readonly number[], now: string, from: readonly OutboxState[], forget = false): Promise<number> {
    let count = 0
    const states = from.map((state) => `'${state}'`).join(', ')
    for (const some of portions(ids)) count += (await transaction.run(`UPDATE outbox SET state = 'waiting', next_at = ?, begun_at = NULL, ended_at = NULL${forget ? ', tries = 0, term_from = ?' : ''} WHERE id IN ${placesFor(some)} AND state IN (${states}) AND NOT (kind = 'code' AND bytes = 0)`, [now, ...(forget ? [now] : []), ...padded(some)])).changes
    return count
  },

  /** Nothing waits for a later time any more. */
  async retryAllNow(transaction: Transaction, now: string): Promise<void> {
    await transaction.run(`UPDATE outbox SET next_at = ? WHERE state = 'waiting' AND next_at > ?`, [now, now])
  },

  /** Uncertain mail of which somebody knows that it arrived. Answers how many. */
  async arrived(transaction: Transaction, ids: readonly number[], at: string): Promise<number> {
    let count = 0
    for (const some of portions(ids)) {
      await withoutPictures(transaction, some, 'uncertain')
      const { changes } = await transaction.run(`UPDATE outbox SET state = 'sent', ended_at = ?, problem = NULL, bytes = CASE WHEN kind = 'code' THEN 0 ELSE ${bytesOfSent} END WHERE id IN ${placesFor(some)} AND state = 'uncertain'`, [at, ...padded(some)])
      await withoutCodes(transaction, some)
      count += changes
    }
    return count
  },

  /** A person was asked about this uncertain mail: `nextAt` is empty then, and stays so until the mail waits again. */
  async personAsked(transaction: Transaction, id: number): Promise<void> {
    await transaction.run(`UPDATE outbox SET next_at = '' WHERE id = ? AND state = 'uncertain'`, [id])
  },

  async idsIn(queryable: Queryable, states: readonly OutboxState[]): Promise<number[]> {
    return (await queryable.all<{ id: number }>(`SELECT id FROM outbox WHERE state IN ${placeholders(states.length)} ORDER BY id`, states)).map(({ id }) => id)
  },

  /** Takes away those of these that are in one of the states; what is under way stays. */
  async cancel(transaction: Transaction, ids: readonly number[], states: readonly OutboxState[]): Promise<{ cancelled: number; tooLate: number }> {
    const found: { id: number; state: OutboxState }[] = []
    for (const some of portions(ids)) found.push(...(await transaction.all<{ id: number; state: OutboxState }>(`SELECT id, state FROM outbox WHERE id IN ${placesFor(some)}`, padded(some))))
    const asked = found.filter(({ state }) => states.includes(state))
    const cancelled = asked.filter(({ state }) => state !== 'sending')
    await outboxTable.delete(transaction, cancelled.map(({ id }) => id))
    return { cancelled: cancelled.length, tooLate: asked.length - cancelled.length }
  },

  async delete(transaction: Transaction, ids: readonly number[]): Promise<void> {
    const pictures = [...portions(ids)].map((some) => htmlWithMarks(transaction, some))
    const deleted = [...portions(ids)].flatMap((some) => {
      const highest = some.reduce((one, other) => Math.max(one, other), 0)
      return [
        transaction.run('UPDATE outbox_gone SET id = ? WHERE id < ?', [highest, highest]),
        ...['outbox_tries WHERE mail', 'outbox_texts WHERE mail', 'outbox WHERE id'].map((those) => transaction.run(`DELETE FROM ${those} IN ${placeholders(some.length)}`, some))
      ]
    })
    const [html] = await Promise.all([Promise.all(pictures), Promise.all(deleted)])
    await sharedTexts.forget(transaction, html.flat())
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

function matching({ state, lane, request, query }: Pick<ListAsked, 'state' | 'lane' | 'request' | 'query'>): { sql: string; values: SqlValue[] } {
  const every = request === null ? `state IN ('waiting', 'sending', 'held', 'uncertain', 'refused')` : '1 = 1'
  const states = state === null ? { sql: every, values: [] } : { sql: 'state = ?', values: [state] }
  const rest = besidesState({ lane, request, query })
  return { sql: states.sql + rest.sql, values: [...states.values, ...rest.values] }
}

function besidesState({ lane, request, query }: Pick<ListAsked, 'lane' | 'request' | 'query'>): { sql: string; values: SqlValue[] } {
  const of = request === null ? { sql: '', values: [] } : { sql: ' AND request = ?', values: [request] }
  // What was tried is where it was tried; what was not is where it will go.
  const { sql, values } = ofLane(lane)
  const place = lane === null ? { sql: '', values: [] } : { sql: ` AND (server = ? OR (server IS NULL${sql}))`, values: [lane.server, ...values] }
  const wanted = `%${query.trim().toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const words = query.trim() === '' ? { sql: '', values: [] } : { sql: ` AND (LOWER(recipient) LIKE ? ESCAPE '\\' OR LOWER(subject) LIKE ? ESCAPE '\\' OR LOWER(message_id) LIKE ? ESCAPE '\\')`, values: [wanted, wanted, wanted] }
  return { sql: of.sql + place.sql + words.sql, values: [...of.values, ...place.values, ...words.values] }
}

/** As few statements as possible are prepared: places for ids come in powers of two, and the last id fills the rest. */
const padded = (ids: readonly number[]): number[] => filledUp(ids)
const filledUp = <Value>(values: readonly Value[]): Value[] => [...values, ...Array.from({ length: 2 ** Math.ceil(Math.log2(values.length)) - values.length }, () => values.at(-1) as Value)]
const placesFor = (ids: readonly number[]): string => placeholders(padded(ids).length)

// The database is in memory. What was sent is not sent again, and its text says the same; HTML of this size has pictures in it.
const mostHtmlOfSent = 20_000
const bytesOfSent = `CASE WHEN bytes > ${mostHtmlOfSent} THEN (SELECT LENGTH(content) + COALESCE(LENGTH(html), 0) FROM outbox_texts WHERE mail = outbox.id) ELSE bytes END`

/** Asked before they are marked as sent, while `bytes` still tells which are large: to look at each text takes longer than to mark its mail. */
async function withoutPictures(transaction: Transaction, ids: readonly number[], were: OutboxState | null = null): Promise<void> {
  const large = `SELECT id FROM outbox WHERE id IN ${placesFor(ids)} AND bytes > ${mostHtmlOfSent}${were === null ? '' : ' AND state = ?'}`
  const found = await transaction.all<{ mail: number; marked: string | null }>(`SELECT mail, CASE WHEN ${hasMarks} THEN html END AS marked FROM outbox_texts WHERE mail IN (${large}) AND (LENGTH(html) > ${mostHtmlOfSent} OR ${hasMarks})`, [...padded(ids), ...(were === null ? [] : [were])])
  if (found.length === 0) return
  const mails = found.map(({ mail }) => mail)
  await transaction.run(`UPDATE outbox_texts SET html = NULL WHERE mail IN ${placesFor(mails)}`, padded(mails))
  await transaction.run(`UPDATE outbox SET bytes = (SELECT LENGTH(content) FROM outbox_texts WHERE mail = outbox.id) WHERE id IN ${placesFor(mails)}`, padded(mails))
  await sharedTexts.forget(transaction, found.flatMap(({ marked }) => marked ?? []))
}

/** Most pictures go to many: those of large mail are stored once. The same HTML is looked through once. */
async function storedHtml(transaction: Transaction, mails: readonly Pick<NewMail, 'html'>[]): Promise<(string | null)[]> {
  const done = new Map<string, string>()
  for (const { html } of mails) if (html && html.length >= sharedHtmlFrom && !done.has(html)) done.set(html, await sharedTexts.withoutPictures(transaction, html))
  return mails.map(({ html = null }) => (html === null ? null : (done.get(html) ?? sharedTexts.withoutMarks(html))))
}

async function withPictures(from: Queryable, mails: StoredMail[]): Promise<StoredMail[]> {
  const done = new Map<string, string>()
  for (const { html } of mails) if (html?.includes('\x01') === true && !done.has(html)) done.set(html, await sharedTexts.whole(from, html))
  return done.size === 0 ? mails : mails.map((one) => ({ ...one, html: done.get(one.html ?? '') ?? one.html }))
}

const hasMarks = `html LIKE '%\x01%'`
async function htmlWithMarks(transaction: Transaction, ids: readonly number[]): Promise<string[]> {
  const rows = await transaction.all<{ html: string }>(`SELECT html FROM outbox_texts WHERE mail IN (SELECT id FROM outbox WHERE id IN ${placesFor(ids)} AND bytes >= ${sharedHtmlFrom}) AND ${hasMarks}`, padded(ids))
  return rows.map(({ html }) => html)
}

/** Nobody is to read a code once it was sent, so its words go with its end; without them it is not sent again. */
async function withoutCodes(transaction: Transaction, ids: readonly number[]): Promise<void> {
  await transaction.run(`UPDATE outbox_texts SET content = '', html = NULL WHERE mail IN (SELECT id FROM outbox WHERE id IN ${placesFor(ids)} AND ended_at IS NOT NULL AND kind = 'code')`, padded(ids))
}

const mayHavePictures = ({ state, length = Number.POSITIVE_INFINITY }: Pick<TryEnd, 'state' | 'length'>): boolean => state === 'sent' && length > mostHtmlOfSent

const hasEnded = ({ state }: Pick<TryEnd, 'state'>): boolean => state === 'sent' || state === 'refused'

const problemText = (problem: Problem | null): string | null => (problem === null ? null : JSON.stringify(problem))
const problemOf = (text: string | null): Problem | null => (text === null ? null : (JSON.parse(text) as Problem))
const asMail = <Mail extends ListedMail | StoredMail>(row: Sql<Mail>): Mail => ({ ...row, problem: problemOf(row.problem), priority: row.priority === 1 }) as unknown as Mail
