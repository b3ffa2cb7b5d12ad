import { Box, Button, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import { testSteps, type TestStep, type TestStepName } from '#contract/connection-test.ts'
import type { Problem } from '#contract/problem.ts'
import { serverSaid, wordsOf } from '#contract/problem-words.ts'
import { CopyButton } from '../../components/copy-line.tsx'
import { Details } from '../../components/details.tsx'
import { MonoBlock } from '../../components/mono.tsx'
import { StatusIcon, type Tone } from '../../components/status-mark.tsx'
import { stepWords } from '../../components/server-words.ts'

const tones: Record<TestStep['outcome'], Tone> = { ok: 'good', warning: 'warning', failed: 'bad' }
/** Steps that only some tests have: not announced before they happen. */
const optional: readonly TestStepName[] = ['capabilities']

type Needs = { steps: readonly TestStep[]; running: boolean; expected: readonly TestStepName[]; remedy?: (problem: Problem) => ReactNode; narrow?: boolean }

/** The steps of a test as they happen, each with what was found and how long it took; those to come stand below, unmarked. Those at the second host of an alternate come after those at the server itself, under its name. */
export const TestSteps = ({ steps, running, expected, ...how }: Needs) => {
  const [own, there] = [steps.filter(({ alternate }) => alternate === undefined), steps.filter(({ alternate }) => alternate !== undefined)]
  const host = there[0]?.alternate ?? null
  return (
    <>
      <StepsAtHost {...how} steps={own} running={running && host === null} expected={expected} />
      {host !== null && <Typography variant="h3" sx={{ mt: 1, mb: 0.5, overflowWrap: 'anywhere' }}>Alternate {host}</Typography>}
      {host !== null && <StepsAtHost {...how} steps={there} running={running} expected={expected.filter((step) => step !== 'dkim')} />}
    </>
  )
}

const StepsAtHost = ({ steps, running, expected, remedy, narrow = false }: Needs) => {
  const done = new Set(steps.map(({ step }) => step))
  const last = testSteps.indexOf(steps.at(-1)?.step ?? 'resolve')
  const toCome = expected.filter((step) => !done.has(step) && (steps.length === 0 || testSteps.indexOf(step) > last) && !optional.includes(step))
  const failed = steps.at(-1)?.outcome === 'failed'
  return (
    <Box component="ol" aria-live="polite" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {steps.map((step) => <StepLine key={step.step} step={step} narrow={narrow} remedy={step.outcome === 'failed' && step.problem ? remedy?.(step.problem) : undefined} />)}
      {toCome.map((step, index) => (
        <Box component="li" key={step} sx={{ display: 'grid', gridTemplateColumns: '20px 130px 1fr', gap: 1, py: 0.5, color: 'text.secondary', alignItems: 'center' }}>
          <StatusIcon tone={running && index === 0 ? 'busy' : 'pending'} />
          <span>{stepWords[step]}</span>
          <span>{running && index === 0 ? 'working' : failed ? 'not reached' : ''}</span>
        </Box>
      ))}
    </Box>
  )
}

/** In a narrow place what was found stands below the name of the step. */
const StepLine = ({ step, narrow, remedy }: { step: TestStep; narrow: boolean; remedy?: ReactNode }) => {
  const cancelled = step.problem?.code === 'cancelled'
  const words = step.problem && !cancelled ? wordsOf(step.problem) : null
  const said = step.problem ? serverSaid(step.problem) ?? (step.detail || null) : null
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: narrow ? '20px minmax(0, 1fr) auto' : '20px 130px minmax(0, 1fr) auto', columnGap: 1, py: 0.5, alignItems: 'start' }}>
      <Box sx={{ pt: 0.25 }}><StatusIcon tone={cancelled ? 'stopped' : tones[step.outcome]} label={cancelled ? 'cancelled' : step.outcome} /></Box>
      <Box sx={{ fontWeight: 500 }}>{stepWords[step.step]}</Box>
      <Box sx={{ minWidth: 0, overflowWrap: 'anywhere', ...(narrow ? { gridArea: '2 / 2 / 3 / 4', color: 'text.secondary' } : {}) }}>
        {words ? (
          <>
            <Box sx={{ fontWeight: 600, color: step.outcome === 'failed' ? 'error.main' : 'warning.main' }}>{words.title}</Box>
            <Box sx={{ color: 'text.secondary' }}>{words.advice}</Box>
            {step.problem?.code === 'dkim-key-not-published' && <Box sx={{ display: 'flex', flexWrap: 'wrap' }}><CopyButton what="record name" text={step.problem.name} words="Copy name" /><CopyButton what="record" text={step.problem.record} words="Copy record" /></Box>}
            {remedy && <Box sx={{ my: 0.75 }}>{remedy}</Box>}
            {said && <Details label="Details"><MonoBlock text={said} label="The server’s answer" maxHeight={180} /></Details>}
          </>
        ) : cancelled ? 'cancelled' : step.detail}
      </Box>
      <Box component="span" sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>{step.ms} ms</Box>
    </Box>
  )
}

/** The button that goes with a failed step. */
export const RemedyButton = ({ problem, onOpenServer, onSignIn, onRetry }: { problem: Problem; onOpenServer: (advanced: boolean) => void; onSignIn: (() => void) | null; onRetry: () => void }) => {
  const { action } = wordsOf(problem)
  if (action === 'retry') return <Button onClick={onRetry}>Test again</Button>
  if (action === 'sign-in' && onSignIn) return <Button variant="contained" color="primary" onClick={onSignIn}>{problem.code === 'sign-in-needed' ? 'Sign in' : 'Sign in again'}</Button>
  return <Button onClick={() => onOpenServer(action === 'pin-certificate')}>{action === 'pin-certificate' ? 'Look at the certificate' : 'Open server'}</Button>
}
