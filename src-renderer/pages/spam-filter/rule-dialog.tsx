import { Box, Button, Typography } from '@mui/material'
import type { SpamRule } from '#contract/spam-rule.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Choice, TextLine, Tick } from '../../components/fields.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { errorsBelow } from '../../settings/setting-errors.ts'
import { CriterionRow } from './criterion-row.tsx'
import { RuleTrialView } from './rule-trial-view.tsx'
import { ruleErrors, useRuleForm, type RuleForm } from './use-rule-form.ts'
import { useRuleTrial } from './use-rule-trial.ts'

type Needs = { was: string | null; stored: SpamRule; taken: readonly string[]; onClose: () => void; onSaved: (name: string) => void }

/** One rule: its name, its criteria, and what it says of a message before it is saved. */
export const RuleDialog = ({ was, stored, taken, onClose, onSaved }: Needs) => {
  const disabled = !useIsAdministrator()
  const trial = useRuleTrial()
  const refused = ruleErrors(trial.problem)
  const typed = useRuleForm({ was, stored, taken, onSaved, onChanged: trial.changed })
  const form: RuleForm = { ...typed, errors: { ...refused, ...typed.errors } }
  const { draft, errors } = form
  const close = (): void => form.leave(onClose)
  const faulty = Object.keys(errors).length
  return (
    <DialogFrame
      title={was === null ? 'Add spam rule' : `Spam rule – ${was}`} width={1040} flush onClose={close} onSubmit={() => !disabled && form.save()}
      actions={
        <>
          <Box role="status" sx={{ flex: 1 }}>{faulty > 0 ? <StatusMark tone="warning">{faulty === 1 ? 'One field to correct' : `${faulty} fields to correct`}</StatusMark> : null}</Box>
          <Button onClick={close}>{disabled ? 'Close' : 'Cancel'}</Button>
          {!disabled && <Button type="submit" variant="contained" color="primary" disabled={form.busy}>{form.busy ? 'Saving…' : 'Save'}</Button>}
        </>
      }
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) 340px' }, minHeight: '100%' }}>
        <Box sx={{ p: 2, display: 'grid', gap: 1.5, alignContent: 'start', minWidth: 0 }}>
          <LookOnly what="rules; trying one changes nothing" />
          <TextLine label="Name" name="name" value={draft.name} onChange={(name) => form.change({ name })} error={errors['name']} disabled={disabled} autoFocus helper="Such as Out of office, or Newsletters." />
          <Choice label="Drop a message if" name="match" width={300} value={draft.match} disabled={disabled} onChange={(match) => form.change({ match })} options={[{ value: 'all', label: 'ALL criteria are met' }, { value: 'any', label: 'ANY criterion is met' }]} />
          <Criteria form={form} disabled={disabled} />
          <Tick label="This rule is on" value={draft.enabled} disabled={disabled} onChange={(enabled) => form.change({ enabled })} helper="One that is off is kept, and can be tried." />
          {form.problem && <ProblemNotice problem={form.problem} />}
        </Box>
        <Box component="aside" aria-label="Try before saving" sx={{ p: 2, bgcolor: 'background.default', borderLeft: { md: 1 }, borderTop: { xs: 1, md: 0 }, borderColor: { xs: 'divider', md: 'divider' }, minWidth: 0 }}>
          <RuleTrialView draft={draft} trial={trial} problem={Object.keys(refused).length > 0 ? null : trial.problem} />
        </Box>
      </Box>
    </DialogFrame>
  )
}

const Criteria = ({ form, disabled }: { form: RuleForm; disabled: boolean }) => {
  const { draft, errors, change } = form
  return (
    <Box component="section" aria-label="Criteria" sx={{ display: 'grid', gap: 0.5 }}>
      <Box sx={{ color: 'text.secondary', fontSize: 12, mb: 0.25 }}>Upper and lower case are alike. A value that has a comma in it stands in double quotes.</Box>
      {draft.criteria.map((criterion, index) => (
        <Box key={index} sx={{ display: 'grid', gap: 0.5 }}>
          {index > 0 && <Typography sx={{ fontSize: 12, fontWeight: 600, color: 'text.secondary', textAlign: 'center' }}>{draft.match === 'all' ? 'AND' : 'OR'}</Typography>}
          <CriterionRow criterion={criterion} place={index} errors={errorsBelow(errors, `criteria.${index}`)} disabled={disabled} onChange={(next) => form.setCriterion(index, next)} onRemove={draft.criteria.length > 1 && !disabled ? () => change({ criteria: draft.criteria.toSpliced(index, 1) }) : null} />
        </Box>
      ))}
      {!disabled && <Box sx={{ mt: 0.5 }}><Button disabled={draft.criteria.length >= 50} onClick={() => change({ criteria: [...draft.criteria, { field: 'sender', condition: 'contains', values: [] }] })}>Add a criterion</Button></Box>}
    </Box>
  )
}
