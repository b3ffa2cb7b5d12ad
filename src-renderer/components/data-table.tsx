import { Box } from '@mui/material'
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject } from 'react'
import { actionFor, keepInSight, type RowKeys } from './row-keys.ts'

export type Column<Row> = { id: string; header: string; width: string; align?: 'right'; cell: (row: Row) => ReactNode }

export type DataTableNeeds<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string | number
  selected: string | number | null
  onSelect: (row: Row) => void
  keys?: RowKeys<Row>
  minWidth?: number
  rowHeight?: number
  /** Draws only the rows in sight and calls `onNearEnd` when the last ones come close; the table then scrolls by itself. */
  virtual?: { total: number; onNearEnd: () => void; scroller?: RefObject<HTMLDivElement | null>; onScroll?: (top: number) => void }
  /** Opens on a single click, as a list beside its detail does. */
  openOnClick?: boolean
}

const overscan = 12

/** A table of rows that is walked by arrows, and put in order by dragging where `keys.move` is there; one row at a time is in the tab order, and focus stays with its row when rows come and go. */
export const DataTable = <Row,>(needs: DataTableNeeds<Row>) => {
  const { label, columns, rows, keyOf, selected, virtual, rowHeight = 34 } = needs
  const own = useRef<HTMLDivElement | null>(null)
  const scroller = virtual?.scroller ?? own
  const [top, setTop] = useState(0)
  const [, setMoves] = useState(0)
  const template = columns.map((column) => column.width).join(' ')
  const activeIndex = Math.max(0, rows.findIndex((row) => keyOf(row) === selected))
  const inSight = Math.ceil(1400 / rowHeight)
  const first = virtual ? Math.max(0, Math.min(Math.floor(top / rowHeight), Math.max(0, rows.length - 1)) - overscan) : 0
  const last = virtual ? Math.min(rows.length, first + inSight + 2 * overscan) : rows.length
  const reachable = activeIndex >= first && activeIndex < last ? activeIndex : Math.min(Math.max(0, last - 1), first + overscan)
  const wanted = useRef<number | null>(null)
  const [dragged, setDragged] = useState<{ row: Row; over: number } | null>(null)
  const move = needs.keys?.move
  // A row that scrolls into sight is there only after a later drawing: the focus waits for it.
  useEffect(() => {
    if (wanted.current === null) return
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`)
    if (!row) return
    wanted.current = null
    row.focus({ preventScroll: virtual !== undefined })
  })
  const focusRow = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (row === undefined) return
    needs.onSelect(row)
    const place = rows.indexOf(row)
    wanted.current = place
    if (virtual && scroller.current) {
      keepInSight(scroller.current, place, rowHeight)
      setTop(scroller.current.scrollTop)
    }
    setMoves((times) => times + 1)
  }
  const moveWithFocus = (row: Row, to: number): void => {
    needs.onSelect(row)
    move?.(row, to)
    wanted.current = to
    setMoves((times) => times + 1)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = (event.target as HTMLElement).dataset['row']
    if (place === undefined) return
    const row = rows[Number(place)]
    const act = row === undefined ? undefined : actionFor(event, { ...needs.keys, ...(move ? { move: moveWithFocus } : {}) }, row, Number(place), rows.length, focusRow)
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <Box
      ref={scroller} role="grid" aria-label={label} aria-rowcount={(virtual?.total ?? rows.length) + 1} onKeyDown={onKeyDown}
      onScroll={(event) => {
        if (!virtual || event.target !== event.currentTarget) return
        setTop(event.currentTarget.scrollTop)
        virtual.onScroll?.(event.currentTarget.scrollTop)
        if (event.currentTarget.scrollTop + event.currentTarget.clientHeight > (rows.length - 30) * rowHeight) virtual.onNearEnd()
      }}
      sx={{ overflow: 'auto', position: 'relative', ...(virtual ? { flex: 1, minHeight: 120 } : {}) }}
    >
      <Box sx={{ minWidth: needs.minWidth ?? 'auto' }}>
        <HeaderRow columns={columns} template={template} />
        <Box role="rowgroup" sx={virtual ? { height: rows.length * rowHeight, position: 'relative' } : {}}>
          {rows.slice(first, last).map((row, offset) => {
            const index = first + offset
            return (
              <BodyRow
                key={keyOf(row)} row={row} index={index} columns={columns} template={template} height={rowHeight} virtual={virtual !== undefined}
                selected={keyOf(row) === selected} reachable={index === reachable}
                onClick={() => { needs.onSelect(row); if (needs.openOnClick) needs.keys?.open?.(row) }}
                onOpen={needs.openOnClick ? undefined : () => needs.keys?.open?.(row)}
                drag={move && {
                  at: dragged?.over === index ? (rows.indexOf(dragged.row) < index ? 'below' : 'above') : null,
                  start: () => setDragged({ row, over: index }), over: () => dragged && dragged.over !== index && setDragged({ ...dragged, over: index }), end: () => setDragged(null),
                  drop: () => { if (dragged && dragged.row !== row) { needs.onSelect(dragged.row); move(dragged.row, index) } setDragged(null) }
                }}
              />
            )
          })}
        </Box>
      </Box>
    </Box>
  )
}

const HeaderRow = <Row,>({ columns, template }: { columns: readonly Column<Row>[]; template: string }) => (
  <Box role="rowgroup" sx={{ position: 'sticky', top: 0, zIndex: 1, bgcolor: 'background.paper' }}>
    <Box role="row" sx={{ display: 'grid', gridTemplateColumns: template, height: 32, alignItems: 'center', borderBottom: 1, borderColor: 'divider', px: 0.75 }}>
      {columns.map((column) => (
        <Box key={column.id} role="columnheader" sx={{ px: 0.75, fontSize: 12, fontWeight: 500, color: 'text.secondary', textAlign: column.align, whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}>{column.header}</Box>
      ))}
    </Box>
  </Box>
)

/** A double click opens a row; it is not to mark a word in it. */
const withoutSelection = (event: MouseEvent): void => { if (event.detail > 1) event.preventDefault() }

type BodyRowNeeds<Row> = { row: Row; index: number; columns: readonly Column<Row>[]; template: string; height: number; virtual: boolean; selected: boolean; reachable: boolean; onClick: () => void; onOpen?: (() => void) | undefined; drag?: RowDrag | undefined }
/** A row that can be dragged; `at` is the side on which the dragged one would come to lie. */
type RowDrag = { at: 'above' | 'below' | null; start: () => void; over: () => void; end: () => void; drop: () => void }

const dragging = ({ start, over, end, drop }: RowDrag) => ({
  draggable: true, onDragEnd: end,
  onDragStart: (event: DragEvent) => { event.dataTransfer.effectAllowed = 'move'; event.dataTransfer.setData('text/plain', ''); start() },
  onDragOver: (event: DragEvent) => { event.preventDefault(); over() },
  onDrop: (event: DragEvent) => { event.preventDefault(); drop() }
})
const dropLine = { above: 'inset 0 2px 0 var(--mui-palette-primary-main)', below: 'inset 0 -2px 0 var(--mui-palette-primary-main)' } as const

const BodyRow = <Row,>({ row, index, columns, template, height, virtual, selected, reachable, onClick, onOpen, drag }: BodyRowNeeds<Row>) => (
  <Box
    role="row" data-row={index} aria-rowindex={index + 2} aria-selected={selected} tabIndex={reachable ? 0 : -1} onClick={onClick} onDoubleClick={onOpen} onMouseDown={withoutSelection} {...(drag ? dragging(drag) : {})}
    sx={{
      display: 'grid', gridTemplateColumns: template, height, alignItems: 'center', px: 0.75, cursor: 'default', borderBottom: 1, borderColor: 'divider', boxSizing: 'border-box',
      bgcolor: selected ? 'action.selected' : undefined, boxShadow: drag?.at ? dropLine[drag.at] : selected ? 'inset 2px 0 0 var(--mui-palette-primary-main)' : undefined,
      '&:hover': selected ? {} : { bgcolor: 'action.hover' }, '&:focus-visible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: -2 },
      ...(virtual ? { position: 'absolute', left: 0, right: 0 } : { '&:last-of-type': { borderBottom: 0 } })
    }}
    style={virtual ? { transform: `translateY(${index * height}px)` } : undefined}
  >
    {columns.map((column) => (
      <Box key={column.id} role="gridcell" sx={{ px: 0.75, textAlign: column.align, whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis', minWidth: 0 }}>{column.cell(row)}</Box>
    ))}
  </Box>
)
