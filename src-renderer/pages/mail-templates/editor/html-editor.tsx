import { Box, FormHelperText } from '@mui/material'
import type { Editor } from '@tiptap/core'
import { useEffect, useId, useRef, useState } from 'react'
import { editorLook } from './editor-look.ts'
import { htmlOptions, readHtml, writeHtml } from './html-text.ts'
import { pictureOf } from './picture.ts'
import { Toolbar } from './toolbar.tsx'
import { useEditor } from './use-editor.ts'

type Needs = { label: string; value: string; onChange: (html: string) => void; disabled: boolean; error?: string | undefined }

/** HTML as it will look, edited in place. Pictures come by button, paste or drop and stay in the template. */
export const HtmlEditor = ({ label, value, onChange, disabled, error }: Needs) => {
  const id = useId()
  const place = useRef<HTMLDivElement | null>(null)
  const live = useRef<Editor | null>(null)
  const [linking, setLinking] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const attributes = { role: 'textbox', 'aria-label': label, 'aria-multiline': 'true', 'aria-describedby': `${id}-hint`, 'aria-invalid': String(error !== undefined), class: 'of-html', ...(disabled ? { 'aria-readonly': 'true', tabindex: '0' } : {}) }
  const editor = useEditor({
    place, value, disabled, attributes, write: writeHtml, read: readHtml, onChange,
    options: () => htmlOptions({ onLink: () => setLinking(true), onFiles: (files) => void addPictures(files), onRemotePictures: () => setFault('Pictures that lie elsewhere were left out. Save them, and put them in as files.') })
  })
  useEffect(() => { live.current = editor }, [editor])
  const addPictures = async (files: readonly File[]): Promise<void> => {
    const faults: string[] = []
    for (const file of files) {
      const picture = await pictureOf(file)
      if (typeof picture === 'string') faults.push(picture)
      else live.current?.chain().focus().insertContent({ type: 'image', attrs: picture }).run()
    }
    setFault(faults.join(' ') || null)
  }
  return (
    <Box data-field="html" sx={{ minWidth: 0 }}>
      {!disabled && <Toolbar editor={editor} linking={linking} onLinking={setLinking} onFiles={(files) => void addPictures(files)} />}
      <Box ref={place} className={error === undefined ? undefined : 'Mui-error'} sx={editorLook} />
      <FormHelperText id={`${id}-hint`} error={fault !== null || error !== undefined} component="div" role="status">{fault ?? error}</FormHelperText>
    </Box>
  )
}
