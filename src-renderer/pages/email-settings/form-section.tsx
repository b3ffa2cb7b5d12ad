import { Box, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import { Details } from '../../components/details.tsx'
import { LookOnly as WhyLookOnly } from '../../components/look-only.tsx'
import { StatusMark } from '../../components/status-mark.tsx'

/** A part of the server dialog; fields stand beside each other where there is room. */
export const FormSection = ({ title, children }: { title: string; children: ReactNode }) => (
  <Box component="section" aria-label={title} sx={{ pb: 2, mb: 2, borderBottom: 1, borderColor: 'divider' }}>
    <Typography variant="h2" sx={{ mb: 1 }}>{title}</Typography>
    <Box sx={{ display: 'grid', gap: 1.5 }}>{children}</Box>
  </Box>
)

export const FoldedSection = ({ title, hint, open, children }: { title: string; hint: string; open: boolean; children: ReactNode }) => (
  <Box component="section" aria-label={title} sx={{ pb: 1, fontSize: 14 }}>
    <Details label={<Box component="span" sx={{ fontWeight: 600, color: 'text.primary' }}>{title}</Box>} hint={hint} open={open}>
      <Box sx={{ display: 'grid', gap: 1.5, pt: 1, fontSize: 13 }}>{children}</Box>
    </Details>
  </Box>
)

export const Columns = ({ template, children }: { template: string; children: ReactNode }) => <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: template }, gap: 1.5, alignItems: 'start' }}>{children}</Box>

/** Why nothing can be typed here. */
export const LookOnly = () => <Box sx={{ mb: 2 }}><WhyLookOnly what="these settings" /></Box>

/** A choice with consequences, said where it is made. */
export const Danger = ({ children }: { children: ReactNode }) => (
  <Box role="note" sx={{ px: 1.25, py: 0.75, borderLeft: '3px solid', borderColor: 'warning.main', bgcolor: 'background.default', borderRadius: 0.5, '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">{children}</StatusMark></Box>
)
