import { Box, Button } from '@mui/material'
import type { ReactNode } from 'react'
import { LookOnly } from '../components/look-only.tsx'
import { Panel } from '../components/page-frame.tsx'
import { StatusMark } from '../components/status-mark.tsx'
import { useIsAdministrator } from '../main-process/console-state.ts'
import { ProblemNotice } from '../problems/problem-notice.tsx'
import type { PartForm } from './use-settings-part.ts'

type Bar = Pick<PartForm<object>, 'errors' | 'dirty' | 'busy' | 'problem' | 'save' | 'discard' | 'reload' | 'settings'>

/** The settings of a page as a form: what is beside it explains or tries them, the bar below saves or gives up what was typed. */
export const SettingsForm = ({ form, aside, children }: { form: Bar; aside?: ReactNode; children: ReactNode }) => {
  const administrator = useIsAdministrator()
  return (
    <Box sx={{ display: 'grid', gap: 1.5, alignItems: 'start', gridTemplateColumns: 'minmax(0, 760px)', ...(aside ? { '@media (min-width: 1180px)': { gridTemplateColumns: 'minmax(0, 640px) minmax(0, 760px)' } } : {}) }}>
      <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); form.save() }} sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
        <LookOnly what="these settings" />
        {form.settings !== null && children}
        {form.problem && <ProblemNotice problem={form.problem} action={form.settings === null ? <Button onClick={form.reload}>Try again</Button> : undefined} />}
        {form.settings !== null && administrator && <SaveBar form={form} />}
      </Box>
      {aside && <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>{aside}</Box>}
    </Box>
  )
}

const SaveBar = ({ form }: { form: Bar }) => (
  <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap', position: 'sticky', bottom: 0, zIndex: 1, py: 1, bgcolor: 'background.default' }}>
    <Button type="submit" variant="contained" color="primary" disabled={!form.dirty || form.busy}>{form.busy ? 'Saving…' : 'Save'}</Button>
    <Button disabled={!form.dirty || form.busy} onClick={form.discard}>Discard changes</Button>
    <Box role="status">{Object.keys(form.errors).length > 0 ? <StatusMark tone="warning">Correct the marked fields.</StatusMark> : form.dirty ? <StatusMark tone="neutral">Not saved yet</StatusMark> : null}</Box>
  </Box>
)

/** Settings that belong together. */
export const SettingsGroup = ({ title, children }: { title: string; children: ReactNode }) => <Panel title={title}><Box sx={{ p: 1.5, display: 'grid', gap: 1.25 }}>{children}</Box></Panel>
