import { Extension, type Editor, type EditorOptions } from '@tiptap/core'
import { Image } from '@tiptap/extension-image'
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table'
import { Selection } from '@tiptap/pm/state'
import { goToNextCell } from '@tiptap/pm/tables'
import { StarterKit } from '@tiptap/starter-kit'
import { isPicture } from './picture.ts'
import { cursorTo } from './plain-text.ts'
import { PlaceholderChip, withoutChips } from './placeholder-chip.ts'

type Needs = { onLink: () => void; onFiles: (files: File[]) => void; onRemotePictures: () => void }

/** An editor of what mail programs show alike: marks, headings, lists, quotations, links, tables, pictures as data: URLs. */
export const htmlOptions = ({ onLink, onFiles, onRemotePictures }: Needs): Partial<EditorOptions> => ({
  extensions: [
    StarterKit.configure({ code: false, codeBlock: false, trailingNode: false, heading: { levels: [1, 2, 3] }, link: { openOnClick: false, defaultProtocol: 'https', protocols: ['tel'], HTMLAttributes: { rel: null, target: null } } }),
    Picture, MailTable, TableRow, TableHeader, TableCell, Styled, PlaceholderChip
  ],
  editorProps: {
    // Control and K alone opens the console's palette.
    handleKeyDown: (_view, event) => {
      const isLink = (event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'l'
      if (isLink) onLink()
      return isLink
    },
    transformPastedHTML: (html) => {
      if (/<img\b[^>]*\ssrc\s*=\s*["']?(?!data:)/i.test(html)) onRemotePictures()
      return html
    },
    handlePaste: (_view, event) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0 || (event.clipboardData?.getData('text/html') ?? '') !== '') return false
      onFiles(files)
      return true
    },
    handleDrop: (view, event, _slice, moved) => {
      const files = [...(event.dataTransfer?.files ?? [])]
      if (moved || files.length === 0) return false
      const place = view.posAtCoords({ left: event.clientX, top: event.clientY })
      if (place) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(place.pos))))
      onFiles(files)
      return true
    }
  }
})

/** A picture that is in the template itself; one that lies elsewhere is left out. */
const Picture = Image.extend({
  parseHTML: () => [{ tag: 'img[src]', getAttrs: (element) => (isPicture(element.getAttribute('src') ?? '') ? null : false) }]
}).configure({ inline: true, allowBase64: true })

// Mail programs know no style sheet of ours: the lines of a table stand at its cells.
const line = '1px solid #9aa4b0'
const MailTable = Table.extend({
  renderHTML: ({ HTMLAttributes: { style, ...rest } }) => ['table', { ...rest, style: typeof style === 'string' ? style : 'border-collapse: collapse' }, ['tbody', 0]],
  // Tab goes from cell to cell and out of the last one; the table's own way would add a row for ever, and the keyboard could not leave it.
  addKeyboardShortcuts() {
    return { ...this.parent?.(), Tab: () => this.editor.isActive('table') && this.editor.commands.command(({ state, dispatch }) => goToNextCell(1)(state, dispatch)), 'Shift-Tab': () => this.editor.isActive('table') && this.editor.commands.command(({ state, dispatch }) => goToNextCell(-1)(state, dispatch)) }
  }
}).configure({ resizable: false, cellMinWidth: 0 })

/** Styles that somebody wrote into the source stay where they are. */
const Styled = Extension.create({
  name: 'styled',
  addGlobalAttributes: () => [
    { types: ['paragraph', 'heading', 'bulletList', 'orderedList', 'listItem', 'blockquote', 'table', 'tableRow', 'image'], attributes: { style: { default: null } } },
    { types: ['tableCell', 'tableHeader'], attributes: { style: { default: `border: ${line}; padding: 4px 8px`, parseHTML: (element) => element.getAttribute('style') } } }
  ]
})

/** The editor's content as HTML; nothing typed is ''. An empty paragraph holds a break, or mail programs would draw it without height. */
export const readHtml = (editor: Editor): string => (editor.isEmpty ? '' : withoutChips(editor.getHTML()).replace(/<p([^>]*)><\/p>/g, '<p$1><br></p>'))

/** Puts HTML in the place of all that is there, the cursor where it was; it cannot be undone by the editor's own Undo. */
export function writeHtml(editor: Editor, html: string): void {
  const { from } = editor.state.selection
  const content = html.replace(/<p([^>]*)>\s*<br\s*\/?>\s*<\/p>/gi, '<p$1></p>')
  editor.chain().setMeta('addToHistory', false).setContent(content, { emitUpdate: false, parseOptions: { preserveWhitespace: false } }).run()
  cursorTo(editor, from)
}
