import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { focusFirstFault } from '../../components/field-faults.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { errorsBelow, errorsOf, faultsOf } from '../../settings/setting-errors.ts'
import type { MailRule } from './event-words.ts'
import { PreviewPane } from './preview-pane.tsx'
import { RuleFields } from './rule-fields.tsx'
import { SampleForm } from './sample-form.tsx'
import { TemplateFields } from './template-fields.tsx'

/** `was` is the present name of the rule, null for a new one; of the acknowledgement the template alone is edited. */
export type OpenedMail = { kind: 'acknowledgement'; rule: MailRule } | { kind: 'rule'; was: string | null; rule: MailRule }
type Needs = { opened: OpenedMail; settings: Settings; onClose: () => void; onSaved: (name: string) => void }

/** One mail that goes out by itself: when and to whom, what is in it, and how that will look. */
export default function MailDialog({ opened, settings, onClose, onSaved }: Needs) {
  const { draft, change, dirty, leave } = useDraft<MailRule>(opened.rule)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const [number, setNumber] = useState('')
  const [busy, setBusy] = useState(false)
  const disabled = !useIsAdministrator()
  const changeSettings = useChangeSettings()
  const refuse = (found: Record<string, string>): void => {
    setFaults(found)
    focusFirstFault()
  }
  const edit = (part: Partial<MailRule>): void => {
    change(part)
    if (Object.keys(faults).length > 0) setFaults(faultsIn(opened, settings, { ...draft, ...part }))
  }
  const save = async (): Promise<void> => {
    const found = faultsIn(opened, settings, draft)
    if (Object.keys(found).length > 0) return refuse(found)
    setFaults({})
    setProblem(null)
    setBusy(true)
    try {
      if (await changeSettings((fresh) => withMail(opened, fresh, draft))) onSaved(draft.name)
    } catch (thrown) {
      const told = problemOf(thrown)
      if (told.code === 'invalid-input') refuse(errorsBelow(errorsOf(told.issues), placeOf(opened, settings)))
      setProblem(told)
    } finally {
      setBusy(false)
    }
  }
  const templateFaults = Object.fromEntries(Object.entries(faults).flatMap(([path, words]) => (path.startsWith('template.') ? [[path.slice('template.'.length), words]] : [])))
  return (
    <DialogFrame
      title={titleOf(opened)} width={1200} onClose={() => leave(onClose)} onSubmit={() => !disabled && !busy && void save()}
      actions={
        <>
          <Box role="status" sx={{ flex: 1 }}>{Object.keys(faults).length > 0 ? <StatusMark tone="warning">Correct the marked fields.</StatusMark> : dirty ? <StatusMark tone="neutral">Not saved yet</StatusMark> : null}</Box>
          <Button onClick={() => leave(onClose)}>{dirty ? 'Cancel' : 'Close'}</Button>
          {!disabled && <Button type="submit" variant="contained" color="primary" disabled={busy}>{busy ? 'Saving…' : 'Save'}</Button>}
        </>
      }
    >
      {problem && <Box sx={{ mb: 1.5 }}><ProblemNotice problem={problem} /></Box>}
      {opened.kind === 'rule' && <Box sx={{ mb: 1.5 }}><RuleFields rule={draft} change={edit} faults={faults} disabled={disabled} /></Box>}
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1.15fr) minmax(0, 1fr)' }, gap: 2.5, alignItems: 'start' }}>
        <TemplateFields template={draft.template} onChange={(template) => edit({ template })} faults={templateFaults} disabled={disabled} />
        <Box sx={{ display: 'grid', gap: 2, minWidth: 0, position: { md: 'sticky' }, top: 0 }}>
          <PreviewPane template={draft.template} number={number} onNumber={setNumber} />
          {!disabled && <SampleForm template={draft.template} number={number} />}
        </Box>
      </Box>
    </DialogFrame>
  )
}

const titleOf = (opened: OpenedMail): string => (opened.kind === 'acknowledgement' ? 'Text of the acknowledgement' : opened.was === null ? 'Add a mail about requests' : `Mail about requests – ${opened.was}`)

const indexOf = (opened: OpenedMail, { requestMails }: Settings): number => {
  const at = opened.kind === 'rule' ? requestMails.findIndex(({ name }) => name === opened.was) : -1
  return at < 0 ? requestMails.length : at
}
const placeOf = (opened: OpenedMail, settings: Settings): string => (opened.kind === 'acknowledgement' ? 'processing.answers' : `requestMails.${indexOf(opened, settings)}`)

/** The settings with this mail in its place, also where somebody else moved, renamed or deleted it meanwhile. */
const withMail = (opened: OpenedMail, settings: Settings, rule: MailRule): Settings =>
  opened.kind === 'acknowledgement'
    ? { ...settings, processing: { ...settings.processing, answers: { ...settings.processing.answers, template: rule.template } } }
    : { ...settings, requestMails: settings.requestMails.toSpliced(indexOf(opened, settings), 1, rule) }

const faultsIn = (opened: OpenedMail, settings: Settings, rule: MailRule): Record<string, string> => errorsBelow(faultsOf(withMail(opened, settings, rule)), placeOf(opened, settings))
