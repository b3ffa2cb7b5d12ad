import type { LedgerOutcome, LedgerRow } from '#contract/ledger.ts'
import { createConditions, likePattern, type Conditions } from './conditions.ts'
import type { Queryable, Row } from './database.ts'
import { placeholders, portions } from './insert-rows.ts'
import { messageKey } from './message-key.ts'

/** `serverId` is the id under which the rows are kept. */
export type LedgerFilter = { serverId: number | null; outcome: LedgerOutcome | null; query: string }
export type LedgerListed = Omit<LedgerRow, 'server'> & { serverId: number }
type Mailbox = { server: number; identity: string }
type ListedSqlRow = Omit<LedgerListed, 'isFinished'> & { acknowledged: number } & Row

const from = 'FROM ledger l LEFT JOIN requests r ON r.number = l.request LEFT JOIN errors e ON e.id = l.error'
const headline = `COALESCE(l.subject, e.subject, r.subject) AS subject, COALESCE(l.sender, e.sender, r.requester) AS "from"`

/** The ledger as people look at it, and as it is held against a mailbox. */
export const ledgerViews = {
  /** Newest first; `query` is looked for in subject and sender, or is a number of a request, an id on the server or a Message-ID. */
  async page(queryable: Queryable, filter: LedgerFilter, limit: number, before: number | null): Promise<LedgerListed[]> {
    const where = conditions(filter)
    if (filter.outcome !== null) where.add('l.outcome = ?', filter.outcome)
    if (before !== null) where.add('l.id < ?', before)
    const rows = await queryable.all<ListedSqlRow>(
      `SELECT l.id, l.server AS "serverId", l.uid, l.at, l.outcome, l.reason, l.request, l.error, l.acknowledged, ${headline} ${from} ${where.text()} ORDER BY l.id DESC LIMIT ?`, [...where.values, limit])
    return rows.map(({ acknowledged, ...row }) => ({ ...row, isFinished: acknowledged === 1 }))
  },

  /** How many rows each outcome has; the filter's own `outcome` plays no part. */
  async counts(queryable: Queryable, filter: Pick<LedgerFilter, 'serverId' | 'query'>): Promise<{ outcome: LedgerOutcome; count: number }[]> {
    const where = conditions(filter)
    const source = filter.query.trim() === '' ? 'FROM ledger l' : from
    return queryable.all<{ outcome: LedgerOutcome; count: number } & Row>(`SELECT l.outcome AS outcome, COUNT(*) AS count ${source} ${where.text()} GROUP BY l.outcome ORDER BY l.outcome`, where.values)
  },

  /** Those of the Message-IDs (without brackets) of which it is known what became through these servers: part of a request, an error record, or dropped. */
  async knownMessageIds(queryable: Queryable, servers: readonly number[], messageIds: readonly string[]): Promise<Set<string>> {
    const ids = [...new Set(messageIds)]
    const found = await inRequests(queryable, servers, ids)
    for (const some of portions(ids)) {
      const written = some.map((id) => `<${id}>`)
      const rows = await queryable.all<{ id: string }>(
        `SELECT message_id AS id FROM ledger WHERE message_id IS NOT NULL AND message_id IN ${placeholders(written.length)} AND server IN ${placeholders(servers.length)} AND outcome <> 'released'
          UNION SELECT message_id AS id FROM errors WHERE message_id IN ${placeholders(written.length)} AND server IN ${placeholders(servers.length)} AND place <> 'inbox'`, [...written, ...servers, ...written, ...servers])
      for (const { id } of rows) found.add(id.slice(1, -1))
    }
    return found
  },

  /** When the first message of a server was committed; null: none was. */
  async firstAt(queryable: Queryable, server: number): Promise<string | null> {
    const [row] = await queryable.all<{ at: string | null }>('SELECT MIN(at) AS at FROM ledger WHERE server = ?', [server])
    return row?.at ?? null
  },

  /** Rows of a server that belong to another numbering of its mailbox, or to another folder. */
  async countOfOtherIdentities(queryable: Queryable, { server, identity }: Mailbox): Promise<number> {
    const [row] = await queryable.all<{ rows: number }>(`SELECT COUNT(*) AS "rows" FROM ledger WHERE server = ? AND identity <> ? AND identity <> 'files'`, [server, identity])
    return row?.rows ?? 0
  },

  /** Rows of a server that name a request, an error record or a stored message which is not there; what retention took away is no such thing. */
  async dangling(queryable: Queryable, server: number): Promise<{ uid: string; subject: string; from: string; at: string }[]> {
    const entry = `EXISTS (SELECT 1 FROM entries n LEFT JOIN contents c ON c.address = n.content WHERE n.request = l.request AND (n.removed IS NULL OR n.removed <> 'text') AND c.address IS NULL)`
    return queryable.all<{ uid: string; subject: string; from: string; at: string } & Row>(
      `SELECT l.uid, l.at, COALESCE(l.subject, e.subject, r.subject, '') AS subject, COALESCE(l.sender, e.sender, r.requester, '') AS "from" ${from} LEFT JOIN contents k ON k.address = e.content
        WHERE l.server = ? AND ((l.request IS NOT NULL AND r.number IS NULL) OR (l.error IS NOT NULL AND e.id IS NULL) OR (e.content IS NOT NULL AND k.address IS NULL) OR (l.outcome = 'request' AND ${entry})) ORDER BY l.id`, [server])
  }
}

/** One mail may have come to several mailboxes: it counts where a request of these servers has it. */
async function inRequests(queryable: Queryable, servers: readonly number[], messageIds: readonly string[]): Promise<Set<string>> {
  const found = new Map<string, number[]>()
  for (const some of portions(messageIds)) {
    const keys = new Map(some.map((id) => [messageKey(`<${id}>`), id]))
    const rows = await queryable.all<{ key: string; request: number }>(`SELECT message_key AS "key", request FROM threads WHERE message_key IN ${placeholders(keys.size)}`, [...keys.keys()])
    for (const { key, request } of rows) found.set(keys.get(key) ?? '', [...(found.get(keys.get(key) ?? '') ?? []), request])
  }
  if (found.size === 0) return new Set()
  const own = await queryable.all<{ request: number }>(`SELECT DISTINCT request FROM ledger WHERE request IS NOT NULL AND server IN ${placeholders(servers.length)}`, servers)
  const requests = new Set(own.map(({ request }) => request))
  return new Set([...found].filter(([, numbers]) => numbers.some((number) => requests.has(number))).map(([id]) => id))
}

function conditions({ serverId, query }: Pick<LedgerFilter, 'serverId' | 'query'>): Conditions {
  const where = createConditions()
  if (serverId !== null) where.add('l.server = ?', serverId)
  const wanted = query.trim()
  const number = /^#?(\d{1,9})$/.exec(wanted)?.[1]
  const like = likePattern(wanted.toLowerCase())
  const bracketed = wanted.startsWith('<') ? wanted : `<${wanted}>`
  const texts = `lower(l.subject) LIKE ? ESCAPE '!' OR lower(l.sender) LIKE ? ESCAPE '!' OR r.search LIKE ? ESCAPE '!' OR lower(e.subject) LIKE ? ESCAPE '!' OR lower(e.sender) LIKE ? ESCAPE '!' OR l.uid = ? OR l.message_id = ? OR e.message_id = ? OR r.message_id = ?`
  if (wanted !== '') where.add(`(${number === undefined ? '' : 'l.request = ? OR '}${texts})`, ...(number === undefined ? [] : [Number(number)]), like, like, like, like, like, wanted, bracketed, bracketed, bracketed)
  return where
}
