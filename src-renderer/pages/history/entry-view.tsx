import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { HistoryEntry } from '#contract/history.ts'
import { Mono } from '../../components/mono.tsx'
import { plural } from '../../components/sizes.ts'
import { LocalTime } from '../../components/times.tsx'

/** One change, field by field, with its reason. */
export const EntryView = ({ entry, onOpen }: { entry: HistoryEntry; onOpen: () => void }) => (
  <Box component="li" sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '150px minmax(0, 1fr) auto' }, gap: { xs: 0, sm: 2 }, px: 2, py: 1, borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
    <Box sx={{ color: 'text.secondary' }}><LocalTime at={entry.at} /></Box>
    <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
      <Box><Box component="span" sx={{ fontWeight: 600 }}>{entry.name}</Box> · {entry.what} {entry.action} <Box component="span" sx={{ color: 'text.secondary' }}>by {entry.who}</Box></Box>
      <Changes entry={entry} />
      {entry.reason && <Box sx={{ mt: 0.25 }}>Reason: {entry.reason}</Box>}
    </Box>
    {entry.hasVersion ? <Box sx={{ justifySelf: 'start' }}><Button aria-label={`Version ${entry.id} of ${entry.name}`} onClick={onOpen}>Version</Button></Box> : <span />}
  </Box>
)

const mostShown = 8

/** A first import changes more fields than anybody reads: what comes after the first is folded. */
const Changes = ({ entry: { changes, action } }: { entry: HistoryEntry }) => {
  const [all, setAll] = useState(false)
  const shown = all || changes.length <= mostShown + 2 ? changes : changes.slice(0, mostShown)
  return (
    <>
      {shown.map((change) => <Change key={change.field} change={change} action={action} />)}
      {shown.length < changes.length && <Button variant="text" sx={{ ml: -1 }} onClick={() => setAll(true)}>Show {plural(changes.length - shown.length, 'more field')}</Button>}
    </>
  )
}

const Change = ({ change, action }: { change: HistoryEntry['changes'][number]; action: HistoryEntry['action'] }) => (
  <Box sx={{ fontSize: 12.5 }}>
    <Mono>{change.field}</Mono>: <FromTo {...change} action={action} />
  </Box>
)

const FromTo = ({ from, to, action }: { from: string; to: string; action: HistoryEntry['action'] }) => {
  // What became of a secret; what it was is nobody's business.
  if (from === '' && (to === 'changed' || action === 'deleted')) return to || 'nothing'
  if (action === 'added') return to || 'nothing'
  if (action === 'deleted') return from || 'nothing'
  return <><Box component="span" sx={{ color: 'text.secondary' }}>{from || 'nothing'}</Box> → {to || 'nothing'}</>
}
