import type { CleanUp } from '#contract/storage.ts'
import type { ContentPlace } from '../content/content-store.ts'
import type { Remains } from '../intake/slim-message.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/** Times before which something is due, by partition or server; null: never. */
export type DueBefore<Key extends string | number> = { of: ReadonlyMap<Key, string | null>; others: string | null }
/** An entry of which something is due. `place` is null where it has no content, or none that is known. */
export type DueEntry = { id: number; content: string; receivedAt: string; removed: 'original' | 'text' | null; partition: string; place: ContentPlace | null; size: number }
export type DueError = { id: number; server: number; content: string | null; record: string }
export type PackUse = { pack: number; messages: number; bytes: number }
export type StoredPlace = { address: string; place: ContentPlace }
export type PartitionUse = { partition: string; messages: number; bytes: number; oldest: string | null }

/** What retention looks for and takes away, over the tables of mail. Contents are addressed by entries and by error records, by nothing else. */
export const retentionTable = {
  /** In the order of ids, those above `after`. */
  async dueEntries(queryable: Queryable, before: { originals: DueBefore<string>; texts: DueBefore<string> }, after: number, limit: number): Promise<DueEntry[]> {
    const due = dueCondition(before)
    const rows = await queryable.all<Omit<DueEntry, 'place'> & { pack: number | null; offset: number | null; length: number | null } & Row>(
      `SELECT e.id, e.content, e.received_at AS "receivedAt", e.removed, r.partition_name AS "partition", c.pack, c."offset", c.length, COALESCE(c.size, 0) AS size
       FROM entries e JOIN requests r ON r.number = e.request LEFT JOIN contents c ON c.address = e.content WHERE e.id > ? AND ${due.sql} ORDER BY e.id LIMIT ?`, [after, ...due.values, limit])
    return rows.map(({ pack, offset, length, ...row }) => ({ ...row, place: pack === null || offset === null || length === null ? null : { pack, offset, length } }))
  },

  /** How many entries lose their original, how many their text too, and how many error records go. */
  async removable(queryable: Queryable, before: { originals: DueBefore<string>; texts: DueBefore<string>; errorRecords: DueBefore<number> }): Promise<{ originals: number; texts: number; errorRecords: number }> {
    const due = dueCondition(before)
    const texts = caseOf('r.partition_name', before.texts)
    const [entries] = await queryable.all<{ texts: number | null; entries: number }>(
      `SELECT SUM(CASE WHEN e.received_at < ${texts.sql} THEN 1 ELSE 0 END) AS texts, COUNT(*) AS entries FROM entries e JOIN requests r ON r.number = e.request WHERE ${due.sql}`, [...texts.values, ...due.values])
    const errors = caseOf('server', before.errorRecords)
    const [records] = await queryable.all<{ count: number }>(`SELECT COUNT(*) AS count FROM errors WHERE failed_at < ${errors.sql}`, errors.values)
    return { originals: (entries?.entries ?? 0) - (entries?.texts ?? 0), texts: entries?.texts ?? 0, errorRecords: records?.count ?? 0 }
  },

  /** Nothing is left of these messages but their rows. */
  async removeTexts(transaction: Transaction, ids: readonly number[], at: string): Promise<void> {
    for (const some of portions(ids)) await transaction.run(`UPDATE entries SET content = '', removed = 'text', removed_at = ?, attachments = NULL WHERE id IN ${placeholders(some.length)}`, [at, ...some])
  },

  /** Puts a slim message in the place of the stored one; false where the entry has another content meanwhile. */
  async removeOriginal(transaction: Transaction, { id, was, content, remains }: { id: number; was: string; content: string; remains: Remains }, at: string): Promise<boolean> {
    return (await transaction.run(`UPDATE entries SET content = ?, removed = 'original', removed_at = ?, attachments = ? WHERE id = ? AND content = ? AND removed IS NULL`, [content, at, JSON.stringify(remains), id, was])).changes > 0
  },

  /** Error records in the order of ids. */
  async dueErrors(queryable: Queryable, before: DueBefore<number>, limit: number): Promise<DueError[]> {
    const due = caseOf('server', before)
    return queryable.all<DueError & Row>(`SELECT id, server, content, record FROM errors WHERE failed_at < ${due.sql} ORDER BY id LIMIT ?`, [...due.values, limit])
  },

  /** Forgets those of the contents that nothing refers to; answers the packs that they lay in. */
  async forgetUnused(transaction: Transaction, addresses: readonly string[]): Promise<number[]> {
    const packs = new Set<number>()
    for (const some of portions([...new Set(addresses)])) {
      const unused = await transaction.all<{ address: string; pack: number }>(`SELECT address, pack FROM contents c WHERE address IN ${placeholders(some.length)} AND ${isUnused}`, some)
      for (const { pack } of unused) packs.add(pack)
      if (unused.length > 0) await transaction.run(`DELETE FROM contents WHERE address IN ${placeholders(unused.length)}`, unused.map(({ address }) => address))
    }
    return [...packs]
  },

  /** Looks at the next `limit` contents after an address; null for `next` at the end. */
  async unused(queryable: Queryable, after: string, limit: number): Promise<{ addresses: string[]; next: string | null }> {
    const rows = await queryable.all<{ address: string; unused: number }>(`SELECT address, CASE WHEN ${isUnused} THEN 1 ELSE 0 END AS unused FROM (SELECT address FROM contents WHERE address > ? ORDER BY address LIMIT ?) c ORDER BY address`, [after, limit])
    return { addresses: rows.flatMap(({ address, unused }) => (unused === 1 ? [address] : [])), next: rows.length < limit ? null : (rows.at(-1)?.address ?? null) }
  },

  /** How much of each pack is in use. */
  async packs(queryable: Queryable): Promise<PackUse[]> {
    return queryable.all<PackUse & Row>('SELECT pack, COUNT(*) AS messages, SUM(length) AS bytes FROM contents GROUP BY pack')
  },

  /** Contents of a pack in the order of their places, from `offset` on. */
  async inPack(queryable: Queryable, pack: number, offset: number, limit: number): Promise<StoredPlace[]> {
    const rows = await queryable.all<{ address: string; offset: number; length: number }>('SELECT address, "offset", length FROM contents WHERE pack = ? AND "offset" >= ? ORDER BY "offset" LIMIT ?', [pack, offset, limit])
    return rows.map(({ address, ...place }) => ({ address, place: { pack, ...place } }))
  },

  /** A content that is gone or lies elsewhere meanwhile stays so. */
  async move(transaction: Transaction, moves: readonly (StoredPlace & { to: ContentPlace })[]): Promise<void> {
    for (const { address, place, to } of moves)
      await transaction.run('UPDATE contents SET pack = ?, "offset" = ? WHERE address = ? AND pack = ? AND "offset" = ?', [to.pack, to.offset, address, place.pack, place.offset])
  },

  async retire(transaction: Transaction, pack: number, at: string): Promise<void> {
    await transaction.run('DELETE FROM retired_packs WHERE pack = ?', [pack])
    await insertRows(transaction, 'retired_packs', ['pack', 'at'], [[pack, at]])
  },
  /** `at` is empty for a pack whose file goes or is gone. */
  async retired(queryable: Queryable): Promise<{ pack: number; at: string }[]> {
    return queryable.all<{ pack: number; at: string }>('SELECT pack, at FROM retired_packs ORDER BY pack')
  },
  /** From now on no message can be committed into the pack: `contents.add` refuses it. */
  async seal(transaction: Transaction, pack: number): Promise<void> {
    await transaction.run("UPDATE retired_packs SET at = '' WHERE pack = ?", [pack])
  },
  async forgetRetired(transaction: Transaction, packs: readonly number[]): Promise<void> {
    for (const some of portions(packs)) await transaction.run(`DELETE FROM retired_packs WHERE pack IN ${placeholders(some.length)}`, some)
  },

  /** What requests and error records have stored; a content that several have counts for each. */
  async usage(queryable: Queryable): Promise<{ partitions: PartitionUse[]; errors: Omit<PartitionUse, 'partition'> }> {
    const partitions = await queryable.all<PartitionUse & Row>(
      `SELECT r.partition_name AS "partition", COUNT(*) AS messages, COALESCE(SUM(c.length), 0) AS bytes, MIN(e.received_at) AS oldest FROM entries e JOIN requests r ON r.number = e.request LEFT JOIN contents c ON c.address = e.content GROUP BY r.partition_name ORDER BY r.partition_name`)
    const [errors] = await queryable.all<Omit<PartitionUse, 'partition'> & Row>(`SELECT COUNT(*) AS messages, COALESCE(SUM(c.length), 0) AS bytes, MIN(e.failed_at) AS oldest FROM errors e LEFT JOIN contents c ON c.address = e.content`)
    return { partitions, errors: errors ?? { messages: 0, bytes: 0, oldest: null } }
  },

  /** The newest hundred are kept. */
  async addCleanUp(transaction: Transaction, at: string, answer: CleanUp): Promise<void> {
    const [row] = await transaction.all<{ newest: number | null }>('SELECT MAX(id) AS newest FROM clean_ups')
    const id = (row?.newest ?? 0) + 1
    await insertRows(transaction, 'clean_ups', ['id', 'at', 'answer'], [[id, at, JSON.stringify(answer)]])
    await transaction.run('DELETE FROM clean_ups WHERE id <= ?', [id - 100])
  },
  async lastCleanUp(queryable: Queryable): Promise<{ at: string; answer: CleanUp } | null> {
    const [row] = await queryable.all<{ at: string; answer: string }>('SELECT at, answer FROM clean_ups ORDER BY id DESC LIMIT 1')
    return row === undefined ? null : { at: row.at, answer: JSON.parse(row.answer) as CleanUp }
  }
}
export type RetentionTable = typeof retentionTable

const isUnused = 'NOT EXISTS (SELECT 1 FROM entries WHERE entries.content = c.address) AND NOT EXISTS (SELECT 1 FROM errors WHERE errors.content = c.address)'

type Condition = { sql: string; values: SqlValue[] }

function dueCondition({ originals, texts }: { originals: DueBefore<string>; texts: DueBefore<string> }): Condition {
  const original = caseOf('r.partition_name', originals)
  const text = caseOf('r.partition_name', texts)
  return {
    // The first two comparisons spare most rows the look at their request.
    sql: `(e.removed IS NULL AND e.received_at < ? AND e.received_at < ${original.sql} OR (e.removed IS NULL OR e.removed = 'original') AND e.received_at < ? AND e.received_at < ${text.sql})`,
    values: [latest(originals), ...original.values, latest(texts), ...text.values]
  }
}

/** Nothing comes before an empty text. */
const timeOf = (time: string | null): string => time ?? ''
const latest = ({ of, others }: DueBefore<string>): string => [...of.values(), others].map(timeOf).reduce((one, other) => (one > other ? one : other))

function caseOf<Key extends string | number>(column: string, { of, others }: DueBefore<Key>): Condition {
  const own = [...of].filter(([, time]) => time !== others)
  if (own.length === 0) return { sql: '?', values: [timeOf(others)] }
  return { sql: `CASE ${column} ${own.map(() => 'WHEN ? THEN ?').join(' ')} ELSE ? END`, values: [...own.flatMap(([key, time]): SqlValue[] => [key, timeOf(time)]), timeOf(others)] }
}
