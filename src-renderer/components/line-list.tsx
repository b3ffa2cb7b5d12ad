import { useState, type ComponentProps } from 'react'
import { TextLine } from './fields.tsx'

type Needs = Omit<ComponentProps<typeof TextLine>, 'value' | 'onChange'> & { values: readonly string[]; onChange: (values: string[]) => void }

/** Several values that may hold spaces and commas, one a line; empty lines are none. Kept as typed until the field is left. */
export const LineList = ({ values, onChange, rows = 3, ...rest }: Needs) => {
  const [typed, setTyped] = useState<string | null>(null)
  const change = (text: string): void => {
    setTyped(text)
    onChange(text.split('\n').map((line) => line.trim()).filter((line) => line !== ''))
  }
  return <TextLine {...rest} rows={rows} value={typed ?? values.join('\n')} onChange={change} onBlur={() => setTyped(null)} />
}
