import { decodeCharset } from './decode-charset.ts'
import { textFromHtml } from './text-from-html.ts'
import { decodeBody } from './transfer-encoding.ts'
import { unflowText } from './unflow-text.ts'
import type { Leaf } from './walk-parts.ts'

/** Longest text and longest HTML that are taken from a message, in bytes before decoding. */
const longestBody = 5_000_000
const ignoredAlternatives = new Set(['text/x-amp-html', 'text/watch-html'])

/** What of the leaves is the message itself; the others are attachments. */
export type Bodies = { text: string; html: string | null; attachments: Leaf[] }

/** Text from all inline plain parts, or from HTML where there is none; HTML from all inline HTML parts, null without. */
export function messageText(raw: Buffer, leaves: readonly Leaf[], fallback: string): Bodies {
  const plain: Leaf[] = []
  const html: Leaf[] = []
  const attachments: Leaf[] = []
  for (const leaf of leaves) {
    const list = isBody(leaf, plain.length + html.length === 0) ? (leaf.header.type === 'text/html' ? html : plain) : attachments
    if (list !== attachments || leaf.alternative === null || !ignoredAlternatives.has(leaf.header.type)) list.push(leaf)
  }
  const budget = { bytes: longestBody }
  const texts = plain.map((leaf) => plainText(raw, leaf, fallback, budget)).filter((text) => text !== '')
  const pages = html.map((leaf) => decodeLeaf(raw, leaf, fallback, { bytes: longestBody }))
  const page = pages.length === 0 ? null : pages.join('\n')
  const text = texts.length > 0 || page === null ? texts.join('\n') : pages.map(textFromHtml).join('\n')
  return { text, html: page, attachments }
}

/** A named text is an attachment unless it stands where the message itself is expected. */
function isBody({ header, alternative, parent }: Leaf, first: boolean): boolean {
  if (header.type !== 'text/plain' && header.type !== 'text/html') return false
  if (header.fileName === null) return header.disposition !== 'attachment' || parent === null
  return header.disposition !== 'attachment' && (first || alternative !== null)
}

function plainText(raw: Buffer, leaf: Leaf, fallback: string, budget: { bytes: number }): string {
  const text = withLineFeeds(decodeLeaf(raw, leaf, fallback, budget))
  const flowed = leaf.header.parameters.get('format')?.toLowerCase() === 'flowed'
  return (flowed ? unflowText(text, leaf.header.parameters.get('delsp')?.toLowerCase() === 'yes') : text).trimEnd()
}

function withLineFeeds(text: string): string {
  const plain = text.replaceAll('\r\n', '\n')
  return plain.includes('\r') ? plain.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : plain
}

function decodeLeaf(raw: Buffer, leaf: Leaf, fallback: string, budget: { bytes: number }): string {
  const { start, header } = leaf
  const end = Math.min(leaf.end, start + Math.max(0, budget.bytes))
  budget.bytes -= end - start
  const bytes = decodeBody(raw, { start, end, encoding: header.encoding })
  const declared = header.parameters.get('charset') ?? ''
  return decodeCharset(bytes, declared === '' && header.type === 'text/html' ? charsetInHtml(bytes) : declared, fallback)
}

const charsetInHtml = (bytes: Buffer): string => /<meta[^>]{1,200}charset\s{0,9}=\s{0,9}["']?([\w:.-]{2,40})/i.exec(bytes.toString('latin1', 0, Math.min(bytes.length, 2048)))?.[1] ?? ''
