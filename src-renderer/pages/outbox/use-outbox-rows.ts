import type { OutboxPage, OutboxRow } from '#contract/outbox.ts'
import { callMain } from '../../main-process/call-main.ts'
import { onTop } from '../../main-process/rows-on-top.ts'
import { useReloadOn } from '../../main-process/use-call.ts'
import { usePages, type Pages } from '../../main-process/use-pages.ts'
import type { OutboxFilter } from './use-outbox-filter.ts'

export type OutboxRows = Pick<Pages<OutboxPage>, 'rows' | 'newest' | 'loaded' | 'problem' | 'more' | 'reload'> & { /** Mail that came since, and is not shown yet. */ fresh: number; /** Mail that is in the list and does not fit it any more. */ gone: ReadonlySet<number>; showFresh: () => void }
const pageSize = 200

/** Rows page by page. While `steady` is true what comes and goes waits until it is asked for: only what stands in the rows is renewed, so that nothing jumps. */
export const useOutboxRows = (filter: OutboxFilter, steady: () => boolean): OutboxRows => {
  const { newest, put, refresh, ...pages } = usePages(JSON.stringify(filter), (before) => callMain('outbox.list', { ...filter, limit: before === null ? pageSize : 500, before }))
  useReloadOn(['outbox-changed'], () => refresh((read, page) => (steady() ? { ...read, rows: renewed(read.rows, page.rows) } : onTop(page, read, idOf))), 500)
  const top = pages.rows[0]?.id ?? 0
  const fresh = newest?.rows.filter(({ id }) => id > top).length ?? 0
  return { ...pages, newest, fresh: pages.rows.length === 0 ? 0 : fresh, gone: goneOf(pages.rows, newest), showFresh: () => put((read, page) => onTop(page, read, idOf)) }
}

const idOf = ({ id }: OutboxRow): number => id

/** The same rows with what changed in them. */
const renewed = (rows: readonly OutboxRow[], fresh: readonly OutboxRow[]): OutboxRow[] => {
  const changed = new Map(fresh.map((row) => [row.id, row]))
  return rows.map((row) => changed.get(row.id) ?? row)
}

/** The newest page says of rows as far down as it goes whether they are still there. */
const goneOf = (rows: readonly OutboxRow[], newest: OutboxPage | null): ReadonlySet<number> => {
  if (newest === null) return new Set()
  const there = new Set(newest.rows.map(idOf))
  const last = newest.next === null ? 0 : (newest.rows.at(-1)?.id ?? 0)
  return new Set(rows.map(idOf).filter((id) => id >= last && !there.has(id)))
}
