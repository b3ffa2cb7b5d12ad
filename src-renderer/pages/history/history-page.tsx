import { Box, Button } from '@mui/material'
import { useCallback, useState } from 'react'
import { historySubjects, type HistoryEntry } from '#contract/history.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Choice } from '../../components/fields.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { SearchLine } from '../../components/search-line.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { EntryView } from './entry-view.tsx'
import { ProofPanel } from './proof-panel.tsx'
import { noFilter, useEntries, type Filter } from './use-entries.ts'
import { VersionDialog } from './version-dialog.tsx'

/** Who changed what, when, from what to what, and why; whether that is still as it was written; and the way back. */
export const HistoryPage = () => {
  const [filter, setFilter] = useState<Filter>(noFilter)
  const [cleared, setCleared] = useState(0)
  const [opened, setOpened] = useState<HistoryEntry | null>(null)
  const [proving, setProving] = useState(false)
  const { entries, known, hasMore, more, problem, reload } = useEntries(filter)
  const reasonRequired = useReasonRequired()
  const isFiltered = JSON.stringify(filter) !== JSON.stringify(noFilter)
  const put = (part: Partial<Filter>): void => setFilter((before) => ({ ...before, ...part }))
  const search = useCallback((query: string) => setFilter((before) => (before.query === query ? before : { ...before, query })), [])
  const clear = (): void => {
    setFilter(noFilter)
    setCleared((times) => times + 1)
  }
  return (
    <PageFrame title="History" intro="Every change of the configuration. Version shows how it was beside how it is, and puts it back. Secrets appear as changed, never as they are." actions={<Button onClick={() => setProving(true)}>Verify</Button>}>
      <LookOnly what="the configuration or goes back to an earlier version" />
      {proving && <ProofPanel onClose={() => setProving(false)} />}
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'end' }}>
        <Choice label="What" width={170} value={filter.what ?? ''} onChange={(what) => put({ what: what === '' ? null : what })} options={[{ value: '', label: 'Everything' }, ...historySubjects.map((each) => ({ value: each, label: capital(each) }))]} />
        <Choice label="Name" width={200} value={filter.name ?? ''} onChange={(name) => put({ name: name || null })} options={[{ value: '', label: 'All names' }, ...known.names.map((each) => ({ value: each, label: each }))]} />
        <Choice label="Who" width={180} value={filter.who ?? ''} onChange={(who) => put({ who: who || null })} options={[{ value: '', label: 'Everybody' }, ...known.people.map((each) => ({ value: each, label: each }))]} />
        <Box sx={{ mb: '3px' }}><SearchLine key={cleared} label="Search fields, values, reasons" onSearch={search} /></Box>
        {isFiltered && <Button variant="text" onClick={clear}>Show everything</Button>}
      </Box>
      <Panel>
        {entries?.length === 0 && (isFiltered ? <EmptyState title="No change fits" action={<Button onClick={clear}>Show everything</Button>}>Nothing that was changed is of this kind.</EmptyState> : <EmptyState title="Nothing was changed yet">Each change of a server, a partition or a setting is kept here with who, when and why.</EmptyState>)}
        <Box component="ol" aria-label="Changes, newest first" sx={{ listStyle: 'none', m: 0, p: 0 }}>{entries?.map((entry) => <EntryView key={entry.id} entry={entry} onOpen={() => setOpened(entry)} />)}</Box>
        {hasMore && <Box sx={{ p: 1, textAlign: 'center', borderTop: 1, borderColor: 'divider' }}><Button onClick={more}>Show older changes</Button></Box>}
      </Panel>
      {opened && <VersionDialog entry={opened} reasonRequired={reasonRequired} onClose={() => setOpened(null)} />}
    </PageFrame>
  )
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
