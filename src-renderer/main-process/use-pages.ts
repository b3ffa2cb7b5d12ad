import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import { problemOf } from './call-main.ts'
import type { RowsRead } from './rows-on-top.ts'

/** Rows read page by page. `newest` is the first page as it was answered last; `loaded` says that both answer the present question. */
export type Pages<Page extends RowsRead<unknown>> = {
  rows: readonly Page['rows'][number][]
  newest: Page | null
  loaded: boolean
  problem: Problem | null
  /** Reads the page after the last row, where there is one. */
  more: () => void
  hasMore: boolean
  /** Begins anew. */
  reload: () => void
  /** Asks for the newest page; `change` says what then becomes of the rows there are. */
  refresh: (change: Change<Page>) => void
  /** Changes the rows by the newest page there is. */
  put: (change: Change<Page>) => void
}

type Read<Page extends RowsRead<unknown>> = RowsRead<Page['rows'][number]>
type Change<Page extends RowsRead<unknown>> = (read: Read<Page>, newest: Page) => Read<Page>

/** Asks for rows page by page, from the newest on. `key` is the question: another one begins anew, and the rows of the one before stay until it is answered. */
export const usePages = <Page extends RowsRead<unknown>>(key: string, ask: (before: number | null) => Promise<Page>): Pages<Page> => {
  const wanted = useRef(key)
  const busy = useRef(false)
  const [state, setState] = useState<Read<Page> & { key: string | null; newest: Page | null; problem: Problem | null; asking: number }>({ key: null, rows: [], next: null, newest: null, problem: null, asking: 0 })
  const askings = useRef(0)
  const hear = (before: number | null, change: (old: typeof state, page: Page) => typeof state): Promise<void> =>
    ask(before).then(
      (page) => void (wanted.current === key && setState((old) => change(old, page))),
      (thrown: unknown) => void (wanted.current === key && setState((old) => ({ ...old, problem: problemOf(thrown) })))
    )
  const refresh = (change: Change<Page>): void => {
    const asking = ++askings.current
    void hear(null, (old, page) => {
      // Answers may overtake each other.
      if (old.asking > asking) return old
      // Rows of another question are nothing to build on.
      const { rows, next } = old.key === key ? change(old, page) : page
      return { key, rows, next, newest: page, problem: null, asking }
    })
  }
  const reload = (): void => refresh((_, page) => page)
  const begin = useEffectEvent(reload)
  useEffect(() => {
    wanted.current = key
    begin()
  }, [key])
  const more = (): void => {
    const from = state.next
    if (busy.current || from === null || state.key !== key) return
    busy.current = true
    // Who began anew meanwhile has no place for these rows.
    void hear(from, (old, page) => (old.next === from ? { ...old, rows: [...old.rows, ...page.rows], next: page.next, problem: null } : old)).finally(() => { busy.current = false })
  }
  const put = (change: Change<Page>): void => setState((old) => (old.newest === null ? old : { ...old, ...change(old, old.newest) }))
  return { rows: state.rows, newest: state.newest, loaded: state.key === key, problem: state.problem, more, hasMore: state.next !== null, reload, refresh, put }
}
