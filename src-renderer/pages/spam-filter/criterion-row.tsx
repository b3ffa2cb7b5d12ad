import DeleteOutline from '@mui/icons-material/DeleteOutlined'
import { Box, IconButton } from '@mui/material'
import { spamConditions, spamFields, type SpamCondition, type SpamCriterion, type SpamField } from '#contract/spam-rule.ts'
import { ChipLine } from '../../components/chip-line.tsx'
import { Choice, TextLine } from '../../components/fields.tsx'
import type { Errors } from '../../settings/setting-errors.ts'
import { conditionNames, fieldHints, fieldNames } from './rule-words.ts'

type Needs = { criterion: SpamCriterion; place: number; errors: Errors; disabled: boolean; onChange: (criterion: SpamCriterion) => void; onRemove: (() => void) | null }

const fields = spamFields.map((field) => ({ value: field, label: fieldNames[field], hint: fieldHints[field] }))

/** One criterion: what is looked at, how it is compared, and with what. */
export const CriterionRow = ({ criterion, place, errors, disabled, onChange, onRemove }: Needs) => {
  const { field, condition } = criterion
  return (
    <Box component="fieldset" aria-label={`Criterion ${place + 1}`} sx={{ m: 0, p: 1.25, minWidth: 0, border: 1, borderColor: 'divider', borderRadius: 1.25, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) 32px', gap: 0.5 }}>
      <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: '1fr', sm: field === 'header' ? '150px 160px minmax(0, 1fr)' : '150px minmax(0, 1fr)' }, minWidth: 0 }}>
        <Choice label="Look at" name={`criteria.${place}.field`} value={field} disabled={disabled} options={fields} onChange={(next) => onChange(withField(criterion, next))} error={errors['field']} />
        {field === 'header' && <TextLine label="Header name" name={`criteria.${place}.header`} mono value={criterion.header ?? ''} disabled={disabled} onChange={(header) => onChange(withHeader(criterion, header))} error={errors['header']} placeholder="X-Spam-Flag" />}
        <Choice label="Condition" name={`criteria.${place}.condition`} value={condition} disabled={disabled} options={spamConditions[field].map((one) => ({ value: one as SpamCondition, label: conditionNames[one as SpamCondition] }))} onChange={(next) => onChange({ ...criterion, condition: next })} error={errors['condition']} />
        {field !== 'has-attachment' && <Box sx={{ gridColumn: '1 / -1', minWidth: 0 }}><Values criterion={criterion} place={place} errors={errors} disabled={disabled} onChange={onChange} /></Box>}
      </Box>
      {onRemove ? <IconButton aria-label={`Remove criterion ${place + 1}`} disabled={disabled} onClick={onRemove} sx={{ alignSelf: 'start', mt: 2.5 }}><DeleteOutline sx={{ fontSize: 18 }} /></IconButton> : <span />}
    </Box>
  )
}

const Values = ({ criterion, place, errors, disabled, onChange }: Omit<Needs, 'onRemove'>) => {
  const { field, condition, values } = criterion
  const name = `criteria.${place}.values`
  if (field === 'size' && values.length <= 1) return <SizeLine name={name} value={values[0] ?? ''} error={errors['values'] ?? errors['values.0']} disabled={disabled} onChange={(size) => onChange({ ...criterion, values: size === '' ? [] : [size] })} />
  const expression = condition === 'matches'
  const faults = Object.fromEntries(Object.entries(errors).flatMap(([path, words]) => (/^values\.\d+$/.test(path) ? [[Number(path.slice(7)), words]] : [])))
  return (
    <ChipLine
      label={expression ? 'Expressions' : 'Values'} name={name} values={values} onChange={(next) => onChange({ ...criterion, values: next })} whole={expression} mono={expression || field === 'header'} disabled={disabled} error={errors['values']} faults={faults}
      placeholder={placeholders[field]} helper={expression ? 'Any of them is enough. RE2 syntax; Enter takes in an expression, commas belong to it.' : `${condition === 'is-not' || condition === 'does-not-contain' ? 'None of them may fit' : 'Any of them is enough'}; separate them by commas.`}
    />
  )
}

const placeholders: Readonly<Record<SpamField, string>> = { sender: 'news@example.com, @promo.example', recipient: 'old-desk@example.com', subject: 'out of office, not in today', body: 'unsubscribe', header: 'YES', size: '20MB', 'has-attachment': '' }

const units = ['KB', 'MB', 'GB', 'B'] as const
type Unit = (typeof units)[number]
const unitNames: Record<Unit, string> = { KB: 'KB', MB: 'MB', GB: 'GB', B: 'bytes' }

/** A number with its unit, kept as the contract writes it: 20MB. What is no such thing stays in the number field, to be refused there. */
const SizeLine = ({ name, value, error, disabled, onChange }: { name: string; value: string; error: string | undefined; disabled: boolean; onChange: (size: string) => void }) => {
  const found = /^(.*?)\s?(KB|MB|GB|B)$/i.exec(value)
  const amount = found?.[1] ?? value
  const unit = (found?.[2]?.toUpperCase() ?? 'MB') as Unit
  return (
    <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
      <TextLine label="Size" name={name} width={150} inputMode="numeric" value={amount} disabled={disabled} onChange={(typed) => onChange(typed.trim() === '' ? '' : `${typed.trim().replace(',', '.')}${unit}`)} error={error} placeholder="20" />
      <Choice label="Unit" width={100} value={unit} disabled={disabled} options={units.map((one) => ({ value: one, label: unitNames[one] }))} onChange={(next) => onChange(amount === '' ? '' : `${amount}${next}`)} />
    </Box>
  )
}

/** Another field keeps what fits it: the condition where it has it, values where both are texts. */
const withField = (criterion: SpamCriterion, field: SpamField): SpamCriterion => {
  const { header: _, ...rest } = criterion
  const text = (one: SpamField): boolean => one !== 'size' && one !== 'has-attachment'
  const condition = spamConditions[field].includes(rest.condition) ? rest.condition : ((text(field) ? 'contains' : (spamConditions[field][0] ?? 'is')) as SpamCondition)
  return { ...rest, field, condition, values: text(field) && text(criterion.field) ? rest.values : [] }
}
const withHeader = (criterion: SpamCriterion, header: string): SpamCriterion => {
  const { header: _, ...rest } = criterion
  return header.trim() === '' ? rest : { ...rest, header: header.trim() }
}
