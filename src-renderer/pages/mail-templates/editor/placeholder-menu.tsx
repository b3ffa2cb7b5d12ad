import { Box, type ButtonProps } from '@mui/material'
import type { Editor } from '@tiptap/core'
import { placeholders } from '#contract/mail-template.ts'
import { MenuButton } from '../../../components/select-menu.tsx'

/** Puts a placeholder where the cursor is, and the cursor behind it. */
export const PlaceholderMenu = ({ where, editor, ...button }: { where: string; editor: Editor | null } & Pick<ButtonProps, 'tabIndex' | 'onFocus'>) => {
  // The menu gives the focus back to its button first.
  const insert = (name: string): void => void setTimeout(() => editor?.chain().focus().insertContent({ type: 'placeholder', attrs: { name } }).run(), 0)
  return (
    <MenuButton
      {...button}
      label="Placeholder" variant="text" aria-label={`Insert a placeholder: ${where}`} disabled={editor === null}
      items={Object.entries(placeholders).map(([name, words]) => ({ label: <Box><Box component="span" className="mono">{name}</Box><Box sx={{ fontSize: 12, color: 'text.secondary' }}>{words}</Box></Box>, onChoose: () => insert(name) }))}
    />
  )
}
