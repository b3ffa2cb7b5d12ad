import { mergeAttributes, Node } from '@tiptap/core'
import type { Node as DocumentNode } from '@tiptap/pm/model'
import { Plugin, type EditorState, type Transaction } from '@tiptap/pm/state'
import { isPlaceholder, placeholders, placeholdersIn } from '#contract/mail-template.ts'

/** A placeholder as one piece, however its letters came there: typed, pasted, or read from a stored template. It is written `{{name}}` again. */
export const PlaceholderChip = Node.create({
  name: 'placeholder', group: 'inline', inline: true, atom: true,
  addAttributes: () => ({ name: { default: '', rendered: false } }),
  // A node has to be an element here; `withoutChips` takes it off again.
  renderHTML: ({ node }) => ['span', { 'data-placeholder': '' }, written(node)],
  renderText: ({ node }) => written(node),
  addNodeView: () => ({ node }) => ({ dom: drawn(String(node.attrs['name'])) }),
  addProseMirrorPlugins: () => [new Plugin({ appendTransaction: (transactions, _before, state) => (transactions.some(({ docChanged }) => docChanged) ? chipped(state) : null) })]
})

/** `{{name}}` for a chip. */
export const written = (chip: DocumentNode): string => `{{${String(chip.attrs['name'])}}}`

/** HTML of the editor with the bare `{{name}}` in the place of each chip. */
export const withoutChips = (html: string): string => html.replace(/<span data-placeholder="">(\{\{[^<{}]*\}\})<\/span>/g, '$1')

/** What a placeholder becomes, or that there is none of the name. */
export const explained = (name: string): string => (isPlaceholder(name) ? placeholders[name] : `There is no placeholder {{${name}}}`)

const drawn = (name: string): HTMLElement => {
  const chip = document.createElement('span')
  const known = isPlaceholder(name)
  for (const [key, value] of Object.entries(mergeAttributes({ class: known ? 'placeholder' : 'placeholder unknown', title: explained(name), 'data-placeholder': name }))) chip.setAttribute(key, String(value))
  chip.textContent = known ? name : `{{${name}}}`
  return chip
}

/** Makes chips of all that is written in double braces, across bold and links too: a name torn apart by marks would not be found when the template is filled. */
function chipped(state: EditorState): Transaction | null {
  const type = state.schema.nodes['placeholder']
  if (!type) return null
  const found: { from: number; to: number; name: string }[] = []
  state.doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    const text = lettersOf(node)
    for (const { name, index } of placeholdersIn(text)) if (name !== '') found.push({ name, from: position + 1 + index, to: position + 1 + text.indexOf('}}', index) + 2 })
    return false
  })
  const { tr } = state
  for (const { from, to, name } of found.reverse()) tr.replaceWith(from, to, type.create({ name }, null, tr.doc.nodeAt(from)?.marks ?? []))
  return tr.docChanged ? tr : null
}

/** A letter for each place, so that what is found in the text is found in the document. */
function lettersOf(block: DocumentNode): string {
  let letters = ''
  block.forEach((child) => { letters += child.isText ? (child.text ?? '') : '\ufffc'.repeat(child.nodeSize) })
  return letters
}
