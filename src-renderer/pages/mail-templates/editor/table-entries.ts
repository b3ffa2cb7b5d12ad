import type { Editor } from '@tiptap/core'
import type { MenuEntry } from '../../../components/select-menu.tsx'

/** What can be done about tables where the cursor is. */
export function tableEntries(editor: Editor): MenuEntry[] {
  const inside = editor.isActive('table')
  // The menu gives the focus back to its button first.
  const later = (act: () => unknown) => () => void setTimeout(act, 0)
  const entry = (label: string, act: () => unknown): MenuEntry => ({ label, disabled: !inside, onChoose: later(act) })
  return [
    { label: 'Put a table in', disabled: inside, onChoose: later(() => editor.chain().focus().insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run()) },
    { ...entry('Row below', () => editor.chain().focus().addRowAfter().run()), parted: true },
    entry('Row above', () => editor.chain().focus().addRowBefore().run()),
    entry('Take the row out', () => editor.chain().focus().deleteRow().run()),
    { ...entry('Column to the right', () => editor.chain().focus().addColumnAfter().run()), parted: true },
    entry('Column to the left', () => editor.chain().focus().addColumnBefore().run()),
    entry('Take the column out', () => editor.chain().focus().deleteColumn().run()),
    { ...entry('Take the table out', () => editor.chain().focus().deleteTable().run()), parted: true }
  ]
}
