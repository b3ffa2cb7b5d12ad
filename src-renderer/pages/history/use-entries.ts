import type { HistoryEntry } from '#contract/history.ts'
import { callMain } from '../../main-process/call-main.ts'
import { onTop, type RowsRead } from '../../main-process/rows-on-top.ts'
import { useCall, useReloadOn } from '../../main-process/use-call.ts'
import { usePages, type Pages } from '../../main-process/use-pages.ts'

export type Filter = { name: string | null; what: HistoryEntry['what'] | null; who: string | null; query: string }
export const noFilter: Filter = { name: null, what: null, who: null, query: '' }

const portion = 200

type Entries = Pick<Pages<EntryPage>, 'problem' | 'reload' | 'more' | 'hasMore'> & {
  entries: readonly HistoryEntry[] | null
  /** Names and people that the newest changes are about, for choosing. */
  known: { names: string[]; people: string[] }
}
type EntryPage = RowsRead<HistoryEntry>

/** The changes that fit, newest first, a portion at a time; new ones appear by themselves. */
export const useEntries = (filter: Filter): Entries => {
  const { rows, loaded, newest, refresh, ...pages } = usePages(JSON.stringify(filter), async (before) => {
    const found = await callMain('history.list', { ...filter, before, limit: portion })
    return { rows: found, next: found.length < portion ? null : (found.at(-1)?.id ?? null) }
  })
  useReloadOn(['history-grew'], () => refresh((read, page) => onTop(page, read, ({ id }) => id)))
  const all = useCall('history.list', { limit: 1000 }, { refreshOn: ['history-grew'] }).value ?? []
  return {
    ...pages, entries: loaded && newest !== null ? rows : null,
    known: { names: unique([...all.map(({ name }) => name), filter.name]), people: unique([...all.map(({ who }) => who), filter.who]) }
  }
}

const unique = (values: readonly (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))].sort()
