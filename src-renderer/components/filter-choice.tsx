import { Box } from '@mui/material'
import { Choice, type Option } from './fields.tsx'

type Needs<Value extends string> = { label: string; width: number; value: Value; options: readonly Option<Value>[]; disabled?: boolean; onChange: (value: Value) => void }

/** A choice that narrows a list down, in a row of tools: its label is for screen readers, what is chosen says the rest. */
export const FilterChoice = <Value extends string>({ width, ...choice }: Needs<Value>) => (
  <Box sx={{ width, '& label': { position: 'absolute', clip: 'rect(0 0 0 0)', width: '1px', height: '1px', overflow: 'hidden' }, '& .MuiFormHelperText-root': { display: 'none' } }}><Choice {...choice} /></Box>
)
