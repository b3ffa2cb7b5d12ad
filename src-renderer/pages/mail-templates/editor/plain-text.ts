import { Node, type Editor, type EditorOptions } from '@tiptap/core'
import { Slice, Fragment, type Schema } from '@tiptap/pm/model'
import { Selection } from '@tiptap/pm/state'
import { StarterKit } from '@tiptap/starter-kit'
import { PlaceholderChip, written } from './placeholder-chip.ts'

/** An editor of plain text in which a line is a paragraph; with `oneLine` there is one. */
export const plainOptions = (oneLine: boolean): Partial<EditorOptions> => ({
  extensions: [
    Node.create({ name: 'doc', topNode: true, content: oneLine ? 'paragraph' : 'paragraph+' }),
    StarterKit.configure({ document: false, blockquote: false, bold: false, bulletList: false, code: false, codeBlock: false, dropcursor: false, gapcursor: false, hardBreak: false, heading: false, horizontalRule: false, italic: false, link: false, listItem: false, listKeymap: false, orderedList: false, strike: false, trailingNode: false, underline: false }),
    PlaceholderChip
  ],
  coreExtensionOptions: { clipboardTextSerializer: { blockSeparator: '\n' } },
  editorProps: {
    handleKeyDown: (_view, event) => oneLine && event.key === 'Enter',
    handlePaste: (view, event) => {
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (text === '') return true
      const { tr, schema } = view.state
      view.dispatch(oneLine ? tr.insertText(text.replace(/\s*[\r\n]+\s*/g, ' ')).scrollIntoView() : tr.replaceSelection(new Slice(linesIn(schema, text), 1, 1)).scrollIntoView())
      return true
    }
  }
})

/** Text of the editor: a line for each paragraph. */
export function readPlain(editor: Editor): string {
  const lines: string[] = []
  editor.state.doc.forEach((paragraph) => {
    let line = ''
    paragraph.forEach((child) => { line += child.isText ? (child.text ?? '') : written(child) })
    lines.push(line)
  })
  return lines.join('\n')
}

/** Puts text in the place of all that is there, the cursor where it was; it cannot be undone by the editor's own Undo. */
export function writePlain(editor: Editor, text: string): void {
  const { tr, schema, doc, selection } = editor.state
  editor.view.dispatch(tr.replaceWith(0, doc.content.size, linesIn(schema, text)).setMeta('addToHistory', false).setMeta('preventUpdate', true))
  cursorTo(editor, selection.from)
}

/** Only once chips are made of what was put in do places mean what they meant before. */
export function cursorTo(editor: Editor, place: number): void {
  const { tr, doc } = editor.state
  editor.view.dispatch(tr.setSelection(Selection.near(doc.resolve(Math.min(place, doc.content.size)))))
}

const linesIn = (schema: Schema, text: string): Fragment => Fragment.from(text.split(/\r\n?|\n/).map((line) => schema.node('paragraph', null, line === '' ? [] : [schema.text(line)])))
