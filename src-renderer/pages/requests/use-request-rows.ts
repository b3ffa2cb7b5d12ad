import { useCallback, useEffect, useRef, useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import type { RequestPage, RequestRow } from '#contract/request.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useMainEvent } from '../../main-process/use-main-event.ts'

export type RequestRows = { rows: RequestRow[]; total: number; loaded: boolean; problem: Problem | null; waiting: number; more: () => void; showWaiting: () => void; reload: () => void }
type Filter = { query: string; server: string | null }
const pageSize = 200
const bunchMs = 300

/** Rows page by page. New requests are laid on top at once while `steady` is false; otherwise they wait, so that nothing jumps. */
export const useRequestRows = (filter: Filter, steady: () => boolean): RequestRows => {
  const key = JSON.stringify(filter)
  const present = useRef(key)
  const busy = useRef(false)
  const next = useRef<number | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const [state, setState] = useState<{ rows: RequestRow[]; total: number; loaded: boolean; problem: Problem | null; fresh: RequestPage | null }>({ rows: [], total: 0, loaded: false, problem: null, fresh: null })
  const ask = useCallback(async (before: number | null) => callMain('requests.list', { limit: pageSize, before, ...(JSON.parse(key) as Filter) }), [key])
  const fail = useCallback((thrown: unknown) => setState((old) => ({ ...old, loaded: true, problem: problemOf(thrown) })), [])
  const reload = useCallback(() => {
    present.current = key
    ask(null).then((page) => {
      if (present.current !== key) return
      next.current = page.next
      setState({ rows: page.rows, total: page.total, loaded: true, problem: null, fresh: null })
    }, fail)
  }, [ask, key, fail])
  useEffect(() => reload(), [reload])
  const more = useCallback(() => {
    if (busy.current || next.current === null) return
    busy.current = true
    ask(next.current).then((page) => {
      if (present.current !== key) return
      next.current = page.next
      setState((old) => ({ ...old, rows: merged(old.rows, page.rows) }))
    }, fail).finally(() => { busy.current = false })
  }, [ask, key, fail])
  const refresh = (): void => {
    timer.current = null
    ask(null).then((page) => {
      if (present.current !== key) return
      setState((old) => (steady() ? { ...old, total: page.total, rows: renewed(old.rows, page.rows), fresh: page } : { ...old, total: page.total, rows: laidOnTop(page, old.rows, next), fresh: null }))
    }, fail)
  }
  useMainEvent('requests-changed', () => { timer.current ??= setTimeout(refresh, bunchMs) })
  useEffect(() => () => { if (timer.current) clearTimeout(timer.current) }, [])
  const top = state.rows[0]?.number ?? 0
  const waiting = state.fresh?.rows.filter((row) => row.number > top).length ?? 0
  const showWaiting = useCallback(() => setState((old) => ({ ...old, rows: old.fresh ? laidOnTop(old.fresh, old.rows, next) : old.rows, fresh: null })), [])
  return { ...state, waiting, more, showWaiting, reload }
}

/** The newest page on top of the rows there are. Where more came than one page holds, the old rows are dropped, so that no gap is hidden. */
const laidOnTop = (page: RequestPage, rows: readonly RequestRow[], next: { current: number | null }): RequestRow[] => {
  const known = new Set(rows.map((row) => row.number))
  if (page.next === null || page.rows.some((row) => known.has(row.number))) return merged(page.rows, rows)
  next.current = page.next
  return page.rows
}

/** First the rows of `front`, then those of `back` that are not in it. */
const merged = (front: readonly RequestRow[], back: readonly RequestRow[]): RequestRow[] => {
  const known = new Set(front.map((row) => row.number))
  return [...front, ...back.filter((row) => !known.has(row.number))]
}

/** The same rows with what changed in them. */
const renewed = (rows: readonly RequestRow[], fresh: readonly RequestRow[]): RequestRow[] => {
  const changed = new Map(fresh.map((row) => [row.number, row]))
  return rows.map((row) => changed.get(row.number) ?? row)
}
