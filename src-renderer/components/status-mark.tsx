import CheckCircle from '@mui/icons-material/CheckCircle'
import Cancel from '@mui/icons-material/Cancel'
import Warning from '@mui/icons-material/Warning'
import StopRounded from '@mui/icons-material/Stop'
import Sync from '@mui/icons-material/Sync'
import EditNote from '@mui/icons-material/EditNote'
import RadioButtonUnchecked from '@mui/icons-material/RadioButtonUnchecked'
import HourglassEmpty from '@mui/icons-material/HourglassEmpty'
import Info from '@mui/icons-material/Info'
import { Box } from '@mui/material'
import type { ReactNode } from 'react'

export type Tone = 'good' | 'bad' | 'warning' | 'stopped' | 'busy' | 'draft' | 'pending' | 'neutral' | 'paused'

const looks = {
  good: { Icon: CheckCircle, color: 'success.main' },
  bad: { Icon: Cancel, color: 'error.main' },
  warning: { Icon: Warning, color: 'warning.main' },
  stopped: { Icon: StopRounded, color: 'text.secondary' },
  busy: { Icon: Sync, color: 'primary.main' },
  draft: { Icon: EditNote, color: 'text.secondary' },
  pending: { Icon: RadioButtonUnchecked, color: 'text.disabled' },
  paused: { Icon: HourglassEmpty, color: 'info.main' },
  neutral: { Icon: Info, color: 'text.secondary' }
} as const

/** A state as icon, word and colour together; the icon says nothing that the words do not. */
export const StatusMark = ({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string }) => (
  <Box component="span" title={title} sx={{ display: 'inline-flex', verticalAlign: 'middle', maxWidth: '100%', alignItems: 'center', gap: 0.75, minWidth: 0, color: tone === 'bad' || tone === 'warning' ? looks[tone].color : 'text.primary' }}>
    <StatusIcon tone={tone} />
    <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{children}</Box>
  </Box>
)

export const StatusIcon = ({ tone, label }: { tone: Tone; label?: string }) => {
  const { Icon, color } = looks[tone]
  const turning = { '@keyframes turn': { to: { transform: 'rotate(-360deg)' } }, animation: 'turn 1.6s linear infinite' }
  return <Icon role={label ? 'img' : undefined} aria-label={label} aria-hidden={label ? undefined : true} sx={{ fontSize: 16, flex: 'none', color, ...(tone === 'busy' ? turning : {}) }} />
}
