import type { ParsedInput } from '#contract/calls.ts'
import type { HistoryEntry } from '#contract/history.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'

/** What was changed in the configuration, newest first. */
export const createHistory = ({ database, tables }: Pick<ConfigurationNeeds, 'database' | 'tables'>) => {
  /** The history of a name goes on under the names that it had before. */
  const list = async ({ name, limit }: ParsedInput<'history.list'>): Promise<HistoryEntry[]> => {
    const entries: HistoryEntry[] = []
    let asked = { name, before: null as number | null }
    for (;;) {
      const found = await tables.history.list(database, { ...asked, limit: limit - entries.length })
      const renaming = name === null ? -1 : found.findIndex((entry) => earlierName(entry) !== null)
      entries.push(...(renaming === -1 ? found : found.slice(0, renaming + 1)))
      const last = found[renaming]
      if (last === undefined || entries.length >= limit) return entries
      asked = { name: earlierName(last), before: last.id }
    }
  }
  return { list }
}

const earlierName = (entry: HistoryEntry): string | null =>
  entry.action === 'changed' ? (entry.changes.find((change) => change.field === 'name')?.from ?? null) : null
