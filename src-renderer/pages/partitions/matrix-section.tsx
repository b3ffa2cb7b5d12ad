import { Box, Button, MenuItem, Select, Typography } from '@mui/material'
import { useAsk } from '../../components/ask.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { cellOf, matrixDraft, nextId, pairsWithout, usualMatrix, type MatrixDraft, type Named, type Weights } from './matrix-draft.ts'
import { NameRows } from './name-rows.tsx'

type Needs = { draft: MatrixDraft; faults: Record<string, string>; disabled: boolean; onChange: (draft: MatrixDraft) => void }
const lists: readonly { list: Weights; title: string; one: string }[] = [{ list: 'impacts', title: 'Impacts', one: 'Impact' }, { list: 'urgencies', title: 'Urgencies', one: 'Urgency' }, { list: 'priorities', title: 'Priorities', one: 'Priority' }]

/** What impact and urgency make of a request's priority: three lists, and a choice for each pair. */
export const MatrixSection = ({ draft, faults, disabled, onChange }: Needs) => {
  const ask = useAsk()
  const empty = lists.every(({ list }) => draft[list].length === 0)
  const fill = async (): Promise<void> => {
    if (!empty && !(await ask({ title: 'Fill with the usual 3×3', body: 'What is in the lists and the matrix now is replaced. Nothing is stored before you save the partition.', confirm: 'Replace' }))) return
    onChange(matrixDraft(usualMatrix))
  }
  const faultsOf = (list: Weights): Record<number, string> => Object.fromEntries(draft[list].flatMap((_, index) => { const words = faults[`${list}.${index}`]; return words === undefined ? [] : [[index, words]] }))
  return (
    <Box component="section" aria-label="Priorities" sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5, display: 'grid', gap: 1.5, minWidth: 0 }}>
      <Box sx={{ display: 'flex', alignItems: 'flex-start', gap: 1, flexWrap: 'wrap' }}>
        <Box sx={{ flex: '1 1 320px' }}>
          <Typography variant="h2">Priorities</Typography>
          <Box sx={{ color: 'text.secondary' }}>Impact and urgency of a request give its priority, unless its template or an e-mail command names one. Each list begins with the heaviest.</Box>
        </Box>
        {!disabled && <Button onClick={() => void fill()}>Fill with the usual 3×3</Button>}
      </Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'repeat(3, minmax(0, 1fr))' }, gap: 2 }}>
        {lists.map(({ list, title, one }) => <NameRows key={list} title={title} one={one} list={draft[list]} faults={faultsOf(list)} disabled={disabled} freshId={() => nextId(draft)} onChange={(names) => onChange({ ...draft, [list]: names })} />)}
      </Box>
      {draft.impacts.length > 0 && draft.urgencies.length > 0 && <Grid draft={draft} disabled={disabled} onChange={onChange} />}
      <Consequence draft={draft} />
    </Box>
  )
}

const Consequence = ({ draft }: { draft: MatrixDraft }) => {
  const without = pairsWithout(draft)
  const all = draft.impacts.length * draft.urgencies.length
  if (all === 0) return <Box sx={{ color: 'text.secondary' }}>Without impacts and urgencies, only a template or an e-mail command gives a request a priority.</Box>
  return (
    <Box role="status" sx={{ '& span': { whiteSpace: 'normal' } }}>
      {without === 0 ? <StatusMark tone="good">Every pair has a priority.</StatusMark> : <StatusMark tone="neutral">{without === all ? 'No pair has a priority yet' : `${plural(without, 'pair')} of ${all} ${without === 1 ? 'has' : 'have'} no priority`}: such a request gets none.</StatusMark>}
    </Box>
  )
}

const named = ({ name }: Named, index: number, what: string): string => name.trim() || `${what} ${index + 1}`

const Grid = ({ draft, disabled, onChange }: Omit<Needs, 'faults'>) => (
  <Box tabIndex={0} role="region" aria-label="Matrix of priorities" sx={{ overflow: 'auto', border: 1, borderColor: 'divider', borderRadius: 1 }}>
    <Box component="table" sx={{ borderCollapse: 'collapse', minWidth: '100%', '& th': { fontSize: 12, fontWeight: 500, color: 'text.secondary', textAlign: 'left', px: 1, py: 0.75, whiteSpace: 'nowrap', maxWidth: 180, overflow: 'hidden', textOverflow: 'ellipsis' }, '& td': { p: 0.5, borderTop: 1, borderLeft: 1, borderColor: 'divider', minWidth: 116 }, '& tbody th': { borderTop: 1, borderColor: 'divider' } }}>
      <thead>
        <tr><th scope="col">Impact \ Urgency</th>{draft.urgencies.map((urgency, index) => <th key={urgency.id} scope="col">{named(urgency, index, 'Urgency')}</th>)}</tr>
      </thead>
      <tbody>
        {draft.impacts.map((impact, row) => (
          <tr key={impact.id}>
            <th scope="row">{named(impact, row, 'Impact')}</th>
            {draft.urgencies.map((urgency, column) => <td key={urgency.id}><Cell draft={draft} cell={cellOf(impact, urgency)} label={`Priority for impact ${named(impact, row, 'Impact')} and urgency ${named(urgency, column, 'Urgency')}`} disabled={disabled} onChange={onChange} /></td>)}
          </tr>
        ))}
      </tbody>
    </Box>
  </Box>
)

const Cell = ({ draft, cell, label, disabled, onChange }: Omit<Needs, 'faults'> & { cell: string; label: string }) => {
  const chosen = draft.priorities.find(({ id }) => id === draft.cells[cell])
  const choose = (id: number): void => {
    const { [cell]: _before, ...rest } = draft.cells
    onChange({ ...draft, cells: id === 0 ? rest : { ...rest, [cell]: id } })
  }
  return (
    <Select fullWidth value={chosen?.id ?? 0} disabled={disabled} onChange={(event) => choose(Number(event.target.value))} SelectDisplayProps={{ 'aria-label': `${label}: ${chosen?.name ?? 'none'}` }} sx={{ '& fieldset': { border: 0 }, ...(chosen ? { fontWeight: 500 } : { color: 'text.secondary' }), '&&': { bgcolor: 'transparent' } }}>
      <MenuItem value={0}>none</MenuItem>
      {draft.priorities.map((priority, index) => <MenuItem key={priority.id} value={priority.id}>{named(priority, index, 'Priority')}</MenuItem>)}
    </Select>
  )
}
