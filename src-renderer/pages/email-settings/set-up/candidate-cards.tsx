import { Box, Radio } from '@mui/material'
import type { SetupCandidate, SetupProbe, SetupSource } from '#contract/setup.ts'
import { StatusMark, type Tone } from '../../../components/status-mark.tsx'

const sourceWords: Record<SetupSource, string> = {
  'provider-table': 'Built-in list of providers', autoconfig: 'Published by the domain (autoconfig)', srv: 'DNS service records (RFC 6186)', mx: 'Recognised by where mail is delivered (MX)', guess: 'Guessed from common names'
}
const probeTones: Record<SetupProbe['outcome'], Tone> = { ok: 'good', warning: 'warning', failed: 'bad', 'not-tried': 'pending' }

type Needs = { candidates: readonly SetupCandidate[]; chosen: string | null; onChoose: (id: string) => void }

/** Ways to reach the mailbox, each with where it comes from and what was found out without a password. */
export const CandidateCards = ({ candidates, chosen, onChoose }: Needs) => {
  // What holds for every way is said once, where one is looking.
  const common = (note: string): boolean => candidates.length > 1 && candidates.every(({ notes }) => notes.includes(note))
  return (
    <Box role="radiogroup" aria-label="Ways to reach the mailbox" sx={{ display: 'grid', gap: 1 }}>
      {candidates.map((candidate) => <Card key={candidate.id} candidate={candidate} notes={candidate.notes.filter((note) => candidate.id === chosen || !common(note))} chosen={candidate.id === chosen} onChoose={() => onChoose(candidate.id)} />)}
    </Box>
  )
}

const Card = ({ candidate, notes, chosen, onChoose }: { candidate: SetupCandidate; notes: readonly string[]; chosen: boolean; onChoose: () => void }) => (
  <Box
    component="label"
    sx={{ display: 'grid', gridTemplateColumns: '28px minmax(0, 1fr)', p: 1, border: 1, borderColor: chosen ? 'primary.main' : 'divider', bgcolor: chosen ? 'action.selected' : 'background.paper', borderRadius: 1, cursor: 'pointer', '& span > span': { whiteSpace: 'normal' } }}
  >
    <Box><Radio name="candidate" checked={chosen} onChange={onChoose} slotProps={{ input: { 'aria-label': candidate.title } }} /></Box>
    <Box sx={{ minWidth: 0, pt: 0.25 }}>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'baseline' }}><Box sx={{ fontWeight: 600 }}>{candidate.title}</Box><Box sx={{ fontSize: 12, color: 'text.secondary' }}>{sourceWords[candidate.source]}</Box></Box>
      <Box sx={{ display: 'grid', gap: 0.25, mt: 0.5 }}>
        {isTried(candidate) && <Probe label="Incoming" probe={candidate.incomingProbe} />}
        {isTried(candidate) && candidate.outgoing && <Probe label="Outgoing" probe={candidate.outgoingProbe} />}
        {!isTried(candidate) && <Box sx={{ color: 'text.secondary' }}>not tried</Box>}
      </Box>
      {notes.length > 0 && <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.25, color: 'text.secondary', overflowWrap: 'anywhere' }}>{notes.map((note) => <li key={note}>{note}</li>)}</Box>}
    </Box>
  </Box>
)

const isTried = ({ incomingProbe, outgoingProbe }: SetupCandidate): boolean => incomingProbe.outcome !== 'not-tried' || outgoingProbe.outcome !== 'not-tried'

const Probe = ({ label, probe }: { label: string; probe: SetupProbe }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: '72px minmax(0, 1fr)', gap: 0.5 }}><Box sx={{ color: 'text.secondary' }}>{label}</Box><StatusMark tone={probeTones[probe.outcome]}>{probe.detail || (probe.outcome === 'not-tried' ? 'not tried' : probe.outcome)}</StatusMark></Box>
)
