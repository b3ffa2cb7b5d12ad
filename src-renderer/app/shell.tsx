import { Box, useMediaQuery } from '@mui/material'
import { useEffect, useState, type ReactNode } from 'react'
import { useHashLocation } from '../components/hash-location.ts'
import { AlternateBanner } from './alternate-banner.tsx'
import { AppBar } from './app-bar.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { Explorer } from './explorer.tsx'
import { Palette } from './palette.tsx'
import { pageOf } from './pages.tsx'
import { useShortcut } from './use-shortcut.ts'

/** The frame around every page: bar, explorer pane, content. */
export const Shell = () => {
  const { path } = useHashLocation()
  const page = pageOf(path[0])
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [explorerWanted, setExplorerWanted] = useState<boolean | null>(null)
  const narrow = useMediaQuery('(max-width: 860px)')
  const explorerShown = explorerWanted ?? !narrow
  useShortcut('k', () => { if (!isAsking()) setPaletteOpen(true) })
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column', minHeight: 0 }}>
      <SkipLink />
      <AppBar onPalette={() => setPaletteOpen(true)} onExplorer={() => setExplorerWanted(!explorerShown)} explorerShown={explorerShown} />
      <ConnectionBanner />
      <AlternateBanner />
      <Box sx={{ flex: 1, display: 'flex', minHeight: 0, position: 'relative' }}>
        {explorerShown && <Explorer current={page.id} over={narrow} onChosen={() => narrow && setExplorerWanted(false)} />}
        <Content key={page.id}><page.Content /></Content>
      </Box>
      {paletteOpen && <Palette onClose={() => setPaletteOpen(false)} />}
    </Box>
  )
}

/** Whether a dialog is open: what is typed in it would be lost on the way to another place. */
const isAsking = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null

/** A page that was reached without a link, by the palette, begins with the focus in it and not before everything. */
const Content = ({ children }: { children: ReactNode }) => {
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true })
  }, [])
  return <Box component="main" id="content" tabIndex={-1} sx={{ flex: 1, minWidth: 0, minHeight: 0, overflow: 'auto', '&:focus-visible': { outline: 'none' } }}>{children}</Box>
}

// A real address would change the hash and with it the page.
const SkipLink = () => (
  <Box
    component="button" type="button" onClick={() => document.getElementById('content')?.focus()}
    sx={{ position: 'absolute', left: 8, top: -60, zIndex: 'tooltip', px: 1.5, py: 0.75, border: 0, borderRadius: 1, bgcolor: 'primary.main', color: 'primary.contrastText', font: 'inherit', '&:focus': { top: 8 } }}
  >
    Skip to content
  </Box>
)
