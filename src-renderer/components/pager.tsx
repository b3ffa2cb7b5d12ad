import { Box, Button } from '@mui/material'
import { countText } from './sizes.ts'

type Needs = { offset: number; shown: number; total: number; size: number; next: number | null; onMove: (offset: number) => void }

/** "101–200 of 12 345" with the way back and on. `next` is the offset of the next page, null at the end. */
export const Pager = ({ offset, shown, total, size, next, onMove }: Needs) => (
  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
    <Box role="status" sx={{ color: 'text.secondary' }}>{shown === 0 ? '' : `${countText(offset + 1)}–${countText(offset + shown)} of ${countText(total)}`}</Box>
    {(offset > 0 || next !== null) && (
      <>
        <Button disabled={offset === 0} onClick={() => onMove(Math.max(0, offset - size))}>Previous</Button>
        <Button disabled={next === null} onClick={() => next !== null && onMove(next)}>Next</Button>
      </>
    )}
  </Box>
)
