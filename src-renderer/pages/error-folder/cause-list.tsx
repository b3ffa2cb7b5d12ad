import { Box } from '@mui/material'
import type { ErrorCause } from '#contract/error-record.ts'
import type { Problem } from '#contract/problem.ts'
import { countText } from '../../components/sizes.ts'
import { causeWords } from './error-words.ts'

/** The causes with their counts; choosing one narrows the list. `beside` an open message they make room where there is little. */
export const CauseList = ({ causes, chosen, onChoose, beside }: { beside: boolean; causes: readonly ErrorCause[]; chosen: Problem['code'] | null; onChoose: (code: Problem['code'] | null) => void }) => (
  <Box component="section" aria-label="Causes" sx={{ ...(beside ? { display: { xs: 'none', lg: 'block' } } : {}), flex: 'none', width: { md: 190 }, p: 0.75, boxSizing: 'border-box', overflow: 'auto', bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5 }}>
    <Line label="All causes" count={causes.reduce((sum, cause) => sum + cause.count, 0)} chosen={chosen === null} onClick={() => onChoose(null)} />
    {causes.map((cause) => <Line key={cause.code} label={causeWords(cause.code)} count={cause.count} chosen={chosen === cause.code} onClick={() => onChoose(cause.code)} />)}
  </Box>
)

const Line = ({ label, count, chosen, onClick }: { label: string; count: number; chosen: boolean; onClick: () => void }) => (
  <Box
    component="button" type="button" aria-pressed={chosen} onClick={onClick}
    sx={{ display: 'flex', gap: 1, width: '100%', minHeight: 32, alignItems: 'center', px: 1, py: 0.5, border: 0, borderRadius: 1, font: 'inherit', color: 'inherit', textAlign: 'left', cursor: 'pointer', bgcolor: chosen ? 'action.selected' : 'transparent', fontWeight: chosen ? 600 : 400, '&:hover': { bgcolor: chosen ? 'action.selected' : 'action.hover' } }}
  >
    <Box component="span" sx={{ flex: 1 }}>{label}</Box>
    <Box component="span" sx={{ color: 'text.secondary' }}>{countText(count)}</Box>
  </Box>
)
