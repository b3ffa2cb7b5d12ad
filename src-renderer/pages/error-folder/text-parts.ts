import type { TransferEncoding } from './message-bytes.ts'

type Range = { start: number; end: number }
/** A part of a message that is text to be read; offsets count in its latin-1 view. `charset` as declared, null where it is not. */
export type TextPart = { type: string; charset: string | null; encoding: TransferEncoding; header: Range; body: Range }

const mostParts = 50
const deepest = 8

/** Where the header ends and the body begins; the empty line between them belongs to neither. A message without one is a header alone. */
export function partAt(view: string, start: number, end: number): { header: Range; body: Range } {
  const found = emptyLine(view, start, end)
  return found === null ? { header: { start, end }, body: { start: end, end } } : { header: { start, end: found.start }, body: { start: found.end, end } }
}

function emptyLine(view: string, start: number, end: number): Range | null {
  for (let at = start; at < end; ) {
    const newline = view.indexOf('\n', at)
    if (newline === -1 || newline >= end) return null
    if (newline === at || (newline === at + 1 && view[at] === '\r')) return { start: at, end: newline + 1 }
    at = newline + 1
  }
  return null
}

/** The texts of a message in their order (RFC 2046), attached files and enclosed messages left out. */
export function textParts(view: string): TextPart[] {
  const found: TextPart[] = []
  walk(view, 0, view.length, 0, found)
  return found.slice(0, mostParts)
}

function walk(view: string, start: number, end: number, depth: number, found: TextPart[]): void {
  const { header, body } = partAt(view, start, end)
  const fields = view.slice(header.start, header.end)
  const contentType = fieldOf(fields, 'content-type') ?? 'text/plain'
  const type = /^\s*([^\s;]+)/.exec(contentType)?.[1]?.toLowerCase() ?? 'text/plain'
  const boundary = parameterOf(contentType, 'boundary')
  if (type.startsWith('multipart/') && boundary !== null && depth < deepest) {
    for (const part of partsBetween(view, body, boundary)) walk(view, part.start, part.end, depth + 1, found)
    return
  }
  const isFile = /^\s*attachment/i.test(fieldOf(fields, 'content-disposition') ?? '') || parameterOf(fieldOf(fields, 'content-disposition') ?? '', 'filename') !== null
  if (!type.startsWith('text/') || isFile) return
  found.push({ type, charset: parameterOf(contentType, 'charset'), encoding: encodingOf(fieldOf(fields, 'content-transfer-encoding')), header, body })
}

function partsBetween(view: string, { start, end }: Range, boundary: string): Range[] {
  const parts: Range[] = []
  let begun: number | null = null
  for (let at = start; at < end; ) {
    const newline = view.indexOf('\n', at)
    const next = newline === -1 ? end : Math.min(end, newline + 1)
    if (view.startsWith(`--${boundary}`, at) && /^(?:--)?[ \t]*\r?\n?$/.test(view.slice(at + 2 + boundary.length, next))) {
      if (begun !== null) parts.push({ start: begun, end: beforeNewline(view, begun, at) })
      if (view.startsWith('--', at + 2 + boundary.length)) return parts
      begun = next
    }
    at = next
  }
  if (begun !== null) parts.push({ start: begun, end })
  return parts
}

/** The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1). */
function beforeNewline(view: string, start: number, at: number): number {
  const end = view[at - 1] === '\n' ? at - 1 : at
  return Math.max(start, view[end - 1] === '\r' ? end - 1 : end)
}

export const fieldOf = (fields: string, name: string): string | null => new RegExp(`^${name}[ \\t]*:((?:.*)(?:\\r?\\n[ \\t].*)*)`, 'im').exec(fields)?.[1]?.replace(/\r?\n(?=[ \t])/g, '').trim() ?? null
const parameterOf = (value: string, name: string): string | null => {
  const found = new RegExp(`;\\s*${name}\\*?\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value)
  return found?.[1] ?? found?.[2] ?? null
}
const encodingOf = (value: string | null): TransferEncoding => (/base64/i.test(value ?? '') ? 'base64' : /quoted-printable/i.test(value ?? '') ? 'quoted-printable' : 'identity')
