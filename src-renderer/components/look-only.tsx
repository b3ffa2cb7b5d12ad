import { Box } from '@mui/material'
import type { ReactNode } from 'react'
import { StatusMark } from './status-mark.tsx'
import { UnlockButton } from '../access/unlock.tsx'
import { useConsoleState, useIsAdministrator } from '../main-process/console-state.ts'

/** Why nothing can be changed here, and the way to it: says so to support, and nothing to an administrator. */
export const LookOnly = ({ what, children }: { what: string; children?: ReactNode }) => {
  const isLocked = useConsoleState().pin === 'locked'
  if (useIsAdministrator()) return null
  return (
    <Box role="note" sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap', '& span': { whiteSpace: 'normal' } }}>
      <StatusMark tone="neutral">{isLocked ? `The window is locked. Only an administrator changes ${what}.` : `You look as support. Only an administrator changes ${what}.`}{children}</StatusMark>
      <UnlockButton />
    </Box>
  )
}
