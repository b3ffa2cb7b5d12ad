import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import { UnlockButton } from '../../access/unlock.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useConsoleState } from '../../main-process/console-state.ts'
import { useAct } from '../../problems/toasts.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { PinDialog, type PinDeed } from './pin-dialog.tsx'

const words = {
  none: { tone: 'neutral', title: 'No PIN is set', text: 'Whoever sits at this window may change everything. With a PIN it only looks until the PIN is entered.' },
  open: { tone: 'good', title: 'Unlocked', text: 'This window may change everything until it is locked, by hand or by itself.' },
  locked: { tone: 'neutral', title: 'Locked', text: 'This window looks, tests and exports. The PIN lets it change things.' }
} as const

/** How the lock of the window stands, and its PIN. */
export const PinPanel = () => {
  const reasonRequired = useReasonRequired()
  const { pin } = useConsoleState()
  const [deed, setDeed] = useState<PinDeed | null>(null)
  const act = useAct()
  const { tone, title, text } = words[pin]
  return (
    <Panel
      title="PIN of this window"
      footer={
        <>
          {pin === 'none' && <Button variant="contained" color="primary" onClick={() => setDeed('set')}>Set a PIN</Button>}
          {pin === 'open' && <Button variant="contained" color="primary" onClick={() => void act(() => callMain('access.lock', {}))}>Lock now</Button>}
          {pin === 'open' && <Button onClick={() => setDeed('change')}>Change the PIN</Button>}
          {pin === 'open' && <Button onClick={() => setDeed('remove')}>Remove the PIN</Button>}
          <UnlockButton />
        </>
      }
    >
      <Box sx={{ p: 1.5, display: 'grid', gap: 0.5 }}>
        <StatusMark tone={tone}>{title}</StatusMark>
        <Typography sx={{ color: 'text.secondary', maxWidth: 760 }}>{text} It guards the window, not the files: who can read the data folder and its credential store needs none. A forgotten PIN is taken away with <code>mailroom access reset-pin</code>.</Typography>
      </Box>
      {deed && <PinDialog deed={deed} reasonRequired={reasonRequired} onClose={() => setDeed(null)} />}
    </Panel>
  )
}
