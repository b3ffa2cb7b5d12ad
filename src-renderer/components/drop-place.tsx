import { Box, Button, Typography } from '@mui/material'
import { useRef, useState, type DragEvent } from 'react'

type Needs = { label: string; busy: boolean; words: string; accept?: string; several?: boolean; compact?: boolean; onFiles: (files: File[]) => void }

/** A place for files: dropped here, or chosen by the button. `label` names the file field. */
export const DropPlace = ({ label, busy, words, accept = '.eml,message/rfc822,text/plain', several = false, compact = false, onFiles }: Needs) => {
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement | null>(null)
  const take = (list: FileList | null): void => {
    const files = [...(list ?? [])].slice(0, several ? undefined : 1)
    if (files.length > 0) onFiles(files)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    if (!busy) take(event.dataTransfer.files)
  }
  return (
    <Box
      onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}
      sx={{ border: '1px dashed', borderColor: over ? 'primary.main' : 'text.disabled', borderRadius: 1.5, bgcolor: over ? 'action.selected' : 'background.paper', ...(compact ? { px: 1.5, py: 0.75, display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 1, flexWrap: 'wrap' } : { p: 3, textAlign: 'center' }) }}
    >
      <Typography sx={compact ? {} : { mb: 1 }}>{busy ? 'Working on it…' : words}</Typography>
      <Button disabled={busy} onClick={() => picker.current?.click()}>{several ? 'Choose files' : 'Choose a file'}</Button>
      <input ref={picker} type="file" accept={accept} multiple={several} aria-label={label} hidden onChange={(event) => { take(event.target.files); event.target.value = '' }} />
    </Box>
  )
}
