import type { HeaderField } from './parsed-message.ts'

/** Largest header block that is read, in bytes; fields beyond it are left out. */
export const headerLimit = 262_144

/** `bodyStart` is the offset of the first body byte, `size` the length of the header block in bytes. */
export type Header = { fields: HeaderField[]; bodyStart: number; size: number }

const lineFeed = 10
const carriageReturn = 13
const knownFields =
  /^(?:received|return-path|delivered-to|from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|mime-version|auto-submitted|precedence|list-[a-z-]+|dkim-signature|authentication-results|arc-[a-z-]+|content-[a-z-]+|x-[a-z0-9-]+)$/

/**
 * Reads the header fields that begin at `start` (RFC 5322 2.2). Tolerates bare LF, mbox "From " lines, a space before the colon,
 * stray lines between fields and a missing blank line: the body then begins at the first line that is no field.
 */
export function readHeader(raw: Buffer, start: number, end: number): Header {
  const fields: HeaderField[] = []
  let current: HeaderField | null = null
  let at = start
  while (at < end) {
    const line = lineAt(raw, at, end)
    if (line.end === at) return { fields, bodyStart: line.next, size: line.next - start }
    const keep = at - start < headerLimit
    const text = raw.toString('latin1', at, Math.min(line.end, at + headerLimit))
    if (isContinuation(text)) {
      if (text.trim() === '' && !continuesAfter(raw, line.next, end)) return { fields, bodyStart: line.next, size: line.next - start }
      if (current !== null && keep) current.value += text
    } else {
      const name = fieldName(text)
      if (name !== null) {
        current = { name: name.toLowerCase(), value: text.slice(text.indexOf(':') + 1).trimStart() }
        if (keep) fields.push(current)
      } else if (!isSkippable(text, at === start) && !isKnownField(raw, line.next, end, text)) {
        return { fields, bodyStart: at, size: at - start }
      }
    }
    at = line.next
  }
  return { fields, bodyStart: end, size: end - start }
}

/** The value of the first field of that name (lower case), trimmed; null where there is none. */
export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  for (const field of fields) if (field.name === name) return field.value.replaceAll('\0', '').trim()
  return null
}

function lineAt(raw: Buffer, at: number, end: number): { end: number; next: number } {
  const found = raw.indexOf(lineFeed, at)
  const feed = found === -1 || found >= end ? end : found
  let lineEnd = feed
  while (lineEnd > at && raw[lineEnd - 1] === carriageReturn) lineEnd--
  return { end: lineEnd, next: Math.min(feed + 1, end) }
}

const isContinuation = (text: string): boolean => text.startsWith(' ') || text.startsWith('\t')

function fieldName(text: string): string | null {
  const colon = text.indexOf(':')
  if (colon < 1 || colon > 200 || text.startsWith('--')) return null
  const name = text.slice(0, colon).trimEnd()
  return /^[!-9;-~]+$/.test(name) ? name : null
}

const isSkippable = (text: string, first: boolean): boolean => /^>From /.test(text) || (first && text.startsWith('From '))

/** A line of spaces ends the header unless a field or a folded line follows. */
function continuesAfter(raw: Buffer, at: number, end: number): boolean {
  const line = lineAt(raw, at, end)
  const text = raw.toString('latin1', at, Math.min(line.end, at + 300))
  return (isContinuation(text) && text.trim() !== '') || fieldName(text) !== null
}

/** A stray line is skipped only where a field that mail really has follows; otherwise the body has begun. */
function isKnownField(raw: Buffer, at: number, end: number, stray: string): boolean {
  if (stray.startsWith('--')) return false
  const line = lineAt(raw, at, end)
  const name = fieldName(raw.toString('latin1', at, Math.min(line.end, at + 300)))
  return name !== null && knownFields.test(name.toLowerCase())
}
