import { Box } from '@mui/material'
import type { ReactNode } from 'react'

/** Addresses, ids and server names in a fixed-width face. */
export const Mono = ({ children, title }: { children: ReactNode; title?: string }) => <Box component="span" className="mono" title={title} sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{children}</Box>

/** A block of text as it came: headers, transcripts, raw messages. Scrolls by keyboard. */
export const MonoBlock = ({ text, label, maxHeight = 320 }: { text: string; label: string; maxHeight?: number | string }) => (
  <Box
    component="pre" tabIndex={0} role="region" aria-label={label} className="mono"
    sx={{ m: 0, p: 1, maxHeight, overflow: 'auto', fontSize: 12, lineHeight: 1.5, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.default' }}
  >
    {text}
  </Box>
)
