import { Button, Box } from '@mui/material'
import { useRef, useState } from 'react'
import { TextLine } from './fields.tsx'

type Needs = { label: string; helper?: React.ReactNode; error?: string | undefined; disabled?: boolean; name?: string; stored: boolean; value: string; onChange: (value: string) => void; accept: string; onFile?: (text: string) => void }

/** A key of several lines: pasted, or read from a file that is chosen here. Covered while it is in the field, never shown once stored. */
export const KeyLines = ({ stored, value, onChange, accept, onFile, ...common }: Needs) => {
  const picker = useRef<HTMLInputElement | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const take = async (file: File): Promise<void> => {
    const text = await file.text()
    setChosen(file.name)
    onChange(text)
    onFile?.(text)
  }
  return (
    <Box>
      <TextLine {...common} rows={2} mono covered value={value} onChange={(text) => { setChosen(null); onChange(text) }} placeholder={stored ? 'stored; paste to replace' : 'paste it here, or choose the file'} helper={chosen && value !== '' ? `Read from ${chosen}. ${typeof common.helper === 'string' ? common.helper : ''}` : common.helper} />
      <Button sx={{ mt: 0.5 }} disabled={common.disabled ?? false} onClick={() => picker.current?.click()}>Choose the file</Button>
      <input ref={picker} hidden type="file" aria-label={`${common.label} file`} accept={accept} onChange={(event) => { const file = event.target.files?.[0]; if (file) void take(file); event.target.value = '' }} />
    </Box>
  )
}
