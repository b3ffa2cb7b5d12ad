/** Rows that were read so far, newest first; `next` is where the page after them begins, null after the last one. */
export type RowsRead<Row> = { rows: readonly Row[]; next: number | null }

/** The newest page on top of the rows there are. Where more came than one page holds, the old rows are dropped, so that no gap is hidden. */
export const onTop = <Row>(page: RowsRead<Row>, read: RowsRead<Row>, idOf: (row: Row) => number): RowsRead<Row> => {
  const fresh = new Set(page.rows.map(idOf))
  const old = read.rows.filter((row) => !fresh.has(idOf(row)))
  return page.next === null || old.length === read.rows.length ? { rows: page.rows, next: page.next } : { rows: [...page.rows, ...old], next: read.next }
}
