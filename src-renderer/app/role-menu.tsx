import ArrowDropDown from '@mui/icons-material/ArrowDropDown'
import Lock from '@mui/icons-material/Lock'
import { Box, Button, Popover, Typography } from '@mui/material'
import { useRef, useState } from 'react'
import { UnlockButton } from '../access/unlock.tsx'
import { Mono } from '../components/mono.tsx'
import { callMain } from '../main-process/call-main.ts'
import { useConsoleState } from '../main-process/console-state.ts'
import { signOut } from '../main-process/sign-out.ts'
import { useAct } from '../problems/toasts.tsx'

const credentialWords = { keychain: 'Keychain of the system', vault: 'Vault, unlocked', 'vault-locked': 'Vault, locked', 'vault-new': 'None yet' }

/** Who looks at the console, on which host it runs, and the lock of the window. */
export const RoleMenu = () => {
  const state = useConsoleState()
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  const act = useAct()
  const role = state.role === 'administrator' ? 'Administrator' : 'Support'
  const isLocked = state.pin === 'locked'
  const facts: [string, string][] = [['Version', state.version], ['Host', state.host === 'desktop' ? 'Desktop window' : 'Browser'], ['Credentials', credentialWords[state.credentials]], ['Data folder', state.dataFolder]]
  const lock = (): void => {
    setOpen(false)
    void act(() => callMain('access.lock', {}))
  }
  return (
    <>
      <Button ref={anchor} variant="text" startIcon={isLocked ? <Lock /> : undefined} endIcon={<ArrowDropDown />} aria-haspopup="dialog" onClick={() => setOpen(true)} sx={{ whiteSpace: 'nowrap', flexShrink: 0, '& .MuiButton-endIcon': { ml: 0 } }}>{isLocked ? 'Support — locked' : role}</Button>
      <Popover open={open} anchorEl={() => anchor.current} onClose={() => setOpen(false)} anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }} transformOrigin={{ vertical: 'top', horizontal: 'right' }} transitionDuration={80} slotProps={{ paper: { role: 'dialog', 'aria-label': 'About this console', tabIndex: 0 } }}>
        <Box sx={{ p: 2, width: 340, maxWidth: '90vw', boxSizing: 'border-box' }}>
          <Typography variant="h2">{isLocked ? 'Support — locked' : role}</Typography>
          <Typography sx={{ color: 'text.secondary', mb: 1.5 }}>{isLocked ? 'May look, test and export; the PIN lets you change things.' : state.role === 'administrator' ? 'May look at and change everything.' : 'May look, test and export; changes need an administrator.'}</Typography>
          <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '96px 1fr', gap: 0.5 }}>
            {facts.map(([name, value]) => [<Box component="dt" key={name} sx={{ color: 'text.secondary' }}>{name}</Box>, <Box component="dd" key={`${name} value`} sx={{ m: 0, overflowWrap: 'anywhere' }}>{name === 'Data folder' ? <Mono>{value}</Mono> : value}</Box>])}
          </Box>
          {state.host === 'browser' && <Button sx={{ mt: 1.5 }} onClick={() => void act(signOut)}>Sign out</Button>}
          {state.host === 'desktop' && (
            <Box sx={{ mt: 1.5, display: 'flex', gap: 1 }} onClick={() => setOpen(false)}>
              <UnlockButton />
              {state.pin === 'open' && <Button startIcon={<Lock />} onClick={lock}>Lock</Button>}
              {state.pin === 'none' && <Button href="#/access">Set a PIN</Button>}
            </Box>
          )}
        </Box>
      </Popover>
    </>
  )
}
