import { Box, Typography } from '@mui/material'
import type { ReactNode } from 'react'

/** What this place is for, and the first step. */
export const EmptyState = ({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) => (
  <Box sx={{ px: 3, py: 4, textAlign: 'center', color: 'text.secondary' }}>
    <Typography sx={{ fontWeight: 600, color: 'text.primary', mb: 0.5 }}>{title}</Typography>
    <Box sx={{ maxWidth: 520, mx: 'auto' }}>{children}</Box>
    {action && <Box sx={{ mt: 1.5, display: 'flex', gap: 1, justifyContent: 'center', flexWrap: 'wrap' }}>{action}</Box>}
  </Box>
)
