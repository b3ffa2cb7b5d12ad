import Close from '@mui/icons-material/Close'
import { Box, Button, Checkbox, FormHelperText, IconButton, OutlinedInput, Typography } from '@mui/material'
import { useRef } from 'react'
import { commandFields } from '#contract/request-values.ts'
import { faultAt } from '../../components/field-faults.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useCall } from '../../main-process/use-call.ts'
import type { TemplatePart } from './values-part.tsx'

type Who = 'requesterFields' | 'technicianFields'
const columns: readonly { who: Who; title: string; one: string }[] = [{ who: 'requesterFields', title: 'Requesters', one: 'requesters' }, { who: 'technicianFields', title: 'Technicians', one: 'technicians' }]

/** Which fields of the template people may set by e-mail command, its own additional ones among them. */
export const CommandFields = (part: TemplatePart) => {
  const { draft, faults } = part
  const command = useCall('settings.get', {}).value?.processing.emailCommand
  const fault = faultAt(faults, 'requesterFields') ?? faultAt(faults, 'technicianFields')
  return (
    <>
      <Box sx={{ color: 'text.secondary' }}>
        Who sends a command must be allowed to under People. A technician is an analyst; who is both may set what either may. A field that is not ticked is skipped, and the rest of the command is carried out.
      </Box>
      {command?.enabled === false && <Box role="note" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">E-mail commands are switched off for this console, so nothing of this has an effect yet.</StatusMark></Box>}
      {fault && <FormHelperText error>{fault}</FormHelperText>}
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'minmax(0, 1fr) minmax(0, 1fr)' }, gap: 2.5, alignItems: 'start' }}>
        <Matrix {...part} title="Fields" fields={commandFields.slice(0, 10)} />
        <Matrix {...part} title="More fields" fields={commandFields.slice(10)} />
      </Box>
      <AdditionalFields {...part} />
      {draft.additionalFields.some((label) => label.trim() !== '') && <Matrix {...part} title="Additional fields that may be set" fields={draft.additionalFields.filter((label) => label.trim() !== '')} />}
    </>
  )
}

const Matrix = ({ draft, change, disabled, title, fields }: TemplatePart & { title: string; fields: readonly string[] }) => {
  const toggle = (who: Who, names: readonly string[], wanted: boolean): void => change({ [who]: wanted ? [...new Set([...draft[who], ...names])] : draft[who].filter((field) => !names.includes(field)) })
  return (
    <Box component="table" aria-label={title} sx={{ borderCollapse: 'collapse', width: '100%', '& th, & td': { borderBottom: 1, borderColor: 'divider', height: 30, px: 0.75 }, '& thead th': { fontSize: 12, fontWeight: 500, color: 'text.secondary', whiteSpace: 'nowrap' }, '& th:first-of-type': { textAlign: 'left', overflowWrap: 'anywhere' }, '& tbody th': { fontWeight: 400, fontSize: 13 }, '& td': { textAlign: 'center', width: 104 } }}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          {columns.map(({ who, title: head, one }) => {
            const ticked = fields.filter((field) => draft[who].includes(field)).length
            return <th key={who} scope="col">{head}<Checkbox disabled={disabled} checked={ticked === fields.length} indeterminate={ticked > 0 && ticked < fields.length} onChange={() => toggle(who, fields, ticked < fields.length)} slotProps={{ input: { 'aria-label': `All ${title.toLowerCase()} for ${one}` } }} /></th>
          })}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            {columns.map(({ who, one }) => <td key={who}><Checkbox disabled={disabled} checked={draft[who].includes(field)} onChange={(event) => toggle(who, [field], event.target.checked)} slotProps={{ input: { 'aria-label': `${field} by ${one}` } }} /></td>)}
          </tr>
        ))}
      </tbody>
    </Box>
  )
}

/** Fields of one's own, named by their label in a command. A label that is typed anew keeps its ticks. */
const AdditionalFields = ({ draft, change, faults, disabled }: TemplatePart) => {
  const box = useRef<HTMLDivElement | null>(null)
  const { additionalFields: labels } = draft
  const rename = (index: number, label: string): void => {
    const before = labels[index] ?? ''
    const renamed = (fields: readonly string[]): string[] => (before === '' || labels.indexOf(before) !== labels.lastIndexOf(before) ? [...fields] : fields.map((field) => (field === before ? label : field)))
    change({ additionalFields: labels.map((each, place) => (place === index ? label : each)), requesterFields: renamed(draft.requesterFields), technicianFields: renamed(draft.technicianFields) })
  }
  const add = (): void => {
    change({ additionalFields: [...labels, ''] })
    setTimeout(() => [...(box.current?.querySelectorAll('input') ?? [])].at(-1)?.focus(), 0)
  }
  return (
    <Box ref={box} role="group" aria-label="Additional fields" sx={{ display: 'grid', gap: 0.75 }}>
      <Typography variant="h3">Additional fields</Typography>
      <Box sx={{ color: 'text.secondary' }}>Fields of the request beyond these, such as Cost centre. A command sets them by their label.</Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 0.75 }}>
        {labels.map((label, index) => (
          <Box key={index} data-field={`additionalFields.${index}`}>
            <Box sx={{ display: 'flex', alignItems: 'center' }}>
              <OutlinedInput fullWidth value={label} disabled={disabled} error={faults[`additionalFields.${index}`] !== undefined} onChange={(event) => rename(index, event.target.value)} inputProps={{ 'aria-label': `Additional field ${index + 1}`, maxLength: 100 }} />
              {!disabled && <IconButton aria-label={`Take ${label || 'the field'} away`} title="Take away" onClick={() => change({ additionalFields: labels.filter((_, place) => place !== index) })}><Close sx={{ fontSize: 16 }} /></IconButton>}
            </Box>
            {faults[`additionalFields.${index}`] && <FormHelperText error>{faults[`additionalFields.${index}`]}</FormHelperText>}
          </Box>
        ))}
      </Box>
      {!disabled && <Box><Button variant="text" disabled={labels.length >= 100} onClick={add}>Add field</Button></Box>}
    </Box>
  )
}
