import { decodeCharset } from './decode-charset.ts'
import { textFromHtml } from './text-from-html.ts'
import { decodeBody } from './transfer-encoding.ts'
import { unflowText } from './unflow-text.ts'
import { decodeUuencoded, findUuencoded } from './uuencode.ts'
import type { Leaf } from './walk-parts.ts'

/** Longest text and longest HTML that are taken from a message, in bytes before decoding. */
const longestBody = 5_000_000
const ignoredAlternatives = new Set(['text/x-amp-html', 'text/watch-html'])

/** A uuencoded file in a text part: bytes [start, end) of what the part decodes to, `begin` and `end` lines included. */
export type FileInText = { leaf: Leaf; name: string; start: number; end: number; size: number }
/** What of the leaves is the message itself; the others are attachments. `files` are those that stand within the text. */
export type Bodies = { text: string; html: string | null; attachments: Leaf[]; files: FileInText[] }
type Reading = { raw: Buffer; fallback: string; files: FileInText[] }

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
  const reading: Reading = { raw, fallback, files: [] }
  const texts = plain.map((leaf) => plainText(reading, leaf, budget)).filter((text) => text !== '')
  const pages = html.map((leaf) => decodeLeaf(reading, leaf, { bytes: longestBody }))
  const page = pages.length === 0 ? null : pages.join('\n')
  const text = texts.length > 0 || page === null ? texts.join('\n') : pages.map(textFromHtml).join('\n')
  return { text, html: page, attachments, files: reading.files }
}

/** A named text is an attachment unless it stands where the message itself is expected. */
function isBody({ header, alternative, parent }: Leaf, first: boolean): boolean {
  if (header.type !== 'text/plain' && header.type !== 'text/html') return false
  if (header.fileName === null) return header.disposition !== 'attachment' || parent === null
  return header.disposition !== 'attachment' && (first || alternative !== null)
}

function plainText(reading: Reading, leaf: Leaf, budget: { bytes: number }): string {
  const text = withLineFeeds(decodeLeaf(reading, leaf, budget))
  const flowed = leaf.header.parameters.get('format')?.toLowerCase() === 'flowed'
  return (flowed ? unflowText(text, leaf.header.parameters.get('delsp')?.toLowerCase() === 'yes') : text).trimEnd()
}

function withLineFeeds(text: string): string {
  const plain = text.replaceAll('\r\n', '\n')
  return plain.includes('\r') ? plain.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : plain
}

function decodeLeaf(reading: Reading, leaf: Leaf, budget: { bytes: number }): string {
  const { start, header } = leaf
  const end = Math.min(leaf.end, start + Math.max(0, budget.bytes))
  budget.bytes -= end - start
  const decoded = decodeBody(reading.raw, { start, end, encoding: header.encoding })
  const bytes = header.type === 'text/plain' ? withoutFiles(reading, leaf, decoded) : decoded
  const declared = header.parameters.get('charset') ?? ''
  return decodeCharset(bytes, declared === '' && header.type === 'text/html' ? charsetInHtml(bytes) : declared, reading.fallback)
}

function withoutFiles({ files }: Reading, leaf: Leaf, bytes: Buffer): Buffer {
  const found = findUuencoded(bytes)
  if (found.length === 0) return bytes
  const kept: Buffer[] = []
  let at = 0
  for (const { name, start, end } of found) {
    files.push({ leaf, name, start, end, size: decodeUuencoded(bytes.subarray(start, end)).length })
    kept.push(bytes.subarray(at, start))
    at = end
  }
  return Buffer.concat([...kept, bytes.subarray(at)])
}

const charsetInHtml = (bytes: Buffer): string => /<meta[^>]{1,200}charset\s{0,9}=\s{0,9}["']?([\w:.-]{2,40})/i.exec(bytes.toString('latin1', 0, Math.min(bytes.length, 2048)))?.[1] ?? ''
