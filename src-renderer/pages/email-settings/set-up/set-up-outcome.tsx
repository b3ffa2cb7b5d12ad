import { Box, Button, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import type { Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { incomingProtocols, outgoingProtocols } from '#contract/protocols.ts'
import { expectedSteps } from '../../../components/expected-steps.ts'
import { plural } from '../../../components/sizes.ts'
import { StatusMark } from '../../../components/status-mark.tsx'
import { ProblemNotice } from '../../../problems/problem-notice.tsx'
import { TestSteps } from '../test-steps.tsx'
import type { Part, SetUp } from './use-set-up.ts'

/** What saving and trying the two servers found, side by side. */
export const SetUpOutcome = ({ setUp, onSignIn }: { setUp: SetUp; onSignIn: (side: 'incoming' | 'outgoing') => void }) => {
  const { done } = setUp
  if (!done) return null
  const { incoming, outgoing } = done
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: outgoing ? '1fr 1fr' : '1fr' }, gap: 3 }}>
      <Half title={`Incoming server ${incoming.name}`} part={setUp.incoming} expected={expectedSteps(incoming, incomingProtocols[incoming.protocol], 'incoming')} onSignIn={() => onSignIn('incoming')} />
      {outgoing && <Half title={`Outgoing server ${outgoing.name}`} part={setUp.outgoing} expected={expectedSteps(outgoing, outgoingProtocols[outgoing.protocol], 'outgoing')} onSignIn={() => onSignIn('outgoing')} />}
    </Box>
  )
}

type HalfNeeds = { title: string; part: Part; expected: ReturnType<typeof expectedSteps>; onSignIn: () => void }

const Half = ({ title, part, expected, onSignIn }: HalfNeeds) => {
  const { answer, work, problem } = part
  const steps = answer?.verdict?.steps.length ? answer.verdict.steps : work.steps
  return (
    <Box component="section" aria-label={title} sx={{ minWidth: 0 }}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>{title}</Typography>
      {problem && <ProblemNotice problem={problem} bare />}
      <Box role="status" sx={{ mb: 0.5, '& span': { whiteSpace: 'normal' } }}>{wordsFor(part)}</Box>
      {!problem && answer?.savedAs !== 'draft' && <TestSteps steps={steps} running={work.running} expected={expected} narrow remedy={(found) => <Remedy found={found} onSignIn={onSignIn} />} />}
    </Box>
  )
}

const wordsFor = ({ answer, work, problem, begun }: Part): ReactNode => {
  if (work.running) return <StatusMark tone="busy">Saving and trying the connection</StatusMark>
  if (problem) return null
  if (!answer) return begun ? null : <StatusMark tone="pending">Waits for the incoming server</StatusMark>
  if (answer.savedAs === 'draft') return <StatusMark tone="draft">Kept as a draft.{answer.issues.length > 0 ? ` To complete: ${plural(answer.issues.length, 'field')}.` : ''}</StatusMark>
  return answer.verdict?.verdict === 'ok' ? <StatusMark tone="good">Saved; the connection works.</StatusMark> : <StatusMark tone="warning">Saved, but it does not work yet.</StatusMark>
}

const Remedy = ({ found, onSignIn }: { found: Problem; onSignIn: () => void }) => {
  const oauth = /^(sign-in|scope-missing|consent|token|signed-in)/.test(found.code) && wordsOf(found).action === 'sign-in'
  return oauth ? <Button variant="contained" color="primary" onClick={onSignIn}>Sign in</Button> : null
}
