import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { HistoryEntry } from '#contract/history.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Choice } from '../../components/fields.tsx'
import { Mono } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { LocalTime } from '../../components/times.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

/** Who changed what, when, from what to what, and why. */
export const HistoryPage = () => {
  const [name, setName] = useState('')
  const all = useCall('history.list', { limit: 1000 }, { refreshOn: ['servers-changed', 'settings-changed'] })
  const names = [...new Set(all.value?.map((entry) => entry.name) ?? [])].sort()
  const entries = all.value?.filter((entry) => name === '' || entry.name === name) ?? []
  return (
    <PageFrame title="History" intro="Every change of the configuration. Secrets appear as changed, never as they are.">
      {all.problem && <ProblemNotice problem={all.problem} action={<Button onClick={all.reload}>Try again</Button>} />}
      {names.length > 1 && <Choice label="Show" width={220} value={name} onChange={setName} options={[{ value: '', label: 'Everything' }, ...names.map((each) => ({ value: each, label: each }))]} />}
      <Panel>
        {all.value?.length === 0 && <EmptyState title="Nothing was changed yet">Each change of a server, a partition or a setting is kept here with who, when and why.</EmptyState>}
        <Box component="ol" aria-label="Changes, newest first" sx={{ listStyle: 'none', m: 0, p: 0 }}>{entries.map((entry) => <Change key={entry.id} entry={entry} />)}</Box>
      </Panel>
    </PageFrame>
  )
}

const Change = ({ entry }: { entry: HistoryEntry }) => (
  <Box component="li" sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '150px minmax(0, 1fr)' }, gap: { xs: 0, sm: 2 }, px: 2, py: 1, borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
    <Box sx={{ color: 'text.secondary' }}><LocalTime at={entry.at} /></Box>
    <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
      <Box><Box component="span" sx={{ fontWeight: 600 }}>{entry.name}</Box> · {entry.what} {entry.action} <Box component="span" sx={{ color: 'text.secondary' }}>by {entry.who}</Box></Box>
      {entry.changes.map((change) => (
        <Box key={change.field} sx={{ fontSize: 12.5 }}><Mono>{change.field}</Mono>: {entry.action === 'added' ? change.to || 'nothing' : entry.action === 'deleted' ? change.from || 'nothing' : <><Box component="span" sx={{ color: 'text.secondary' }}>{change.from || 'nothing'}</Box> → {change.to || 'nothing'}</>}</Box>
      ))}
      {entry.reason && <Box sx={{ mt: 0.25 }}>Reason: {entry.reason}</Box>}
    </Box>
  </Box>
)
