import { Box, Button } from '@mui/material'
import type { Editor } from '@tiptap/core'
import { TextLine } from '../../../components/fields.tsx'

/** Description and width of the picture that is marked. */
export const PictureLine = ({ editor }: { editor: Editor }) => {
  const { alt, width } = editor.getAttributes('image')
  // An attribute alone is changed: putting another picture in its place would take the mark off it, and this line away while somebody types in it.
  const set = (attribute: 'alt' | 'width', value: string | number | null): void => editor.view.dispatch(editor.state.tr.setNodeAttribute(editor.state.selection.from, attribute, value))
  return (
    <Box role="group" aria-label="Picture" sx={{ display: 'flex', alignItems: 'end', gap: 0.75, mb: 0.75, flexWrap: 'wrap' }}>
      <Box sx={{ flex: '1 1 220px' }}><TextLine label="Description of the picture" value={String(alt ?? '')} onChange={(typed) => set('alt', typed)} /></Box>
      <TextLine label="Width" width={110} suffix="px" inputMode="numeric" value={String(width ?? '')} onChange={(typed) => set('width', /^\d{1,4}$/.test(typed) ? Number(typed) : null)} />
      <Button onClick={() => editor.chain().focus().deleteSelection().run()}>Take the picture out</Button>
    </Box>
  )
}
