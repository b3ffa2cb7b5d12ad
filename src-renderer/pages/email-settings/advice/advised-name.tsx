import { Box } from '@mui/material'
import type { Advice } from '#contract/advice.ts'
import { dayText } from '../../../components/days.tsx'
import { StatusIcon } from '../../../components/status-mark.tsx'
import { adviceTones } from './advice-list.tsx'

/** The name of a server in its table, with a badge where something will stop working. */
export const AdvisedName = ({ name, advice }: { name: string; advice: readonly Advice[] }) => {
  const worst = advice.find(({ severity }) => severity === 'broken') ?? advice.find(({ severity }) => severity === 'warning')
  const words = worst && `${worst.title}${worst.date ? ` (${dayText(worst.date)})` : ''}`
  return (
    <Box component="span" sx={{ display: 'flex', alignItems: 'center', gap: 0.5, minWidth: 0 }}>
      <Box component="span" title={name} sx={{ fontWeight: 500, overflow: 'hidden', textOverflow: 'ellipsis' }}>{name}</Box>
      {worst && <Box component="span" title={words} sx={{ display: 'inline-flex' }}><StatusIcon tone={adviceTones[worst.severity]} label={words ?? ''} /></Box>}
    </Box>
  )
}
