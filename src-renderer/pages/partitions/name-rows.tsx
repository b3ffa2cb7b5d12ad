import ArrowUpward from '@mui/icons-material/ArrowUpward'
import Close from '@mui/icons-material/Close'
import { Box, Button, FormHelperText, IconButton, OutlinedInput, Typography } from '@mui/material'
import { useRef, type KeyboardEvent } from 'react'
import type { Named } from './matrix-draft.ts'

type Needs = { title: string; one: string; list: readonly Named[]; faults: Record<number, string>; disabled: boolean; freshId: () => number; onChange: (list: Named[]) => void }
const most = 20

/** Names in order of weight, the heaviest first: typed, moved up, taken away. Enter goes on to the next line. */
export const NameRows = ({ title, one, list, faults, disabled, freshId, onChange }: Needs) => {
  const box = useRef<HTMLDivElement | null>(null)
  const focus = (index: number): void => void setTimeout(() => box.current?.querySelectorAll('input')[index]?.focus(), 0)
  const add = (): void => {
    if (list.length >= most) return
    onChange([...list, { id: freshId(), name: '' }])
    focus(list.length)
  }
  const up = (index: number): void => onChange(list.map((each, place) => (place === index - 1 ? (list[index] ?? each) : place === index ? (list[index - 1] ?? each) : each)))
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (index === list.length - 1) add()
    else focus(index + 1)
  }
  return (
    <Box ref={box} role="group" aria-label={title} sx={{ display: 'grid', gap: 0.5, alignContent: 'start' }}>
      <Typography sx={{ fontSize: 12.5, fontWeight: 500 }}>{title}</Typography>
      {list.map(({ id, name }, index) => (
        <Box key={id} data-field={`${one}.${index}`}>
          <Box sx={{ display: 'flex', alignItems: 'center' }}>
            <OutlinedInput fullWidth value={name} disabled={disabled} error={faults[index] !== undefined} inputProps={{ 'aria-label': `${one} ${index + 1}`, maxLength: 250, spellCheck: false }} onKeyDown={(event) => onKeyDown(event, index)} onChange={(event) => onChange(list.map((each) => (each.id === id ? { id, name: event.target.value } : each)))} />
            {!disabled && <IconButton aria-label={`Move ${name || one} up`} title="Move up" disabled={index === 0} onClick={() => up(index)}><ArrowUpward sx={{ fontSize: 16 }} /></IconButton>}
            {!disabled && <IconButton aria-label={`Take ${name || one} away`} title="Take away" onClick={() => onChange(list.filter((each) => each.id !== id))}><Close sx={{ fontSize: 16 }} /></IconButton>}
          </Box>
          {faults[index] && <FormHelperText error>{faults[index]}</FormHelperText>}
        </Box>
      ))}
      {list.length === 0 && <Box sx={{ color: 'text.secondary' }}>None yet.</Box>}
      {!disabled && <Box><Button variant="text" disabled={list.length >= most} onClick={add}>Add {one.toLowerCase()}</Button></Box>}
    </Box>
  )
}
