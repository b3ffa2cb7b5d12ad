import type { ParsedInput } from '#contract/calls.ts'
import type { HistoryEntry } from '#contract/history.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'

type Asked = Pick<ParsedInput<'history.list'>, 'name' | 'limit'> & Partial<ParsedInput<'history.list'>>

/** What was changed in the configuration, newest first. */
export const createHistory = ({ database, tables }: Pick<ConfigurationNeeds, 'database' | 'tables'>) => {
  /** The history of a name goes on under the names that it had before. */
  const list = async ({ name, ...filter }: Asked): Promise<HistoryEntry[]> =>
    tables.history.list(database, { ...filter, names: name === null ? null : namesBefore(name, await tables.history.renamings(database, { what: filter.what ?? null, after: 0 })) })
  return { list }
}

/** The names that something had, each with the entries in which it had it. */
const namesBefore = (name: string, renamings: readonly Renaming[], last: number | null = null): Named[] => {
  const renaming = renamings.findLast((one) => one.name === name && (last === null || one.id <= last))
  const own = { name, first: renaming?.id ?? 1, last }
  return renaming === undefined ? [own] : [own, ...namesBefore(renaming.was, renamings, renaming.id - 1)]
}

type Named = { name: string; first: number; last: number | null }
type Renaming = { id: number; was: string; name: string }
