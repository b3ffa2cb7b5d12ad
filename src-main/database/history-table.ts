import type { HistoryEntry } from '#contract/history.ts'
import type { HistoryTable } from '../servers/configuration-tables.ts'
import type { SqlValue } from './database.ts'

type StoredEntry = { id: number; at: string; who: string; what: string; name: string; action: string; changes: string; reason: string | null }

/** Changes of the configuration; entries are added and never altered. */
export const historyTable: HistoryTable = {
  add: async (transaction, entry) => {
    const [highest] = await transaction.all<{ id: number | null }>('SELECT MAX(id) AS id FROM history')
    await transaction.run('INSERT INTO history (id, at, who, what, name, action, changes, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
      (highest?.id ?? 0) + 1, entry.at, entry.who, entry.what, entry.name, entry.action, JSON.stringify(entry.changes), entry.reason
    ])
  },
  list: async (from, { name, before, limit }) => {
    const conditions = [name === null ? null : 'name = ?', before === null ? null : 'id < ?'].filter((condition) => condition !== null)
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
    const parameters: SqlValue[] = [name, before, limit].filter((value) => value !== null)
    const rows = await from.all<StoredEntry>(`SELECT id, at, who, what, name, action, changes, reason FROM history ${where} ORDER BY id DESC LIMIT ?`, parameters)
    return rows.map(toEntry)
  }
}

const toEntry = (row: StoredEntry): HistoryEntry => ({
  ...row,
  what: row.what as HistoryEntry['what'],
  action: row.action as HistoryEntry['action'],
  changes: JSON.parse(row.changes) as HistoryEntry['changes']
})
