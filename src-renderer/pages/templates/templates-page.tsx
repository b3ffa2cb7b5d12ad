import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { RequestTemplate } from '#contract/request-values.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { plural } from '../../components/sizes.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { TemplateDialog } from './template-dialog.tsx'

/** What new requests begin with, and what of it people may set by e-mail command. */
export const TemplatesPage = () => {
  const { value: settings, problem, reload } = useCall('settings.get', {}, { refreshOn: ['settings-changed'] })
  const servers = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value?.map(({ server }) => server) ?? []
  const [selected, setSelected] = useState<string | null>(null)
  const [opened, setOpened] = useState<{ template: RequestTemplate | null } | null>(null)
  const administrator = useIsAdministrator()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const changeSettings = useChangeSettings()
  const templates = settings?.requestTemplates ?? []
  const chosen = templates.find(({ name }) => name === selected) ?? null
  const usedBy = (name: string): string[] => [...servers.filter(({ template }) => template?.toLowerCase() === name.toLowerCase()).map((server) => server.name), ...(settings?.nativeMail.template?.toLowerCase() === name.toLowerCase() ? ['native mail'] : [])]
  const remove = async (template: RequestTemplate): Promise<void> => {
    const used = usedBy(template.name)
    const goAhead = await ask({ title: `Delete ${template.name}`, body: used.length > 0 ? `New requests of ${used.join(', ')} begin with it; they would begin with the default instead. Requests that are there keep their values.` : 'No server names it. Requests that are there keep their values.', confirm: 'Delete template', dangerous: true })
    if (!goAhead) return
    const done = await act(async () => { if (await changeSettings((fresh) => ({ ...fresh, requestTemplates: fresh.requestTemplates.filter(({ name }) => name !== template.name) }))) say(`${template.name} was deleted.`) })
    if (done) reload()
  }
  const copy = (template: RequestTemplate): void => setOpened({ template: { ...template, name: '' } })
  const add = <Button variant="contained" color="primary" disabled={!administrator} onClick={() => setOpened({ template: null })}>Add</Button>
  return (
    <PageFrame title="Request templates" intro="A template gives new requests their first values and says which of them people may set by e-mail command. Each incoming server names one.">
      <LookOnly what="templates" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel
        footer={templates.length === 0 ? null : (
          <>
            {add}
            <Button disabled={!chosen} onClick={() => setOpened({ template: chosen })}>Open</Button>
            <Button disabled={!chosen || !administrator} onClick={() => chosen && copy(chosen)}>Copy</Button>
            <Button disabled={!chosen || !administrator} onClick={() => chosen && void remove(chosen)}>Delete</Button>
          </>
        )}
      >
        {settings && templates.length === 0 ? (
          <EmptyState title="No template yet" action={add}>New requests begin without values, and people set the usual fields by e-mail command. Add a template for each kind of request that begins otherwise.</EmptyState>
        ) : (
          <DataTable<RequestTemplate> label="Request templates" columns={columnsFor(usedBy)} rows={templates} keyOf={({ name }) => name} selected={selected} onSelect={({ name }) => setSelected(name)} minWidth={760} keys={{ open: (template) => setOpened({ template }), ...(administrator ? { remove: (template) => void remove(template) } : {}) }} />
        )}
      </Panel>
      {opened && <TemplateDialog template={opened.template} was={templates.some(({ name }) => name === opened.template?.name) ? (opened.template?.name ?? null) : null} usedBy={opened.template ? usedBy(opened.template.name) : []} onClose={() => setOpened(null)} onSaved={(name) => { setOpened(null); setSelected(name); reload() }} />}
    </PageFrame>
  )
}

const grey = (words: string) => <Box component="span" sx={{ color: 'text.secondary' }}>{words}</Box>
const columnsFor = (usedBy: (name: string) => string[]): Column<RequestTemplate>[] => [
  { id: 'name', header: 'Name', width: 'minmax(130px, 1fr)', cell: ({ name }) => <Box component="span" sx={{ fontWeight: 500 }}>{name}</Box> },
  { id: 'category', header: 'Category', width: 'minmax(150px, 1.2fr)', cell: ({ category, subCategory, item }) => [category, subCategory, item].filter(Boolean).join(' / ') || grey('none') },
  { id: 'priority', header: 'Priority', width: 'minmax(186px, 1.1fr)', cell: ({ priority, impact, urgency }) => priority || (impact || urgency ? grey(`by matrix: ${impact || '–'} × ${urgency || '–'}`) : grey('by matrix')) },
  { id: 'group', header: 'Group', width: 'minmax(100px, 1fr)', cell: ({ group }) => group || grey('none') },
  { id: 'resources', header: 'Resources', width: '100px', cell: ({ resources }) => (resources.length === 0 ? grey('none') : plural(resources.reduce((sum, { questions }) => sum + questions.length, 0), 'question')) },
  { id: 'used', header: 'Used by', width: 'minmax(110px, 1fr)', cell: ({ name }) => usedBy(name).join(', ') || grey('no server') }
]
