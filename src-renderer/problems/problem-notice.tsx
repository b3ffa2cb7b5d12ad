import { Box, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import type { Problem } from '#contract/problem.ts'
import { serverSaid, wordsOf } from '#contract/problem-words.ts'
import { Details } from '../components/details.tsx'
import { MonoBlock } from '../components/mono.tsx'
import { StatusIcon } from '../components/status-mark.tsx'

/** A problem in place: the cause, the remedy with its button, and the server's own words behind Details. */
export const ProblemNotice = ({ problem, action, bare = false, open = false }: { problem: Problem; action?: ReactNode; bare?: boolean; open?: boolean }) => {
  const words = wordsOf(problem)
  const said = serverSaid(problem)
  return (
    <Box role="alert" sx={{ display: 'flex', gap: 1, ...(bare ? {} : { p: 1.5, border: 1, borderColor: 'divider', borderLeft: '3px solid', borderLeftColor: 'error.main', borderRadius: 1, bgcolor: 'background.paper' }) }}>
      <Box sx={{ pt: 0.25 }}><StatusIcon tone="bad" /></Box>
      <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
        <Typography sx={{ fontWeight: 600 }}>{words.title}</Typography>
        <Typography sx={{ color: 'text.secondary' }}>{words.advice}</Typography>
        {action && <Box sx={{ mt: 1 }}>{action}</Box>}
        {said && <Details label="Details" open={open}><MonoBlock text={said} label="The server’s answer" maxHeight={160} /></Details>}
      </Box>
    </Box>
  )
}
