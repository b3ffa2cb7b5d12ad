import MenuIcon from '@mui/icons-material/Menu'
import Search from '@mui/icons-material/Search'
import { Box, Button, IconButton, Tooltip, Typography } from '@mui/material'
import { useConsoleState } from '../main-process/console-state.ts'
import { Bell } from './bell.tsx'
import { DemoMark } from './demo-mark.tsx'
import { Logo } from './logo.tsx'
import { RoleMenu } from './role-menu.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

const commandKey = navigator.platform.startsWith('Mac') ? '⌘ K' : 'Ctrl K'

export const AppBar = ({ onPalette, onExplorer, explorerShown }: { onPalette: () => void; onExplorer: () => void; explorerShown: boolean }) => {
  const { demo } = useConsoleState()
  return (
    <Box component="header" sx={{ flex: 'none', height: 46, display: 'flex', alignItems: 'center', gap: 1, px: 1, bgcolor: 'background.paper', borderBottom: 1, borderColor: 'divider' }}>
      <Tooltip title={explorerShown ? 'Hide explorer' : 'Show explorer'}><IconButton aria-label={explorerShown ? 'Hide explorer' : 'Show explorer'} aria-expanded={explorerShown} onClick={onExplorer}><MenuIcon /></IconButton></Tooltip>
      <Logo />
      <Typography sx={{ display: { xs: 'none', sm: 'block' }, fontWeight: 600, fontSize: 14, letterSpacing: '-0.005em' }}>Mailroom</Typography>
      {demo && <DemoMark />}
      <Box sx={{ flex: 1 }} />
      <Button onClick={onPalette} startIcon={<Search />} aria-keyshortcuts="Control+K Meta+K" sx={{ color: 'text.secondary', width: 300, flexShrink: 1, justifyContent: 'flex-start', fontWeight: 400, overflow: 'hidden' }}>
        Search or command
        <Box component="span" sx={{ ml: 'auto', fontSize: 12 }}>{commandKey}</Box>
      </Button>
      <Bell />
      <ThemeSwitch />
      <RoleMenu />
    </Box>
  )
}
