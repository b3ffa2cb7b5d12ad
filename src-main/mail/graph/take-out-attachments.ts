import { fieldOf, parsedField } from './header-fields.ts'

/** An attachment that was taken out of a message, decoded. */
export type TakenOut = { name: string; contentType: string; contentId: string | null; isInline: boolean; bytes: Buffer }

/** A part of a message that could be taken out: from the line of its delimiter to the next. */
type Part = { from: number; to: number; bodyFrom: number; bodyTo: number; header: string; parent: Parent }
type Parent = { boundary: string; parts: number; taken: number }

const mostDepth = 20

/**
 * The message without its largest attachments, so that it has at most `mostBytes` where that is possible, and these attachments. Everything else stays as it is, byte for byte.
 * What is signed is left whole. Pure.
 */
export function takeOutAttachments(raw: Buffer, mostBytes: number): { rest: Buffer; attachments: TakenOut[] } {
  const parts: Part[] = []
  collect(raw, 0, raw.length, parts, 0)
  const largestFirst = parts.toSorted((a, b) => b.to - b.from - (a.to - a.from))
  const taken: Part[] = []
  let size = raw.length
  for (const part of largestFirst) {
    if (size <= mostBytes) break
    taken.push(part)
    part.parent.taken++
    size -= part.to - part.from
  }
  const inPlace = taken.toSorted((a, b) => a.from - b.from)
  const kept: Buffer[] = []
  let at = 0
  for (const [index, part] of inPlace.entries()) {
    kept.push(raw.subarray(at, part.from))
    // A multipart needs a part (RFC 2046 5.1.1).
    const isLast = !inPlace.slice(index + 1).some(({ parent }) => parent === part.parent)
    if (isLast && part.parent.taken === part.parent.parts) kept.push(Buffer.from(`--${part.parent.boundary}\r\nContent-Type: text/plain\r\n\r\n\r\n`, 'latin1'))
    at = part.to
  }
  return { rest: Buffer.concat([...kept, raw.subarray(at)]), attachments: inPlace.map((part) => takenOut(raw, part)) }
}

/** Attachments among the parts between `from` and `to`, where a header begins. */
function collect(raw: Buffer, from: number, to: number, found: Part[], depth: number): void {
  const { header, bodyFrom } = headerAt(raw, from, to)
  const { value, parameters } = parsedField(header, 'content-type')
  const boundary = parameters['boundary'] ?? ''
  if (!value.startsWith('multipart/') || value === 'multipart/signed' || value === 'multipart/encrypted' || boundary === '' || depth > mostDepth) return
  const lines = delimiters(raw, bodyFrom, to, boundary)
  const parent: Parent = { boundary, parts: lines.length - 1, taken: 0 }
  for (const [index, { at, end }] of lines.entries()) {
    const next = lines[index + 1]
    if (next === undefined) break
    const part = headerAt(raw, end, next.at)
    if (parsedField(part.header, 'content-type').value.startsWith('multipart/')) collect(raw, end, next.at, found, depth + 1)
    else if (isAttachment(part.header)) found.push({ from: at, to: next.at, bodyFrom: part.bodyFrom, bodyTo: raw[next.at - 2] === 0x0d ? next.at - 2 : next.at - 1, header: part.header, parent })
  }
}

/** Lines that begin with the boundary, the closing one included: where they begin, and where what follows begins. */
function delimiters(raw: Buffer, from: number, to: number, boundary: string): { at: number; end: number }[] {
  const found: { at: number; end: number }[] = []
  const mark = Buffer.from(`--${boundary}`, 'latin1')
  for (let at = raw.indexOf(mark, from); at >= 0 && at < to; at = raw.indexOf(mark, at + 1)) {
    const lineEnd = raw.indexOf(0x0a, at)
    const end = lineEnd < 0 ? to : lineEnd + 1
    if (raw[at - 1] === 0x0a && /^(?:--)?[ \t]*\r?\n?$/.test(raw.toString('latin1', at + mark.length, Math.min(end, at + mark.length + 100)))) found.push({ at, end })
  }
  return found
}

function headerAt(raw: Buffer, from: number, to: number): { header: string; bodyFrom: number } {
  if (raw[from] === 0x0d && raw[from + 1] === 0x0a) return { header: '', bodyFrom: from + 2 }
  const end = raw.indexOf('\r\n\r\n', from)
  const header = end < 0 || end > to ? to : end + 2
  return { header: raw.toString('latin1', from, header), bodyFrom: Math.min(header + 2, to) }
}

function isAttachment(header: string): boolean {
  const type = parsedField(header, 'content-type')
  const disposition = parsedField(header, 'content-disposition')
  return disposition.value === 'attachment' || disposition.parameters['filename'] !== undefined || type.parameters['name'] !== undefined || (fieldOf(header, 'content-id') !== '' && !type.value.startsWith('text/'))
}

function takenOut(raw: Buffer, { header, bodyFrom, bodyTo }: Part): TakenOut {
  const type = parsedField(header, 'content-type')
  const disposition = parsedField(header, 'content-disposition')
  const encoding = fieldOf(header, 'content-transfer-encoding').toLowerCase()
  const body = raw.subarray(bodyFrom, Math.max(bodyFrom, bodyTo))
  const contentId = fieldOf(header, 'content-id').replace(/^<|>$/g, '')
  const bytes = encoding === 'base64' ? Buffer.from(body.toString('latin1'), 'base64') : encoding === 'quoted-printable' ? quotedPrintable(body) : Buffer.from(body)
  return {
    name: disposition.parameters['filename'] ?? type.parameters['name'] ?? (type.value === 'message/rfc822' ? 'message.eml' : 'attachment'),
    contentType: type.value || 'application/octet-stream', contentId: contentId === '' ? null : contentId, isInline: disposition.value === 'inline' || (disposition.value === '' && contentId !== ''), bytes
  }
}

/** RFC 2045 6.7. */
function quotedPrintable(body: Buffer): Buffer {
  const text = body.toString('latin1').replace(/[ \t]+(?=\r?\n)/g, '').replace(/=\r?\n/g, '')
  return Buffer.from(text.replace(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')
}
