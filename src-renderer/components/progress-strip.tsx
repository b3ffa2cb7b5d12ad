import { Box, Button, LinearProgress, Typography } from '@mui/material'

/** Long work in sight: what is done, how far it is, and a button that stops it. `total` null: the end is not known. */
export const ProgressStrip = ({ what, done, total, onCancel }: { what: string; done: number; total: number | null; onCancel?: () => void }) => (
  <Box role="status" sx={{ display: 'flex', alignItems: 'center', gap: 1.5, px: 1.5, py: 0.75 }}>
    <Typography sx={{ whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}>{what}{total !== null && total > 0 ? ` · ${done} of ${total}` : done > 0 ? ` · ${done}` : ''}</Typography>
    <LinearProgress aria-label={what} variant={total ? 'determinate' : 'indeterminate'} value={total ? Math.min(100, (done / total) * 100) : 0} sx={{ flex: 1, minWidth: 60 }} />
    {onCancel && <Button onClick={onCancel}>Cancel</Button>}
  </Box>
)
