import { Box, Button, Tab, Tabs } from '@mui/material'
import { useState, type ReactNode } from 'react'
import type { Problem } from '#contract/problem.ts'
import { commandFields, plainTemplate, requestTemplate, type RequestTemplate } from '#contract/request-values.ts'
import type { Settings } from '#contract/settings.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { faultsByPath, focusFirstFault } from '../../components/field-faults.ts'
import { StatusIcon, StatusMark } from '../../components/status-mark.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { CommandFields } from './command-fields.tsx'
import { ResourcesPart } from './resources-part.tsx'
import { ValuesPart } from './values-part.tsx'

/** `was` is the present name; null for a new template, also where `template` is one to begin with. */
type Needs = { template: RequestTemplate | null; was: string | null; usedBy: readonly string[]; onClose: () => void; onSaved: (name: string) => void }
const tabs = ['Values', 'E-mail command', 'Resources'] as const
type TabName = (typeof tabs)[number]
const tabOf = (path: string): TabName => (/^resources/.test(path) ? 'Resources' : /^(additionalFields|requesterFields|technicianFields)/.test(path) ? 'E-mail command' : 'Values')

/** One request template: its values, the fields that commands may set, and the questions about resources. */
export const TemplateDialog = ({ template, was, usedBy, onClose, onSaved }: Needs) => {
  const { draft, change, dirty, leave } = useDraft<RequestTemplate>(template ?? { ...plainTemplate, name: '' })
  const [tab, setTab] = useState<TabName>('Values')
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const disabled = !useIsAdministrator()
  const changeSettings = useChangeSettings()
  const refuse = (found: Record<string, string>): void => {
    setFaults(found)
    const first = tabs.find((name) => Object.keys(found).some((path) => tabOf(path) === name))
    if (first) setTab(first)
    focusFirstFault()
  }
  const save = async (): Promise<void> => {
    const parsed = requestTemplate.safeParse(cleaned(draft))
    if (!parsed.success) return refuse(faultsByPath(parsed.error.issues))
    setFaults({})
    setProblem(null)
    const wanted = parsed.data
    try {
      let taken = false
      const saved = await changeSettings((fresh) => {
        taken = fresh.requestTemplates.some(({ name }) => name !== was && name.toLowerCase() === wanted.name.toLowerCase())
        return taken ? null : { ...fresh, requestTemplates: withTemplate(fresh, was, wanted) }
      })
      if (taken) return refuse({ name: 'There is a template of that name already.' })
      if (saved) onSaved(wanted.name)
    } catch (thrown) {
      setProblem(problemOf(thrown))
    }
  }
  const part = { draft, change, faults, disabled }
  return (
    <DialogFrame
      title={was === null ? 'Add request template' : `Request template – ${was}`} width={860} onClose={() => leave(onClose)} onSubmit={() => !disabled && void save()} flush
      actions={
        <>
          <Box role="status" sx={{ flex: 1 }}>{Object.keys(faults).length > 0 ? <StatusMark tone="warning">Correct the marked fields.</StatusMark> : dirty ? <StatusMark tone="neutral">Not saved yet</StatusMark> : null}</Box>
          <Button onClick={() => leave(onClose)}>{dirty ? 'Cancel' : 'Close'}</Button>
          {!disabled && <Button type="submit" variant="contained" color="primary">Save</Button>}
        </>
      }
    >
      <Tabs value={tab} onChange={(_event, next: TabName) => setTab(next)} aria-label="Parts of the template" sx={{ px: 1.25, borderBottom: 1, borderColor: 'divider', position: 'sticky', top: 0, zIndex: 2, bgcolor: 'background.paper' }}>
        {tabs.map((name) => <Tab key={name} value={name} id={`template-tab-${name}`} aria-controls="template-part" label={<Label name={name} faulty={Object.keys(faults).some((path) => tabOf(path) === name)} />} />)}
      </Tabs>
      <Box id="template-part" role="tabpanel" aria-labelledby={`template-tab-${tab}`} sx={{ p: 2.5, display: 'grid', gap: 1.5, minHeight: 420, alignContent: 'start' }}>
        {problem && <ProblemNotice problem={problem} />}
        {tab === 'Values' && <ValuesPart {...part} renames={was !== null && draft.name.trim() !== was ? usedBy : []} />}
        {tab === 'E-mail command' && <CommandFields {...part} />}
        {tab === 'Resources' && <ResourcesPart {...part} />}
      </Box>
    </DialogFrame>
  )
}

const Label = ({ name, faulty }: { name: ReactNode; faulty: boolean }) => <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>{name}{faulty && <StatusIcon tone="warning" label="has fields to correct" />}</Box>

/** The template without the rows that were left empty, and without leave for fields that it no longer has. */
const cleaned = (draft: RequestTemplate): RequestTemplate => {
  const additionalFields = draft.additionalFields.map((label) => label.trim()).filter((label) => label !== '')
  const known = new Set<string>([...commandFields, ...additionalFields])
  const trimmed = Object.fromEntries(Object.entries(draft).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value])) as RequestTemplate
  return { ...trimmed, additionalFields, requesterFields: draft.requesterFields.filter((field) => known.has(field)), technicianFields: draft.technicianFields.filter((field) => known.has(field)) }
}

const withTemplate = ({ requestTemplates }: Settings, was: string | null, wanted: RequestTemplate): RequestTemplate[] =>
  requestTemplates.some(({ name }) => name === was) ? requestTemplates.map((each) => (each.name === was ? wanted : each)) : [...requestTemplates, wanted]
