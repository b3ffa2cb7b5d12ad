import { Box, Typography } from '@mui/material'
import { useEffect, type ReactNode } from 'react'

/** The head of a page: title, what it is for, and its actions on the right; `fill` lets the content take the whole height, `minHeight` at least; the page scrolls where there is less. */
export const PageFrame = ({ title, intro, actions, fill = false, minHeight = 0, children }: { title: string; intro?: ReactNode; actions?: ReactNode; fill?: boolean; minHeight?: number; children: ReactNode }) => {
  useEffect(() => void (document.title = `${title} – Mailroom`), [title])
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', p: 2, gap: 1.5, ...(fill ? { height: '100%', minHeight, boxSizing: 'border-box' } : {}) }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap', minHeight: 32 }}>
        <Box sx={{ flex: '1 1 auto', minWidth: 0 }}>
          <Typography variant="h1">{title}</Typography>
          {intro && <Typography sx={{ color: 'text.secondary', maxWidth: 760 }}>{intro}</Typography>}
        </Box>
        {actions && <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>{actions}</Box>}
      </Box>
      {children}
    </Box>
  )
}

/** A framed part of a page with its own title and actions. */
export const Panel = ({ title, actions, footer, fill = false, children }: { title?: string; actions?: ReactNode; footer?: ReactNode; fill?: boolean; children: ReactNode }) => (
  <Box component="section" aria-label={title} sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5, overflow: 'hidden', display: 'flex', flexDirection: 'column', ...(fill ? { flex: 1, minHeight: 0 } : {}) }}>
    {(title ?? actions) && (
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 1.5, py: 0.75, minHeight: 44, boxSizing: 'border-box', borderBottom: 1, borderColor: 'divider', flexWrap: 'wrap' }}>
        {title && <Typography variant="h2" sx={{ flex: 1 }}>{title}</Typography>}
        {actions}
      </Box>
    )}
    {children}
    {footer && <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 1.5, py: 0.75, borderTop: 1, borderColor: 'divider', flexWrap: 'wrap' }}>{footer}</Box>}
  </Box>
)
