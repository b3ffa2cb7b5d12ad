import { Box, Button } from '@mui/material'
import { isPlaceholder, placeholders, placeholdersIn } from '#contract/mail-template.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { StatusMark } from '../../../components/status-mark.tsx'

type Needs = { text: string; disabled: boolean; onChange: (text: string) => void }

/** What stands in double braces and is no placeholder, with the one that was probably meant. */
export const PlaceholderFaults = ({ text, disabled, onChange }: Needs) => {
  const unknown = [...new Set(placeholdersIn(text).map(({ name }) => name).filter((name) => !isPlaceholder(name)))]
  return (
    <Box role="status" sx={{ display: 'grid', gap: 0.25, '& span': { whiteSpace: 'normal' } }}>
      {unknown.map((name) => <Unknown key={name} name={name} disabled={disabled} onReplace={(known) => onChange(replaced(text, name, known === null ? '' : `{{${known}}}`))} />)}
    </Box>
  )
}

const Unknown = ({ name, disabled, onReplace }: { name: string; disabled: boolean; onReplace: (known: string | null) => void }) => {
  const near = nearestName(name, Object.keys(placeholders))
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, flexWrap: 'wrap' }}>
      <StatusMark tone="bad">There is no placeholder <span className="mono">{`{{${name}}}`}</span>.</StatusMark>
      {!disabled && near !== null && <Button variant="text" onClick={() => onReplace(near)}>Use {`{{${near}}}`}</Button>}
      {!disabled && <Button variant="text" aria-label={`Take {{${name}}} out`} onClick={() => onReplace(null)}>Take it out</Button>}
    </Box>
  )
}

/** The text with another in the place of a placeholder, wherever it stands. */
export const replaced = (text: string, name: string, by: string): string =>
  placeholdersIn(text).filter((found) => found.name === name).reverse().reduce((before, { index }) => before.slice(0, index) + by + before.slice(before.indexOf('}}', index) + 2), text)
