import DarkMode from '@mui/icons-material/DarkModeOutlined'
import LightMode from '@mui/icons-material/LightModeOutlined'
import Contrast from '@mui/icons-material/Contrast'
import Check from '@mui/icons-material/Check'
import { IconButton, Menu, MenuItem, Tooltip, useColorScheme } from '@mui/material'
import { useRef, useState } from 'react'

const modes = [
  { mode: 'system', label: 'As the system', Icon: Contrast },
  { mode: 'light', label: 'Light', Icon: LightMode },
  { mode: 'dark', label: 'Dark', Icon: DarkMode }
] as const

/** Light, dark or as the system; remembered by the browser. */
export const ThemeSwitch = () => {
  const { mode, setMode } = useColorScheme()
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  const Present = modes.find((each) => each.mode === mode)?.Icon ?? Contrast
  return (
    <>
      <Tooltip title="Appearance"><IconButton ref={anchor} aria-label="Appearance" aria-haspopup="menu" onClick={() => setOpen(true)}><Present /></IconButton></Tooltip>
      <Menu open={open} anchorEl={() => anchor.current} onClose={() => setOpen(false)} transitionDuration={80}>
        {modes.map((each) => (
          <MenuItem key={each.mode} role="menuitemradio" aria-checked={mode === each.mode} selected={mode === each.mode} onClick={() => { setMode(each.mode); setOpen(false) }}>
            <each.Icon />{each.label}{mode === each.mode && <Check sx={{ ml: 'auto', fontSize: 16 }} />}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
