import { Box, Button } from '@mui/material'
import { useSyncExternalStore } from 'react'
import { connection } from '../main-process/connection.ts'
import { StatusMark } from '../components/status-mark.tsx'

/** Says that the page lost its host; it reconnects by itself. */
export const ConnectionBanner = () => {
  const state = useSyncExternalStore(connection.watch, connection.now)
  if (state === 'connected') return null
  return (
    <Box role="alert" sx={{ display: 'flex', alignItems: 'center', gap: 1.5, px: 2, py: 0.5, borderBottom: 1, borderColor: 'divider', bgcolor: 'background.paper' }}>
      <StatusMark tone="bad">The console does not answer. Trying again every few seconds; what you see may be out of date.</StatusMark>
      <Button onClick={() => window.location.reload()} sx={{ ml: 'auto' }}>Load again</Button>
    </Box>
  )
}
