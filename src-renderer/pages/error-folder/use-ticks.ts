import { useCallback, useState } from 'react'
import type { ErrorRow } from '#contract/error-record.ts'

/** Messages that were ticked, also beyond what the list shows. */
export type Ticks = {
  rows: ReadonlyMap<number, ErrorRow>
  toggle: (row: ErrorRow) => void
  /** Ticks these besides, or takes the ticks of these away where all of them have one. */
  toggleAll: (rows: readonly ErrorRow[]) => void
  set: (rows: readonly ErrorRow[]) => void
}

export const useTicks = (): Ticks => {
  const [rows, setRows] = useState<ReadonlyMap<number, ErrorRow>>(new Map())
  const toggleAll = useCallback((some: readonly ErrorRow[]) => setRows((before) => {
    const next = new Map(before)
    const take = some.every(({ id }) => before.has(id))
    for (const row of some) if (take) next.delete(row.id); else next.set(row.id, row)
    return next
  }), [])
  const toggle = useCallback((row: ErrorRow) => toggleAll([row]), [toggleAll])
  const set = useCallback((some: readonly ErrorRow[]) => setRows(new Map(some.map((row) => [row.id, row]))), [])
  return { rows, toggle, toggleAll, set }
}
