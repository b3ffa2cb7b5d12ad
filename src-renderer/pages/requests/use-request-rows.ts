import type { RequestPage, RequestRow } from '#contract/request.ts'
import { callMain } from '../../main-process/call-main.ts'
import { onTop } from '../../main-process/rows-on-top.ts'
import { useReloadOn } from '../../main-process/use-call.ts'
import { usePages, type Pages } from '../../main-process/use-pages.ts'

export type RequestRows = Pick<Pages<RequestPage>, 'rows' | 'loaded' | 'problem' | 'more' | 'reload'> & { total: number; waiting: number; showWaiting: () => void }
const pageSize = 200

/** Rows page by page. New requests are laid on top at once while `steady` is false; otherwise they wait, so that nothing jumps. */
export const useRequestRows = (query: string, steady: () => boolean): RequestRows => {
  const { newest, put, refresh, ...pages } = usePages(query, (before) => callMain('requests.list', { limit: pageSize, before, query }))
  useReloadOn(['requests-changed'], () => refresh((read, page) => (steady() ? { ...read, rows: renewed(read.rows, page.rows) } : onTop(page, read, numberOf))))
  const top = pages.rows[0]?.number ?? 0
  const waiting = newest?.rows.filter(({ number }) => number > top).length ?? 0
  return { ...pages, total: newest?.total ?? 0, waiting, showWaiting: () => put((read, page) => onTop(page, read, numberOf)) }
}

const numberOf = ({ number }: RequestRow): number => number

/** The same rows with what changed in them. */
const renewed = (rows: readonly RequestRow[], fresh: readonly RequestRow[]): RequestRow[] => {
  const changed = new Map(fresh.map((row) => [row.number, row]))
  return rows.map((row) => changed.get(row.number) ?? row)
}
