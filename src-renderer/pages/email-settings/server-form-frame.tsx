import { Box, Button, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import type { Advice } from '#contract/advice.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { TestStepName } from '#contract/connection-test.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { AdviceList } from './advice/advice-list.tsx'
import { TestSteps } from './test-steps.tsx'
import type { ServerForm } from './use-server-form.ts'

type Needs<Draft> = { title: string; form: ServerForm<Draft>; onClose: () => void; summary: readonly string[]; locked: boolean; expected: readonly TestStepName[]; advice: readonly Advice[]; onMove: (() => void) | null; onSignIn: (() => void) | null; banner?: ReactNode; afterSaving?: ReactNode; children: ReactNode }

/** The server dialog around its sections: consequences and the outcome of saving on the right, the actions below. */
export const ServerFormFrame = <Draft extends object>({ title, form, onClose, summary, locked, expected, advice, onMove, onSignIn, banner, afterSaving, children }: Needs<Draft>) => {
  const administrator = useIsAdministrator()
  const faults = Object.keys(form.errors).length
  const saving = form.work.running
  const leave = (): void => form.leave(onClose)
  // What comes next after saving is the one thing to press; another change makes Save that again.
  const next = form.answer !== null && !form.dirty && !saving && (wantsSignIn(form) ? onSignIn !== null : works(form) && afterSaving !== undefined)
  return (
    <DialogFrame
      title={title} width={980} flush onClose={leave} onSubmit={() => !locked && !saving && form.save(false)}
      actions={
        <>
          <Box role="status" sx={{ flex: 1, minWidth: 180 }}>{faults > 0 ? <StatusMark tone="warning">{plural(faults, 'field')} to correct; or save as draft</StatusMark> : form.dirty ? <StatusMark tone="neutral">Not saved yet</StatusMark> : null}</Box>
          {saving ? <Button onClick={form.work.cancel}>Cancel test</Button> : <Button onClick={leave}>{form.dirty ? 'Cancel' : 'Close'}</Button>}
          {administrator && <Button disabled={locked || saving || !form.draft} title="Saves without trying the connection" onClick={() => form.save(true)}>Save as draft</Button>}
          {administrator && <Button type="submit" {...(next ? {} : { variant: 'contained' as const, color: 'primary' as const })} disabled={locked || saving || !form.draft} title="Saves and tries the connection">{saving ? 'Saving…' : 'Save'}</Button>}
        </>
      }
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) 320px' }, minHeight: '100%' }}>
        <Box sx={{ p: 2.5, minWidth: 0 }}>{banner}{children}</Box>
        <Box component="aside" aria-label="Consequences" sx={{ p: 2.5, bgcolor: 'background.default', borderLeft: { md: 1 }, borderColor: { md: 'divider' } }}>
          <Box sx={{ position: { md: 'sticky' }, top: 20 }}>
            <Outcome form={form} expected={expected} onSignIn={onSignIn} afterSaving={afterSaving} />
            <Typography variant="h3" sx={{ mb: 0.5 }}>What this means</Typography>
            <Box component="ul" aria-live="polite" sx={{ m: 0, pl: 2, color: 'text.secondary', display: 'grid', gap: 0.5, overflowWrap: 'anywhere' }}>{summary.map((line) => <li key={line}>{line}</li>)}</Box>
            {advice.length > 0 && <Box component="section" aria-label="Provider advice" sx={{ mt: 2, pt: 2, borderTop: 1, borderColor: 'divider' }}><Typography variant="h3" sx={{ mb: 0.75 }}>What the provider has announced</Typography><AdviceList advice={advice} name={title} deeds={administrator ? { ...(onMove ? { onMove } : {}), ...(onSignIn ? { onSignIn } : {}) } : {}} /></Box>}
          </Box>
        </Box>
      </Box>
    </DialogFrame>
  )
}

const Outcome = <Draft extends object>({ form, expected, onSignIn, afterSaving }: { form: ServerForm<Draft>; expected: readonly TestStepName[]; onSignIn: (() => void) | null; afterSaving: ReactNode }) => {
  const { answer, work, problem } = form
  if (!work.running && !answer && !problem) return null
  const steps = answer?.verdict?.steps.length ? answer.verdict.steps : work.steps
  return (
    <Box role="status" sx={{ mb: 2, pb: 2, borderBottom: 1, borderColor: 'divider', fontSize: 12.5 }}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>{work.running ? 'Saving and trying the connection' : problem ? 'Not saved' : 'Saved'}</Typography>
      {problem && <ProblemNotice problem={problem} bare />}
      {answer && <Box sx={{ mb: 1, '& span': { whiteSpace: 'normal' } }}>{outcomeOf(answer)}</Box>}
      {(work.running || answer?.verdict) && <TestSteps steps={steps} running={work.running} expected={expected} narrow />}
      {onSignIn && wantsSignIn(form) && <Button variant="contained" color="primary" sx={{ mt: 1 }} onClick={onSignIn}>Sign in</Button>}
      {answer && answer.savedAs === 'ready' && !(onSignIn && wantsSignIn(form)) && afterSaving && <Box sx={{ mt: 1 }}>{afterSaving}</Box>}
    </Box>
  )
}

const wantsSignIn = ({ answer }: Pick<ServerForm<object>, 'answer'>): boolean => (answer?.verdict?.problem ? wordsOf(answer.verdict.problem).action === 'sign-in' : false)
const works = ({ answer }: Pick<ServerForm<object>, 'answer'>): boolean => answer?.savedAs === 'ready' && answer.verdict?.verdict !== 'failed'

const outcomeOf = (answer: NonNullable<ServerForm<object>['answer']>): ReactNode => {
  if (answer.savedAs === 'draft') return <StatusMark tone="draft">Kept as a draft{answer.issues.length > 0 ? `: ${plural(answer.issues.length, 'field')} to complete before it can be used` : ''}.</StatusMark>
  if (answer.verdict?.problem?.code === 'cancelled') return <StatusMark tone="neutral">Saved. Trying the connection was cancelled.</StatusMark>
  if (answer.verdict?.alternate) return <StatusMark tone="warning">The settings are saved and the server works, but its alternate {answer.verdict.alternate} failed. Correct it, or leave it for later.</StatusMark>
  if (answer.verdict?.verdict === 'failed') return <StatusMark tone="warning">The settings are saved, but the connection failed. Correct them, or leave it for later.</StatusMark>
  return <StatusMark tone="good">{answer.verdict ? 'The connection works.' : 'Saved without trying the connection.'}</StatusMark>
}
