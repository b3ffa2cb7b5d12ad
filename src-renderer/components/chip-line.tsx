import Close from '@mui/icons-material/Close'
import { Box, ButtonBase, FormHelperText, InputBase } from '@mui/material'
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { plural } from './sizes.ts'
import { splitValues, withValues } from './split-values.ts'

type Needs = {
  label: string; values: readonly string[]; onChange: (values: string[]) => void; helper?: ReactNode; error?: string | undefined
  /** Faults of single values, by their place. */
  faults?: Readonly<Record<number, string>>
  /** Commas belong to the values: one is taken in at a time. */
  whole?: boolean
  disabled?: boolean; mono?: boolean; name?: string; placeholder?: string; normal?: (value: string) => string; hideLabel?: boolean
}

/** Several values as chips. Comma, Enter or leaving the field takes in what is typed, a pasted list becomes its values; a value with a comma stands in double quotes. Backspace brings the last one back into the field; arrows walk the chips, Delete takes one away. */
export const ChipLine = ({ label, values, onChange, helper, error, faults = {}, whole = false, disabled = false, mono = false, name, placeholder, normal = (value) => value, hideLabel = false }: Needs) => {
  const [typed, setTyped] = useState('')
  const id = useId()
  const input = useRef<HTMLInputElement | null>(null)
  const list = useRef<HTMLUListElement | null>(null)
  const takeIn = (text: string): void => {
    setTyped('')
    const added = (whole ? [text.trim()].filter(Boolean) : splitValues(text)).map(normal).filter(Boolean)
    const next = withValues(values, added)
    if (next.length !== values.length) onChange(next)
  }
  const removeButton = (index: number): HTMLButtonElement | undefined => list.current?.querySelectorAll<HTMLButtonElement>('button')[index]
  const remove = (index: number): void => {
    onChange(values.filter((_, place) => place !== index))
    requestAnimationFrame(() => (removeButton(Math.min(index, values.length - 2)) ?? input.current)?.focus())
  }
  const onInputKey = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>): void => {
    const atStart = event.currentTarget.selectionStart === 0 && event.currentTarget.selectionEnd === 0
    if (event.key === 'Enter' && typed.trim() !== '') takeIn(typed)
    else if (event.key === ',' && !whole && !/^\s*"/.test(typed)) takeIn(typed)
    else if (event.key === 'Backspace' && typed === '' && values.length > 0) {
      setTyped(values.at(-1) ?? '')
      onChange(values.slice(0, -1))
    } else if (event.key === 'ArrowLeft' && atStart && values.length > 0) removeButton(values.length - 1)?.focus()
    else return
    event.preventDefault()
  }
  const onChipKey = (event: KeyboardEvent, index: number): void => {
    if (event.key === 'ArrowLeft') removeButton(Math.max(0, index - 1))?.focus()
    else if (event.key === 'ArrowRight') (removeButton(index + 1) ?? input.current)?.focus()
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(index)
    else return
    event.preventDefault()
  }
  const wrong = error !== undefined || Object.keys(faults).length > 0
  const said = error ?? Object.entries(faults).map(([place, words]) => <Box key={place}>{values[Number(place)]}: {words}</Box>)
  return (
    <Box data-field={name} sx={{ width: '100%', minWidth: 0 }}>
      <Box component="label" htmlFor={id} sx={hideLabel ? { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' } : { display: 'block', fontSize: 12.5, fontWeight: 500, mb: 0.4 }}>{label}</Box>
      <Box
        className={wrong ? 'Mui-error' : undefined} onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        sx={{
          display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 0.5, px: 0.5, py: 0.4, minHeight: 34, boxSizing: 'border-box', maxHeight: 164, overflow: 'auto', borderRadius: 1.25, cursor: disabled ? 'default' : 'text',
          border: 1, borderColor: wrong ? 'error.main' : 'color-mix(in srgb, var(--mui-palette-text-disabled) 75%, transparent)', bgcolor: disabled ? 'action.disabledBackground' : 'background.paper',
          '&:focus-within': disabled ? {} : { borderColor: wrong ? 'error.main' : 'primary.main', boxShadow: (theme) => `inset 0 0 0 1px ${wrong ? theme.vars?.palette.error.main : theme.vars?.palette.primary.main}` }
        }}
      >
        <Box component="ul" ref={list} aria-label={plural(values.length, 'value')} sx={{ display: 'contents', listStyle: 'none' }}>
          {values.map((value, index) => (
            <Box
              component="li" key={value}
              sx={{ display: 'inline-flex', alignItems: 'center', maxWidth: '100%', minWidth: 0, height: 24, borderRadius: 1, border: 1, borderColor: faults[index] ? 'error.main' : 'divider', color: faults[index] ? 'error.main' : 'text.primary', bgcolor: 'action.hover', fontSize: 12.5 }}
            >
              <Box component="span" className={mono ? 'mono' : undefined} title={value} sx={{ pl: 0.75, pr: disabled ? 0.75 : 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'pre', ...(mono ? { fontSize: 12 } : {}) }}>{value}</Box>
              {!disabled && <ButtonBase tabIndex={-1} aria-label={`Remove ${value}`} onClick={() => remove(index)} onKeyDown={(event) => onChipKey(event, index)} sx={{ p: 0.25, mx: 0.25, borderRadius: 0.5, color: 'text.secondary', '&:hover': { color: 'text.primary' } }}><Close sx={{ fontSize: 14 }} /></ButtonBase>}
            </Box>
          ))}
        </Box>
        <InputBase
          id={id} value={typed} disabled={disabled} placeholder={values.length === 0 ? placeholder : undefined} inputRef={input} onChange={(event) => setTyped(event.target.value)} onKeyDown={onInputKey} onBlur={() => typed.trim() !== '' && takeIn(typed)}
          onPaste={(event) => {
            const text = event.clipboardData.getData('text')
            if (whole || !/[,\n]/.test(text)) return
            event.preventDefault()
            takeIn(`${typed}${text}`)
          }}
          inputProps={{ 'aria-describedby': `${id}-hint`, 'aria-invalid': wrong, autoComplete: 'off', spellCheck: false, className: mono ? 'MuiInputBase-input mono' : undefined }}
          sx={{ ...(disabled && values.length > 0 ? { flex: '0 0 0', minWidth: 0, overflow: 'hidden' } : { flex: '1 1 90px', minWidth: 60 }), '&&': { bgcolor: 'transparent' }, '& .MuiInputBase-input': { padding: '2px 4px' } }}
        />
      </Box>
      <FormHelperText id={`${id}-hint`} error={wrong} component="div">{wrong ? said : helper}</FormHelperText>
    </Box>
  )
}
