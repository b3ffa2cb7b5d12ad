import ExpandMore from '@mui/icons-material/ExpandMore'
import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { Advice } from '#contract/advice.ts'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { dayText } from '../../../components/days.tsx'
import { StatusMark } from '../../../components/status-mark.tsx'
import type { Side } from '../sign-in/use-sign-in.ts'
import { AdviceList } from './advice-list.tsx'
import { adviceSentence } from './advice-sentence.ts'

type Advised = { side: Side; name: string; advice: readonly Advice[] }
type Deed = (side: Side, name: string) => void
type Needs = { incoming: readonly IncomingServerView[]; outgoing: readonly OutgoingServerView[]; administrator: boolean; onMove: Deed; onSignIn: Deed; onOpen: Deed }

/** Above the tables: which servers will stop working, and when. Folded to one line; nothing at all where nothing is announced. */
export const AdviceStrip = ({ incoming, outgoing, administrator, onMove, onSignIn, onOpen }: Needs) => {
  const [open, setOpen] = useState(false)
  const advised = [...outgoing.map(advisedOf('outgoing')), ...incoming.map(advisedOf('incoming'))].filter(({ advice }) => advice.length > 0).sort((a, b) => firstDate(a).localeCompare(firstDate(b)))
  if (advised.length === 0) return null
  const broken = advised.some(({ advice }) => advice.some(({ severity }) => severity === 'broken'))
  return (
    <Box component="section" aria-label="Provider advice" sx={{ border: 1, borderColor: 'divider', borderLeft: '3px solid', borderLeftColor: broken ? 'error.main' : 'warning.main', borderRadius: 1, bgcolor: 'background.paper' }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 1.5, py: 0.75, flexWrap: 'wrap' }}>
        <Box sx={{ flex: 1, minWidth: 240, '& > span > span': { whiteSpace: 'normal' } }}><StatusMark tone={broken ? 'bad' : 'warning'}>{adviceSentence(advised, new Date().toISOString().slice(0, 10), dayText)}</StatusMark></Box>
        <Button aria-expanded={open} endIcon={<ExpandMore sx={{ transform: open ? 'rotate(180deg)' : 'none' }} />} onClick={() => setOpen(!open)}>{open ? 'Less' : 'What to do'}</Button>
      </Box>
      {open && advised.map(({ side, name, advice }) => (
        <Box key={`${side} ${name}`} sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '150px minmax(0, 1fr)' }, gap: 1, px: 1.5, py: 1, borderTop: 1, borderColor: 'divider' }}>
          <Box><Box sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{name}</Box><Box sx={{ color: 'text.secondary', fontSize: 12.5 }}>{side}</Box></Box>
          <AdviceList advice={advice} name={name} deeds={administrator ? { onMove: () => onMove(side, name), onSignIn: () => onSignIn(side, name), onOpen: () => onOpen(side, name) } : {}} />
        </Box>
      ))}
    </Box>
  )
}

const advisedOf = (side: Side) => ({ server, advice }: Pick<IncomingServerView | OutgoingServerView, 'server' | 'advice'>): Advised => ({ side, name: server.name, advice: advice.filter(({ severity }) => severity !== 'note') })
const firstDate = ({ advice }: Advised): string => advice.map(({ date }) => date ?? '0').sort()[0] ?? '9'
