import { Box, ButtonBase } from '@mui/material'
import { outboxStates, type OutboxPage, type OutboxState } from '#contract/outbox.ts'
import { countText } from '../../components/sizes.ts'
import { StatusIcon } from '../../components/status-mark.tsx'
import { stateWords, stuckStates, unsentStates } from '../../components/outbox-words.ts'

type Needs = { counts: OutboxPage['counts'] | null; chosen: OutboxState | null; onChoose: (state: OutboxState | null) => void }

/** The states with their counts; choosing one narrows the list. */
export const StateChips = ({ counts, chosen, onChoose }: Needs) => (
  <Box role="group" aria-label="State" sx={{ display: 'flex', gap: 0.75, flexWrap: 'wrap' }}>
    <Chip label="All not sent" count={counts && unsentStates.reduce((sum, state) => sum + counts[state], 0)} chosen={chosen === null} onClick={() => onChoose(null)} />
    {outboxStates.map((state) => <Chip key={state} state={state} label={stateWords[state].words} count={counts && counts[state]} chosen={chosen === state} onClick={() => onChoose(state)} />)}
  </Box>
)

type ChipNeeds = { label: string; state?: OutboxState; count: number | null; chosen: boolean; onClick: () => void }

const Chip = ({ label, state, count, chosen, onClick }: ChipNeeds) => {
  const alarming = state !== undefined && stuckStates.includes(state) && (count ?? 0) > 0
  return (
    <ButtonBase
      aria-pressed={chosen} onClick={onClick} {...(state === undefined ? {} : { title: stateWords[state].hint })}
      sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75, height: 28, px: 1.25, borderRadius: 14, border: 1, borderColor: chosen ? 'primary.main' : 'divider', bgcolor: chosen ? 'action.selected' : 'background.paper', fontWeight: chosen ? 600 : 450, '&:hover': { bgcolor: chosen ? 'action.selected' : 'action.hover' }, '&:focus-visible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: 1 } }}
    >
      {state !== undefined && (count ?? 0) > 0 && <StatusIcon tone={state === 'sending' ? 'pending' : stateWords[state].tone} />}
      <span>{label}</span>
      <Box component="span" sx={{ color: alarming ? (state === 'held' ? 'warning.main' : 'error.main') : 'text.secondary', fontWeight: alarming ? 600 : 400 }}>{count === null ? '…' : countText(count)}</Box>
    </ButtonBase>
  )
}
