import { Box, Button, Typography } from '@mui/material'
import { useRef, useState, type DragEvent } from 'react'

type Needs = { label: string; words: string; accept: string; disabled?: boolean; onFile: (file: File) => void }

/** A place to drop a file on, with a button for who has no mouse. `label` names the file for screen readers. */
export const FileDrop = ({ label, words, accept, disabled = false, onFile }: Needs) => {
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement | null>(null)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file && !disabled) onFile(file)
  }
  return (
    <Box onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop} sx={{ border: '1px dashed', borderColor: over ? 'primary.main' : 'text.disabled', borderRadius: 1.5, p: 3, textAlign: 'center', bgcolor: over ? 'action.selected' : 'background.paper' }}>
      <Typography sx={{ mb: 1 }}>{words}</Typography>
      <Button disabled={disabled} onClick={() => picker.current?.click()}>Choose a file</Button>
      <input ref={picker} type="file" accept={accept} aria-label={label} hidden onChange={(event) => { const file = event.target.files?.[0]; if (file) onFile(file); event.target.value = '' }} />
    </Box>
  )
}
