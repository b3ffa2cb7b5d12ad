import { useCallback, useState } from 'react'

/** Rows that were ticked, by their keys, also beyond what the list shows. */
export type Ticks<Row> = {
  rows: ReadonlyMap<string | number, Row>
  toggle: (row: Row) => void
  /** Ticks these besides, or takes the ticks of these away where all of them have one. */
  toggleAll: (rows: readonly Row[]) => void
  set: (rows: readonly Row[]) => void
}

/** `keyOf` must stay the same function. */
export const useTicks = <Row,>(keyOf: (row: Row) => string | number): Ticks<Row> => {
  const [rows, setRows] = useState<ReadonlyMap<string | number, Row>>(new Map())
  const toggleAll = useCallback((some: readonly Row[]) => setRows((before) => {
    const next = new Map(before)
    const take = some.every((row) => before.has(keyOf(row)))
    for (const row of some) if (take) next.delete(keyOf(row)); else next.set(keyOf(row), row)
    return next
  }), [keyOf])
  const toggle = useCallback((row: Row) => toggleAll([row]), [toggleAll])
  const set = useCallback((some: readonly Row[]) => setRows(new Map(some.map((row) => [keyOf(row), row]))), [keyOf])
  return { rows, toggle, toggleAll, set }
}
