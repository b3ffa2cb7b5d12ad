import EventIcon from '@mui/icons-material/Event'
import Lock from '@mui/icons-material/Lock'
import Undo from '@mui/icons-material/Undo'
import VerifiedUser from '@mui/icons-material/VerifiedUserOutlined'
import { Box } from '@mui/material'
import type { ReactNode } from 'react'
import type { ConversationEntry } from '#contract/request.ts'
import { calendarPlace, calendarTitle, protectionWords } from './request-words.ts'

/** What a message is besides its text: signed, encrypted, about a meeting, mail of ours that came back. */
export const EntryMarks = ({ entry: { kind, protection, calendar } }: { entry: ConversationEntry }) =>
  kind !== 'bounce' && !protection && !calendar ? null : (
    <Box component="ul" aria-label="Marks of the message" sx={{ listStyle: 'none', p: 0, m: 0, mb: 1, display: 'grid', gap: 0.5 }}>
      {kind === 'bounce' && <Mark icon={<Undo />} tone="warning.main">A report on mail that we sent.</Mark>}
      {protection && <Mark icon={protectionWords[protection].sealed ? <Lock /> : <VerifiedUser />}>{protectionWords[protection].words}{protectionWords[protection].sealed ? ': what is in it cannot be read here. The original message holds it.' : '; the signature was not checked.'}</Mark>}
      {calendar && <Mark icon={<EventIcon />}><Box component="span" sx={{ fontWeight: 500 }}>{calendarTitle(calendar)}</Box>{calendarPlace(calendar) && ` · ${calendarPlace(calendar)}`}{calendar.organizer && ` · by ${calendar.organizer}`}</Mark>}
    </Box>
  )

const Mark = ({ icon, tone, children }: { icon: ReactNode; tone?: string; children: ReactNode }) => (
  <Box component="li" sx={{ display: 'flex', gap: 0.75, alignItems: 'flex-start', px: 1, py: 0.5, border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.default', overflowWrap: 'anywhere', '& svg': { fontSize: 16, mt: 0.25, color: tone ?? 'text.secondary' } }}>
    {icon}<Box sx={{ minWidth: 0 }}>{children}</Box>
  </Box>
)
