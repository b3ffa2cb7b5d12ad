import { useState, type UIEvent } from 'react'

const overscan = 20

export type RowWindow = { first: number; last: number; onScroll: (event: UIEvent<HTMLElement>) => void }

/** Which rows of a long list are drawn: those in sight and a few around them. */
export const useRowWindow = (count: number, rowHeight: number): RowWindow => {
  const [top, setTop] = useState(0)
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), count - 1) - overscan)
  const last = Math.min(count, first + Math.ceil(1_400 / rowHeight) + 2 * overscan)
  return { first, last, onScroll: (event) => void (event.target === event.currentTarget && setTop(event.currentTarget.scrollTop)) }
}
