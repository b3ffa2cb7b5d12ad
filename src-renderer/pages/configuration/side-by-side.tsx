import { diffWordsWithSpace } from 'diff'
import { Box, Button } from '@mui/material'
import { useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { Tick } from '../../components/fields.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { alignLines, differencesAt, onlyDifferences, type AlignedRow, type Gap, type Line } from './aligned-lines.ts'
import { useRowWindow } from './row-window.ts'

export type Text = { title: string; text: string }
const rowHeight = 20
const marks = { same: { sign: '', word: '' }, changed: { sign: '~', word: 'changed' }, added: { sign: '+', word: 'only right' }, removed: { sign: '−', word: 'only left' } } as const
const colours = { same: 'transparent', changed: 'warning.main', added: 'success.main', removed: 'error.main' } as const

/** Two texts in aligned lines; n and p, or Alt with an arrow, go from difference to difference. */
export const SideBySide = ({ left, right }: { left: Text; right: Text }) => {
  const all = useMemo(() => alignLines(left.text, right.text), [left.text, right.text])
  const [only, setOnly] = useState(false)
  const rows = useMemo(() => (only ? onlyDifferences(all) : all), [all, only])
  const [reached, setReached] = useState<{ of: typeof rows; place: number } | null>(null)
  // A place counts in its own rows: other texts begin before the first one again.
  const current = reached?.of === rows ? reached.place : null
  const places = useMemo(() => differencesAt(rows), [rows])
  const scroller = useRef<HTMLDivElement | null>(null)
  const { first, last, onScroll } = useRowWindow(rows.length, rowHeight)
  const longest = useMemo(() => all.reduce((most, { left: l, right: r }) => Math.max(most, l?.text.length ?? 0, r?.text.length ?? 0), 20), [all])
  const bringIntoSight = (place: number): void => {
    const box = scroller.current
    if (box) box.scrollTop = Math.max(0, (places[place] ?? 0) * rowHeight - box.clientHeight / 3)
  }
  const showFirst = useEffectEvent(() => bringIntoSight(0))
  // Lines that are the same are not what anybody came for.
  useEffect(() => showFirst(), [all])
  const goTo = (place: number): void => {
    if (places.length === 0) return
    const next = Math.max(0, Math.min(places.length - 1, place))
    setReached({ of: rows, place: next })
    bringIntoSight(next)
  }
  const step = (by: 1 | -1): void => goTo(current === null ? (by === 1 ? 0 : places.length - 1) : current + by)
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'n' || (event.altKey && event.key === 'ArrowDown') ? 1 : event.key === 'p' || (event.altKey && event.key === 'ArrowUp') ? -1 : null
    if (by === null || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    step(by)
  }
  const switchOnly = (value: boolean): void => {
    setOnly(value)
    if (scroller.current) scroller.current.scrollTop = 0
  }
  const place = current === null ? undefined : places[current]
  return (
    <Panel
      title="Side by side" fill
      actions={
        <>
          <Box role="status" sx={{ color: 'text.secondary' }}>{places.length === 0 ? 'The texts are the same.' : current === null ? `${plural(places.length, 'place')} differ${places.length === 1 ? 's' : ''}` : `${countText(current + 1)} of ${countText(places.length)}${place === undefined ? '' : placeText(rows[place])}`}</Box>
          <Tick label="Only differences" value={only} onChange={switchOnly} />
          <Button disabled={places.length === 0} onClick={() => step(-1)} title="p, or Alt and arrow up">Previous difference</Button>
          <Button disabled={places.length === 0} onClick={() => step(1)} title="n, or Alt and arrow down">Next difference</Button>
        </>
      }
    >
      <Box ref={scroller} role="table" aria-label={`${left.title} beside ${right.title}`} aria-rowcount={rows.length + 1} tabIndex={0} className="mono" onScroll={onScroll} onKeyDown={onKeyDown} sx={{ flex: 1, minHeight: 160, overflow: 'auto', fontSize: 12, '&:focus-visible': { outlineOffset: -2 } }}>
        <Box sx={{ minWidth: `max(100%, calc(${2 * longest + 30}ch))`, width: 'max-content' }}>
          <Box role="row" aria-rowindex={1} sx={{ ...grid, position: 'sticky', top: 0, zIndex: 1, bgcolor: 'background.paper', borderBottom: 1, borderColor: 'divider', height: 26, lineHeight: '26px', fontWeight: 600 }}>
            <Box role="columnheader" sx={{ pl: 1 }}>{left.title}</Box><Box role="columnheader" sx={{ color: 'text.secondary', fontWeight: 400, textAlign: 'center' }}>difference</Box><Box role="columnheader" sx={{ pl: 1 }}>{right.title}</Box>
          </Box>
          <Box role="rowgroup" sx={{ position: 'relative', height: rows.length * rowHeight }}>
            {rows.slice(first, last).map((row, offset) => <RowView key={first + offset} row={row} index={first + offset} isCurrent={first + offset === place} />)}
          </Box>
        </Box>
      </Box>
    </Panel>
  )
}

const grid = { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) 12ch minmax(0, 1fr)' } as const

const placeText = (row: AlignedRow | Gap | undefined): string => {
  if (row === undefined || row.kind === 'gap') return ''
  return row.left ? `, line ${countText(row.left.number)} on the left` : row.right ? `, line ${countText(row.right.number)} on the right` : ''
}

const RowView = ({ row, index, isCurrent }: { row: AlignedRow | Gap; index: number; isCurrent: boolean }) => {
  const kind = row.kind === 'gap' ? 'same' : row.kind
  return (
    <Box
      role="row" aria-rowindex={index + 2} style={{ top: index * rowHeight }} aria-current={isCurrent ? 'true' : undefined}
      sx={{ ...grid, position: 'absolute', left: 0, right: 0, height: rowHeight, lineHeight: `${rowHeight}px`, whiteSpace: 'pre', ...(isCurrent ? { boxShadow: 'inset 3px 0 0 var(--mui-palette-primary-main)' } : {}) }}
    >
      {row.kind === 'gap' ? <Box role="cell" sx={{ gridColumn: '1 / -1', color: 'text.secondary', bgcolor: 'action.hover', pl: '6ch' }}>{plural(row.count, 'equal line')} left out</Box> : <Cells row={row} kind={kind} />}
    </Box>
  )
}

const Cells = ({ row, kind }: { row: AlignedRow; kind: keyof typeof marks }) => {
  const parts = kind === 'changed' && row.left && row.right && row.left.text.length + row.right.text.length < 2_000 ? diffWordsWithSpace(row.left.text, row.right.text) : null
  const side = (line: Line | null, isLeft: boolean) => (
    <Box role="cell" sx={{ position: 'relative', overflow: 'hidden', ...(line === null ? { bgcolor: 'action.hover' } : kind === 'same' ? {} : tinted(colours[kind])) }}>
      {line && <><Box component="span" aria-hidden sx={{ display: 'inline-block', width: '6ch', pr: '1ch', textAlign: 'right', color: 'text.secondary', userSelect: 'none' }}>{line.number}</Box>{parts === null ? line.text : parts.map((part, at) => (isLeft ? part.added : part.removed) ? null : <Box key={at} component={part.added || part.removed ? 'mark' : 'span'} sx={part.added || part.removed ? { bgcolor: 'transparent', color: 'inherit', fontWeight: 700, textDecoration: 'underline', textDecorationThickness: 2, textUnderlineOffset: 3 } : {}}>{part.value}</Box>)}</>}
    </Box>
  )
  return (
    <>
      {side(row.left, true)}
      <Box role="cell" sx={{ textAlign: 'center', color: kind === 'same' ? 'text.disabled' : colours[kind], fontSize: 11 }}>{kind === 'same' ? '' : `${marks[kind].sign} ${marks[kind].word}`}</Box>
      {side(row.right, false)}
    </>
  )
}

/** A tint of the colour behind the text, which keeps its own. */
const tinted = (colour: string) => ({ '&::before': { content: '""', position: 'absolute', inset: 0, bgcolor: colour, opacity: 0.12, pointerEvents: 'none' } })
