import { useCallback, useEffect, useRef, useState } from 'react'
import type { LedgerOutcome, LedgerPage, LedgerRow } from '#contract/ledger.ts'
import type { Problem } from '#contract/problem.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'

export type LedgerChoice = { server: string | null; outcome: LedgerOutcome | null; query: string }
export type LedgerRows = { rows: LedgerRow[]; counts: LedgerPage['counts']; total: number; loaded: boolean; problem: Problem | null; more: () => void; reload: () => void }

const pageSize = 200
const nothing = { rows: [], counts: [], total: 0, loaded: false, problem: null }

/** Rows page by page, from the newest on. They stay as they are while somebody reads; `reload` begins anew. */
export const useLedgerRows = (choice: LedgerChoice): LedgerRows => {
  const key = JSON.stringify(choice)
  const present = useRef(key)
  const busy = useRef(false)
  const next = useRef<number | null>(null)
  const [state, setState] = useState<Omit<LedgerRows, 'more' | 'reload'>>(nothing)
  const ask = useCallback((before: number | null) => callMain('ledger.list', { ...(JSON.parse(key) as LedgerChoice), limit: pageSize, before }), [key])
  const fail = useCallback((thrown: unknown) => setState((old) => ({ ...old, loaded: true, problem: problemOf(thrown) })), [])
  const reload = useCallback(() => {
    present.current = key
    ask(null).then((page) => {
      if (present.current !== key) return
      next.current = page.next
      setState({ rows: page.rows, counts: page.counts, total: page.total, loaded: true, problem: null })
    }, fail)
  }, [ask, key, fail])
  useEffect(() => reload(), [reload])
  const more = useCallback(() => {
    if (busy.current || next.current === null) return
    busy.current = true
    ask(next.current).then((page) => {
      if (present.current !== key) return
      next.current = page.next
      setState((old) => ({ ...old, rows: [...old.rows, ...page.rows] }))
    }, fail).finally(() => { busy.current = false })
  }, [ask, key, fail])
  return { ...state, more, reload }
}
