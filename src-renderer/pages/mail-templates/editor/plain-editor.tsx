import { Box, FormHelperText } from '@mui/material'
import { useId, useRef, type ReactNode } from 'react'
import { editorLook } from './editor-look.ts'
import { PlaceholderMenu } from './placeholder-menu.tsx'
import { plainOptions, readPlain, writePlain } from './plain-text.ts'
import { useEditor } from './use-editor.ts'

type Needs = { label: string; name: string; value: string; onChange: (value: string) => void; oneLine?: boolean; disabled: boolean; error?: string | undefined; helper?: ReactNode; below?: ReactNode }

/** Plain text with placeholders as chips, and the menu that puts them in. `below` says what is wrong with them. */
export const PlainEditor = ({ label, name, value, onChange, oneLine = false, disabled, error, helper, below }: Needs) => {
  const id = useId()
  const place = useRef<HTMLDivElement | null>(null)
  const attributes = { role: 'textbox', 'aria-labelledby': `${id}-label`, 'aria-describedby': `${id}-hint`, 'aria-multiline': String(!oneLine), 'aria-invalid': String(error !== undefined), ...(disabled ? { 'aria-readonly': 'true', tabindex: '0' } : {}), ...(oneLine ? {} : { class: 'of-text' }) }
  const editor = useEditor({ place, value, disabled, attributes, options: () => plainOptions(oneLine), write: writePlain, read: readPlain, onChange })
  return (
    <Box data-field={name} sx={{ minWidth: 0 }}>
      <Box sx={{ display: 'flex', alignItems: 'end', gap: 1, mb: 0.4, minHeight: 26 }}>
        <Box id={`${id}-label`} sx={{ flex: 1, fontSize: 12.5, fontWeight: 500 }} onClick={() => editor?.commands.focus()}>{label}</Box>
        {!disabled && <PlaceholderMenu where={label} editor={editor} />}
      </Box>
      <Box ref={place} className={error === undefined ? undefined : 'Mui-error'} sx={editorLook} />
      <FormHelperText id={`${id}-hint`} error={error !== undefined} component="div">{error ?? helper}</FormHelperText>
      {below}
    </Box>
  )
}
