import { createHash } from 'node:crypto'
import type { HistoryEntry } from '#contract/history.ts'
import { hashOfEntry, sealOf, type ChainEntry, type StoredChainEntry } from '../model/history-chain.ts'
import type { HistoryFilter, HistoryTable } from '../servers/configuration-tables.ts'
import { createConditions, likePattern, type Conditions } from './conditions.ts'
import type { Queryable } from './database.ts'
import { sharedTexts } from './shared-texts.ts'

const columns = 'id, at, who, what, name, action, changes, reason, version, previous, hash'
const listed = 'id, at, who, what, name, action, changes, reason, hash, version IS NOT NULL AS has_version'

/** Changes of the configuration, each chained to the one before; entries are added and never altered. */
export const historyTable: HistoryTable = {
  async add(transaction, { changes, version = null, ...entry }) {
    const [newest] = await transaction.all<{ id: number; hash: string | null }>('SELECT id, hash FROM history ORDER BY id DESC LIMIT 1')
    const previous = newest === undefined ? null : (newest.hash ?? sealOf(await stored(transaction, 0, null), sha256))
    const chained: ChainEntry = { ...entry, id: (newest?.id ?? 0) + 1, changes: JSON.stringify(changes), version: version === null ? null : await sharedTexts.shorten(transaction, JSON.stringify(version)), previous }
    await transaction.run(`INSERT INTO history (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
      chained.id, chained.at, chained.who, chained.what, chained.name, chained.action, chained.changes, chained.reason, chained.version, chained.previous, hashOfEntry(chained, sha256)
    ])
  },

  async list(from, filter) {
    const where = conditionsOf(filter)
    const rows = await from.all<ListedRow>(`SELECT ${listed} FROM history ${where.text()} ORDER BY id DESC LIMIT ?`, [...where.values, filter.limit])
    return rows.map(toEntry)
  },

  async renamings(from, { what, after }) {
    const sql = `SELECT id, name, changes FROM history WHERE id > ? AND (? = '' OR what = ?) AND changes LIKE '%"field":"name"%' AND action <> 'added' AND action <> 'deleted' ORDER BY id`
    const rows = await from.all<{ id: number; name: string; changes: string }>(sql, [after, what ?? '', what ?? ''])
    return rows.flatMap(({ id, name, changes }) => {
      const was = (JSON.parse(changes) as HistoryEntry['changes']).find(({ field }) => field === 'name')?.from
      return was === undefined || was === '' ? [] : [{ id, was, name }]
    })
  },

  async find(from, id) {
    const [row] = await from.all<ListedRow & { version: string | null }>(`SELECT ${listed}, version FROM history WHERE id = ?`, [id])
    if (row === undefined) return null
    const { version, ...entry } = row
    return { entry: toEntry(entry), version: version === null ? null : (JSON.parse(await sharedTexts.whole(from, version)) as unknown) }
  },

  stored,

  isWhole: async (from, { version }, seen) => version === null || sharedTexts.areSound(from, version, seen),

  async newest(from) {
    const [row] = await from.all<{ id: number; hash: string | null; entries: number }>('SELECT id, hash, (SELECT COUNT(*) FROM history) AS entries FROM history ORDER BY id DESC LIMIT 1')
    return row === undefined || row.hash === null ? null : { id: row.id, head: row.hash, entries: row.entries }
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

async function stored(from: Queryable, after: number, limit: number | null): Promise<StoredChainEntry[]> {
  return from.all<StoredChainEntry>(`SELECT ${columns} FROM history WHERE id > ? ORDER BY id ${limit === null ? '' : 'LIMIT ?'}`, limit === null ? [after] : [after, limit])
}

function conditionsOf({ names = null, what = null, who = null, query = '', before = null }: HistoryFilter): Conditions {
  const where = createConditions()
  if (names !== null) where.add(`(${names.map(() => '(name = ? AND id BETWEEN ? AND ?)').join(' OR ')})`, ...names.flatMap(({ name, first, last }) => [name, first, last ?? Number.MAX_SAFE_INTEGER]))
  if (what !== null) where.add('what = ?', what)
  if (who !== null) where.add('who = ?', who)
  if (before !== null) where.add('id < ?', before)
  if (query !== '') where.add(`LOWER(who || ' ' || name || ' ' || what || ' ' || action || ' ' || changes || ' ' || COALESCE(reason, '')) LIKE lower(?) ESCAPE '!'`, likePattern(query))
  return where
}

type ListedRow = { id: number; at: string; who: string; what: string; name: string; action: string; changes: string; reason: string | null; hash: string | null; has_version: number }

const toEntry = ({ has_version: hasVersion, ...row }: ListedRow): HistoryEntry => ({
  ...row,
  what: row.what as HistoryEntry['what'],
  action: row.action as HistoryEntry['action'],
  changes: JSON.parse(row.changes) as HistoryEntry['changes'],
  hasVersion: hasVersion === 1
})
