import { Editor, type EditorOptions } from '@tiptap/core'
import { useEffect, useEffectEvent, useState, type RefObject } from 'react'

type Needs = {
  place: RefObject<HTMLElement | null>
  value: string
  disabled: boolean
  attributes: Record<string, string>
  options: () => Partial<EditorOptions>
  /** Puts text into an editor, and reads it; each understands what the other makes. */
  write: (editor: Editor, value: string) => void
  read: (editor: Editor) => string
  onChange: (value: string) => void
}

/** An editor at a place; null until it is drawn. The component is drawn again with each of its steps, so that buttons show where the cursor is. */
export const useEditor = (needs: Needs): Editor | null => {
  const [editor, setEditor] = useState<Editor | null>(null)
  const [, setSteps] = useState(0)
  const { value, disabled } = needs
  const changed = useEffectEvent((made: Editor) => needs.onChange(needs.read(made)))
  const made = useEffectEvent((element: HTMLElement): Editor => {
    const fresh = new Editor({ ...needs.options(), element, editable: !disabled, injectCSS: false })
    needs.write(fresh, value)
    return fresh
  })
  const written = useEffectEvent((present: Editor) => { if (needs.read(present) !== value) needs.write(present, value) })
  useEffect(() => {
    if (needs.place.current === null) return
    const fresh = made(needs.place.current)
    fresh.on('update', () => changed(fresh))
    fresh.on('transaction', () => setSteps((steps) => steps + 1))
    fresh.on('create', () => setEditor(fresh))
    return () => { fresh.destroy(); setEditor(null) }
  }, [needs.place])
  useEffect(() => { if (editor && !editor.isDestroyed) written(editor) }, [editor, value])
  useEffect(() => { editor?.setEditable(!disabled, false) }, [editor, disabled])
  const attributes = JSON.stringify(needs.attributes)
  useEffect(() => { editor?.setOptions({ editorProps: { ...editor.options.editorProps, attributes: JSON.parse(attributes) as Record<string, string> } }) }, [editor, attributes])
  return editor
}
