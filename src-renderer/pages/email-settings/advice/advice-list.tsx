import { Box, Button, Link } from '@mui/material'
import type { Advice } from '#contract/advice.ts'
import { StatusMark, type Tone } from '../../../components/status-mark.tsx'
import { DayText } from '../../../components/days.tsx'

export const adviceTones: Record<Advice['severity'], Tone> = { broken: 'bad', warning: 'warning', note: 'neutral' }
export type AdviceDeeds = { onMove?: (() => void) | undefined; onSignIn?: (() => void) | undefined; onOpen?: (() => void) | undefined }

/** What the provider has announced for one server: what, when, who says so, and the way out. */
export const AdviceList = ({ advice, deeds, name }: { advice: readonly Advice[]; deeds: AdviceDeeds; name: string }) => (
  <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.25 }}>
    {advice.map((each) => (
      <Box component="li" key={each.code} sx={{ display: 'grid', gap: 0.25, '& > span > span': { whiteSpace: 'normal' } }}>
        <StatusMark tone={adviceTones[each.severity]}><Box component="span" sx={{ fontWeight: 600 }}>{each.title}</Box></StatusMark>
        <Box sx={{ color: 'text.secondary' }}>{each.text}</Box>
        <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', flexWrap: 'wrap', fontSize: 12.5, color: 'text.secondary' }}>
          {each.date && <DayText day={each.date} />}
          {each.source.startsWith('http') ? <Link href={each.source} target="_blank" rel="noopener noreferrer" underline="always">Source</Link> : each.source && <span>Source: {each.source}</span>}
          <span>read on {each.asOf}</span>
          <Way advice={each} deeds={deeds} name={name} />
        </Box>
      </Box>
    ))}
  </Box>
)

const Way = ({ advice, deeds, name }: { advice: Advice; deeds: AdviceDeeds; name: string }) => {
  const way = advice.action === 'move-to-graph' ? { label: 'Move to Graph', act: deeds.onMove } : advice.action === 'sign-in' ? { label: 'Sign in', act: deeds.onSignIn } : advice.action === 'open-server' ? { label: 'Open server', act: deeds.onOpen } : null
  return way?.act ? <Button sx={{ minHeight: 24, py: 0, px: 1, color: 'text.primary' }} aria-label={`${way.label}: ${name}`} onClick={way.act}>{way.label}</Button> : null
}
