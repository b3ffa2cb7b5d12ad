import ArrowDropDown from '@mui/icons-material/ArrowDropDown'
import { Box, Button, Popover, Typography } from '@mui/material'
import { useRef, useState } from 'react'
import { Mono } from '../components/mono.tsx'
import { useConsoleState } from '../main-process/console-state.ts'

const credentialWords = { keychain: 'Keychain of the system', vault: 'Vault, unlocked', 'vault-locked': 'Vault, locked', 'vault-new': 'None yet' }

/** Who looks at the console, and on which host it runs. */
export const RoleMenu = () => {
  const state = useConsoleState()
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  const role = state.role === 'administrator' ? 'Administrator' : 'Support'
  const facts: [string, string][] = [['Version', state.version], ['Host', state.host === 'desktop' ? 'Desktop window' : 'Browser'], ['Credentials', credentialWords[state.credentials]], ['Data folder', state.dataFolder]]
  return (
    <>
      <Button ref={anchor} variant="text" endIcon={<ArrowDropDown />} aria-haspopup="dialog" onClick={() => setOpen(true)} sx={{ '& .MuiButton-endIcon': { ml: 0 } }}>{role}</Button>
      <Popover open={open} anchorEl={() => anchor.current} onClose={() => setOpen(false)} anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }} transformOrigin={{ vertical: 'top', horizontal: 'right' }} transitionDuration={80} slotProps={{ paper: { role: 'dialog', 'aria-label': 'About this console', tabIndex: 0 } }}>
        <Box sx={{ p: 2, width: 340, maxWidth: '90vw', boxSizing: 'border-box' }}>
          <Typography variant="h2">{role}</Typography>
          <Typography sx={{ color: 'text.secondary', mb: 1.5 }}>{state.role === 'administrator' ? 'May look at and change everything.' : 'May look, test and export; changes need an administrator.'}</Typography>
          <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '96px 1fr', gap: 0.5 }}>
            {facts.map(([name, value]) => [<Box component="dt" key={name} sx={{ color: 'text.secondary' }}>{name}</Box>, <Box component="dd" key={`${name} value`} sx={{ m: 0, overflowWrap: 'anywhere' }}>{name === 'Data folder' ? <Mono>{value}</Mono> : value}</Box>])}
          </Box>
        </Box>
      </Popover>
    </>
  )
}
