import { Box } from '@mui/material'
import { StatusIcon, type Tone } from './status-mark.tsx'

const tones: Record<string, Tone> = { pass: 'good', request: 'good', reply: 'good', command: 'good', dropped: 'stopped', error: 'bad' }
const named = (step: string): string => step.charAt(0).toUpperCase() + step.slice(1).replaceAll('-', ' ')
const outcomeWords: Record<string, string> = { pass: 'passed', request: 'became a request', reply: 'became a reply', command: 'was a command', dropped: 'was dropped', error: 'failed' }

/** The steps that a message went through and what each found. */
export const StepList = ({ steps }: { steps: readonly { step: string; outcome: string; detail: string }[] }) => (
  <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 0.5 }}>
    {steps.map((step, index) => (
      <Box component="li" key={index} sx={{ display: 'grid', gridTemplateColumns: '18px minmax(110px, 150px) 1fr', gap: 1, alignItems: 'start' }}>
        <Box sx={{ pt: 0.25 }}><StatusIcon tone={tones[step.outcome] ?? 'neutral'} label={outcomeWords[step.outcome] ?? step.outcome} /></Box>
        <Box sx={{ fontWeight: 500 }}>{named(step.step)}</Box>
        <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{step.detail}</Box>
      </Box>
    ))}
  </Box>
)
