import { Editor } from '@tiptap/core'
import { htmlOptions, readHtml, writeHtml } from './html-text.ts'

/** Tags and attributes of HTML that the editor would leave out, as a person would name them; empty where it keeps all. */
export function lostInEditor(html: string): string[] {
  if (html.trim() === '') return []
  const editor = new Editor({ ...htmlOptions({ onLink: () => undefined, onFiles: () => undefined, onRemotePictures: () => undefined }), element: document.createElement('div'), injectCSS: false })
  writeHtml(editor, html)
  const kept = partsOf(readHtml(editor))
  editor.destroy()
  return [...partsOf(html)].filter(([part, times]) => times > (kept.get(part) ?? 0)).map(([part]) => part)
}

const sameTag: Readonly<Record<string, string>> = { b: 'strong', i: 'em', strike: 's', del: 's' }
const ownOnes = new Set(['tbody', 'thead', 'tfoot', 'colgroup', 'col', 'html', 'head', 'body', 'br', 'p', 'span'])

/** How often each tag, and each attribute of a tag, is there; those that the editor puts in by itself are left out. */
function partsOf(html: string): Map<string, number> {
  const found = new Map<string, number>()
  const count = (part: string): void => void found.set(part, (found.get(part) ?? 0) + 1)
  for (const element of new DOMParser().parseFromString(html, 'text/html').querySelectorAll('*')) {
    const name = element.tagName.toLowerCase()
    const tag = sameTag[name] ?? name
    if (!ownOnes.has(tag)) count(`<${tag}>`)
    for (const { name: attribute, value } of element.attributes) if (value !== '' && !/^(?:rel|target|(?:col|row)span)$/.test(attribute)) count(`${attribute} of <${tag}>`)
  }
  return found
}
