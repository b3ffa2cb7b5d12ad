import { Box } from '@mui/material'
import type { PeopleImport } from '#contract/person.ts'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'

const counts = [['added', 'new'], ['changed', 'changed'], ['unchanged', 'unchanged'], ['refused', 'refused']] as const

/** What an import did, or would do, and the lines that it leaves out. */
export const ImportPreview = ({ found, done }: { found: PeopleImport; done: boolean }) => (
  <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
    <Box role="status" sx={{ display: 'grid', gap: 1 }}>
      <Box sx={{ fontWeight: 600 }}><StatusMark tone={done ? 'good' : 'neutral'}>{done ? 'Imported' : found.added + found.changed === 0 ? 'Nothing would change' : 'This would happen'}</StatusMark></Box>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'repeat(4, minmax(0, 1fr))', border: 1, borderColor: 'divider', borderRadius: 1, '& > div': { p: 1 }, '& > div + div': { borderLeft: 1, borderColor: 'divider' }, '& dd': { m: 0, fontSize: 18, fontWeight: 600 }, '& dt': { color: 'text.secondary' } }}>
        {counts.map(([key, words]) => <Box key={key} sx={{ display: 'flex', flexDirection: 'column-reverse' }}><dt>{words}</dt><Box component="dd" sx={key === 'refused' && found.refused > 0 ? { color: 'error.main' } : {}}>{countText(found[key])}</Box></Box>)}
      </Box>
    </Box>
    {found.issues.length > 0 && <ImportIssues issues={found.issues} />}
    {found.refused > found.issues.length && <Box sx={{ color: 'text.secondary' }}>The first {plural(found.issues.length, 'fault')} of {countText(found.refused)} lines that are left out.</Box>}
  </Box>
)

export const ImportIssues = ({ issues }: { issues: PeopleImport['issues'] }) => (
  <Box tabIndex={0} role="region" aria-label="Lines that are left out" sx={{ maxHeight: 220, overflow: 'auto', border: 1, borderColor: 'divider', borderRadius: 1 }}>
    <Box component="table" sx={{ width: '100%', borderCollapse: 'collapse', '& th': { textAlign: 'left', fontSize: 12, fontWeight: 500, color: 'text.secondary', position: 'sticky', top: 0, bgcolor: 'background.paper' }, '& th, & td': { px: 1.25, py: 0.5, borderBottom: 1, borderColor: 'divider', verticalAlign: 'top' }, '& tr:last-child td': { borderBottom: 0 } }}>
      <thead><tr><th>Line</th><th>Column</th><th>What is wrong</th></tr></thead>
      <tbody>{issues.map(({ line, column, message }, index) => <tr key={index}><td>{countText(line)}</td><td><span className="mono">{column}</span></td><Box component="td" sx={{ width: '70%', overflowWrap: 'anywhere' }}>{message}</Box></tr>)}</tbody>
    </Box>
  </Box>
)
