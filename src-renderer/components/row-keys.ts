import type { KeyboardEvent } from 'react'

/** Keys that act on the active row. Enter and double-click open; `move` puts a row at another place, by Alt with an arrow. */
export type RowKeys<Row> = { open?: (row: Row) => void; remove?: (row: Row) => void; test?: (row: Row) => void; toggle?: (row: Row) => void; move?: (row: Row, to: number) => void }

/** What a key does to the row that has the focus; undefined where it does nothing. */
export const actionFor = <Row,>(event: KeyboardEvent, keys: RowKeys<Row>, row: Row, index: number, count: number, focusRow: (index: number) => void): (() => void) | undefined => {
  if (event.ctrlKey || event.metaKey) return undefined
  if (event.altKey) {
    const to = event.key === 'ArrowDown' ? index + 1 : event.key === 'ArrowUp' ? index - 1 : -1
    return keys.move && to >= 0 && to < count ? () => keys.move?.(row, to) : undefined
  }
  switch (event.key) {
    case 'ArrowDown': return () => focusRow(index + 1)
    case 'ArrowUp': return () => focusRow(index - 1)
    case 'PageDown': return () => focusRow(index + 15)
    case 'PageUp': return () => focusRow(index - 15)
    case 'Home': return () => focusRow(0)
    case 'End': return () => focusRow(count - 1)
    case 'Enter': return keys.open && (() => keys.open?.(row))
    case 'Delete': return keys.remove && (() => keys.remove?.(row))
    case ' ': return keys.toggle && (() => keys.toggle?.(row))
    case 't': case 'T': return keys.test && (() => keys.test?.(row))
    default: return undefined
  }
}

/** Scrolls just as far as is needed; rows have one height, and the header sticks above them. */
export const keepInSight = (scroller: HTMLElement, index: number, rowHeight: number): void => {
  const top = index * rowHeight
  const room = scroller.clientHeight - rowHeight - 32
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room
}
