import { Box, Checkbox } from '@mui/material'
import { Choice, NumberLine, OptionalNumberLine, TextLine } from '../../../components/fields.tsx'
import type { ManyField } from './many-fields.ts'

type Needs = { field: ManyField; on: boolean; onSwitch: (on: boolean) => void; value: unknown; onChange: (value: unknown) => void; error: string | undefined }

/** A field with the box that says whether it is changed at all. */
export const FieldRow = ({ field, on, onSwitch, ...rest }: Needs) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: '28px minmax(0, 1fr)', alignItems: 'start' }}>
    <Checkbox sx={{ p: 0, mt: '25px' }} checked={on} onChange={(event) => onSwitch(event.target.checked)} slotProps={{ input: { 'aria-label': `Change: ${field.label}` } }} />
    <Control field={field} disabled={!on} {...rest} />
  </Box>
)

const Control = ({ field, disabled, value, onChange, error }: Omit<Needs, 'on' | 'onSwitch'> & { disabled: boolean }) => {
  const common = { name: field.key, label: field.label, helper: field.helper, disabled, error }
  if (field.kind === 'switch') return <Choice {...common} value={value === true ? 'on' : 'off'} options={[{ value: 'on', label: 'On' }, { value: 'off', label: 'Off' }]} onChange={(chosen) => onChange(chosen === 'on')} />
  if (field.kind === 'choice') return <Choice {...common} value={typeof value === 'string' ? value : ''} options={field.options} onChange={(chosen) => onChange(chosen === '' && field.empty === null ? null : chosen)} />
  if (field.kind === 'number' && field.empty === null) return <OptionalNumberLine {...common} suffix={field.suffix} value={typeof value === 'number' ? value / field.factor : null} onChange={(typed) => onChange(typed === null ? null : Math.round(typed * field.factor))} />
  if (field.kind === 'number') return <NumberLine {...common} suffix={field.suffix} value={typeof value === 'number' ? value / field.factor : Number.NaN} onChange={(typed) => onChange(Math.round(typed * field.factor))} />
  return <TextLine {...common} placeholder={field.placeholder ?? ''} value={typeof value === 'string' ? value : ''} onChange={(text) => onChange(text.trim() === '' && field.empty === null ? null : text)} />
}
