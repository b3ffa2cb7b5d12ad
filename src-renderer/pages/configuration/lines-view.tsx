import { Box } from '@mui/material'
import { useMemo } from 'react'
import { useRowWindow } from './row-window.ts'

const rowHeight = 18

/** A text of any length with line numbers; only the lines in sight are drawn. */
export const LinesView = ({ label, text }: { label: string; text: string }) => {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text])
  const longest = useMemo(() => lines.reduce((most, line) => Math.max(most, line.length), 0), [lines])
  const { first, last, onScroll } = useRowWindow(lines.length, rowHeight)
  return (
    <Box role="region" aria-label={label} tabIndex={0} className="mono" onScroll={onScroll} sx={{ flex: 1, minHeight: 120, overflow: 'auto', borderTop: 1, borderColor: 'divider', bgcolor: 'background.default', fontSize: 12 }}>
      <Box sx={{ height: lines.length * rowHeight, position: 'relative', minWidth: `calc(${longest + 8}ch + 16px)` }}>
        {lines.slice(first, last).map((line, offset) => (
          <Box key={first + offset} style={{ top: (first + offset) * rowHeight }} sx={{ position: 'absolute', left: 0, display: 'flex', height: rowHeight, lineHeight: `${rowHeight}px`, whiteSpace: 'pre' }}>
            <Box component="span" aria-hidden sx={{ width: '6ch', pr: 1.5, textAlign: 'right', color: 'text.secondary', userSelect: 'none', flex: 'none' }}>{first + offset + 1}</Box>
            {line}
          </Box>
        ))}
      </Box>
    </Box>
  )
}
