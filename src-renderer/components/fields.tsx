import Visibility from '@mui/icons-material/Visibility'
import VisibilityOff from '@mui/icons-material/VisibilityOff'
import { Box, Checkbox, FormControlLabel, FormHelperText, IconButton, InputAdornment, MenuItem, OutlinedInput, Select } from '@mui/material'
import { useId, useState, type CSSProperties, type ReactNode } from 'react'

type Common = { label: string; helper?: ReactNode; error?: string | undefined; disabled?: boolean; width?: number | string; name?: string }

/** A label above its control, help below it, and the error in the place of the help. */
export const Field = ({ label, helper, error, width, name, children, forId, hintId }: Common & { children: ReactNode; forId: string; hintId: string }) => (
  <Box data-field={name} sx={{ width: width ?? '100%', maxWidth: '100%' }}>
    <Box component="label" htmlFor={forId} id={`${forId}-label`} sx={{ display: 'block', fontSize: 12.5, fontWeight: 500, mb: 0.4 }}>{label}</Box>
    {children}
    <FormHelperText id={hintId} error={error !== undefined} component="div">{error ?? helper}</FormHelperText>
  </Box>
)

type TextNeeds = Common & { value: string; onChange: (value: string) => void; mono?: boolean; placeholder?: string; autoFocus?: boolean; type?: string; rows?: number; suffix?: ReactNode; onBlur?: () => void; autoComplete?: string; inputMode?: 'numeric' | 'email' | 'url'; readOnly?: boolean; covered?: boolean; suggestions?: readonly string[] | undefined }

export const TextLine = ({ value, onChange, mono, placeholder, autoFocus, type, rows, suffix, onBlur, autoComplete = 'off', inputMode, readOnly, covered, suggestions = [], ...common }: TextNeeds) => {
  const id = useId()
  const hintId = `${id}-hint`
  return (
    <Field {...common} forId={id} hintId={hintId}>
      <OutlinedInput
        id={id} fullWidth value={value} onChange={(event) => onChange(event.target.value)} onBlur={onBlur} error={common.error !== undefined} disabled={common.disabled} placeholder={placeholder}
        sx={readOnly ? { '&&': { bgcolor: 'background.default' } } : {}} autoFocus={autoFocus} type={type} multiline={rows !== undefined} minRows={rows} maxRows={rows === undefined ? undefined : rows * 2} endAdornment={suffix && <InputAdornment position="end">{suffix}</InputAdornment>}
        inputProps={{ 'aria-describedby': hintId, autoComplete, spellCheck: rows === undefined ? false : undefined, inputMode, readOnly, list: suggestions.length > 0 ? `${id}-list` : undefined, className: mono ? 'MuiInputBase-input mono' : undefined, style: covered && value !== '' ? ({ WebkitTextSecurity: 'disc' } as CSSProperties) : undefined }}
      />
      {suggestions.length > 0 && <datalist id={`${id}-list`}>{suggestions.map((value) => <option key={value} value={value} />)}</datalist>}
    </Field>
  )
}

/** A whole number; an empty or unfinished one is NaN, which the schema refuses at the field. */
export const NumberLine = ({ value, onChange, ...rest }: Omit<TextNeeds, 'value' | 'onChange'> & { value: number; onChange: (value: number) => void }) => {
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed !== null && (Number(typed) === value || Number.isNaN(value)) ? typed : Number.isNaN(value) ? '' : String(value)
  const change = (text: string): void => {
    setTyped(text)
    onChange(text.trim() === '' ? Number.NaN : Number(text))
  }
  return <TextLine {...rest} inputMode="numeric" value={shown} onChange={change} />
}

/** A whole number, or nothing where the field is empty; what is no number is NaN. */
export const OptionalNumberLine = ({ value, onChange, ...rest }: Omit<TextNeeds, 'value' | 'onChange'> & { value: number | null; onChange: (value: number | null) => void }) => {
  const [typed, setTyped] = useState<string | null>(null)
  const isTyped = typed !== null && (typed.trim() === '' ? value === null : Number(typed) === value || Number.isNaN(value))
  const change = (text: string): void => {
    setTyped(text)
    onChange(text.trim() === '' ? null : Number(text))
  }
  return <TextLine {...rest} inputMode="numeric" value={isTyped ? typed : value === null || Number.isNaN(value) ? '' : String(value)} onChange={change} />
}

/** A secret: typed, never shown again; `stored` says that one is there and an empty field keeps it. */
export const SecretLine = ({ stored, value, onChange, ...common }: Common & { stored: boolean; value: string; onChange: (value: string) => void; autoFocus?: boolean }) => {
  const [seen, setSeen] = useState(false)
  const eye = value !== '' && (
    <IconButton aria-label={seen ? 'Hide what is typed' : 'Show what is typed'} onClick={() => setSeen(!seen)} edge="end">{seen ? <VisibilityOff /> : <Visibility />}</IconButton>
  )
  return <TextLine {...common} type={seen ? 'text' : 'password'} value={value} onChange={onChange} autoComplete="new-password" placeholder={stored ? 'stored; type to replace' : ''} suffix={eye} />
}

export type Option<Value extends string> = { value: Value; label: string; hint?: string; disabled?: boolean }

export const Choice = <Value extends string>({ value, options, onChange, ...common }: Common & { value: Value; options: readonly Option<Value>[]; onChange: (value: Value) => void }) => {
  const id = useId()
  const hintId = `${id}-hint`
  return (
    <Field {...common} forId={id} hintId={hintId}>
      <Select
        fullWidth displayEmpty value={value} onChange={(event) => onChange(event.target.value as Value)} disabled={common.disabled} error={common.error !== undefined}
        SelectDisplayProps={{ id, 'aria-labelledby': `${id}-label ${id}`, 'aria-describedby': hintId }} renderValue={(chosen) => options.find((option) => option.value === chosen)?.label ?? chosen}
      >
        {options.map((option) => (
          <MenuItem key={option.value} value={option.value} disabled={option.disabled}>
            <Box>{option.label}{option.hint && <Box sx={{ fontSize: 12, color: 'text.secondary' }}>{option.hint}</Box>}</Box>
          </MenuItem>
        ))}
      </Select>
    </Field>
  )
}

export const Tick = ({ label, helper, value, onChange, disabled, error, name }: Common & { value: boolean; onChange: (value: boolean) => void }) => {
  const hintId = useId()
  return (
    <Box data-field={name}>
      <FormControlLabel label={label} disabled={disabled} control={<Checkbox checked={value} onChange={(event) => onChange(event.target.checked)} slotProps={{ input: { 'aria-describedby': hintId } }} />} />
      <FormHelperText id={hintId} error={error !== undefined} component="div" sx={{ ml: 3.25, '&&': { mt: -0.25 } }}>{error ?? helper}</FormHelperText>
    </Box>
  )
}

/** Several values, one a line or parted by comma or space; kept as typed until the field is left. */
export const ListLines = ({ values, onChange, rows, ...rest }: Omit<TextNeeds, 'value' | 'onChange'> & { values: readonly string[]; onChange: (values: string[]) => void }) => {
  const [typed, setTyped] = useState<string | null>(null)
  const change = (text: string): void => {
    setTyped(text)
    onChange(text.split(/[\s,;]+/).filter(Boolean))
  }
  return <TextLine {...rest} {...(rows === undefined ? {} : { rows })} value={typed ?? values.join(rows === undefined ? ', ' : '\n')} onChange={change} onBlur={() => setTyped(null)} />
}
