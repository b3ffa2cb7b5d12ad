import { bytesOf, decoded, latin1Of, strictUtf8, transferred, untransferred, utf8View } from './message-bytes.ts'
import { fieldOf, partAt, textParts, type TextPart } from './text-parts.ts'

/** A message that is edited. `view` are its bytes, a character each; `header` its fields as text, with `\n` between lines. */
export type OpenedCopy = { view: string; header: string; headerIsLarge: boolean; parts: TextPart[] }
/** `header` as typed; of the text part, `charset` is what it is said to be in, null as declared; `text` as typed, null as it is. */
export type Edits = { header: string; part: number; charset: string | null; text: string | null }

const largestText = 200_000

export function openCopy(bytes: Uint8Array): OpenedCopy {
  const view = latin1Of(bytes)
  const { header } = partAt(view, 0, view.length)
  const isLarge = header.end > largestText
  return { view, header: isLarge ? '' : withLineFeeds(readable(view.slice(0, header.end))), headerIsLarge: isLarge, parts: textParts(view) }
}

/** The text of a part as people read it; null where it is too long to be edited, or the character set is not known. */
export function textOf({ view }: OpenedCopy, part: TextPart, charset: string | null): string | null {
  if (part.body.end - part.body.start > largestText) return null
  const text = decoded(untransferred(view.slice(part.body.start, part.body.end), part.encoding), charset ?? part.charset ?? 'windows-1252')
  return text === null ? null : withLineFeeds(text)
}

/**
 * The edited copy. What was not edited stays byte for byte: lines of the header, and a body of any bytes. An edited text is written in UTF-8
 * under its own transfer encoding; another character set changes nothing but the Content-Type.
 */
export function assembled(copy: OpenedCopy, edits: Edits): Uint8Array<ArrayBuffer> {
  const { view } = copy
  const { header, body } = partAt(view, 0, view.length)
  const part = copy.parts[edits.part]
  const change = part === undefined || (edits.charset === null && edits.text === null) ? null : { ...edits, part }
  const isTop = change !== null && change.part.header.start === 0
  const typed = copy.headerIsLarge ? null : isTop ? withContent(edits.header, change) : edits.header
  const newHeader = typed === null ? view.slice(0, header.end) : headerBytes(view.slice(0, header.end), typed)
  const separator = view.slice(header.end, body.start) || (newHeader === view ? '' : '\r\n')
  return bytesOf(newHeader + separator + bodyBytes(view, body.start, change, isTop))
}

type Change = Omit<Edits, 'part'> & { part: TextPart }
function bodyBytes(view: string, start: number, change: Change | null, isTop: boolean): string {
  if (change === null) return view.slice(start)
  const { part, text } = change
  const newBody = text === null ? view.slice(part.body.start, part.body.end) : transferred(utf8View(text.replace(/\n/g, '\r\n')), part.encoding)
  if (isTop) return newBody
  const before = view.slice(part.header.start, part.header.end)
  const newHeader = headerBytes(before, withContent(withLineFeeds(readable(before)), change))
  return view.slice(start, part.header.start) + newHeader + view.slice(part.header.end, part.body.start) + newBody + view.slice(part.body.end)
}

/** The fields of a part after its text was edited, or given another character set. */
function withContent(header: string, { part, charset, text }: Change): string {
  const wanted = text === null ? charset : 'utf-8'
  const typed = wanted === null ? header : withField(header, 'Content-Type', (value) => withCharset(value ?? 'text/plain', wanted))
  const needsEight = text !== null && part.encoding === 'identity' && /[^\0-\x7f]/.test(text)
  return needsEight ? withField(typed, 'Content-Transfer-Encoding', () => '8bit') : typed
}

const withCharset = (value: string, charset: string): string => {
  const rest = value.replace(/;\s*charset\*?\s*=\s*(?:"[^"]*"?|[^\s;]+)/gi, '')
  return `${rest.replace(/;\s*$/, '')}; charset=${charset}`
}

function withField(header: string, name: string, change: (value: string | null) => string): string {
  const line = `${name}: ${change(fieldOf(header, name))}`
  const present = new RegExp(`^${name}[ \\t]*:.*(?:\\n[ \\t].*)*`, 'im')
  if (present.test(header)) return header.replace(present, () => line)
  return `${header}${header === '' || header.endsWith('\n') ? '' : '\n'}${line}\n`
}

/** Lines that are as they were keep their bytes and their line end; others are written as the header around them is. */
function headerBytes(before: string, typed: string): string {
  if (withLineFeeds(readable(before)) === typed) return before
  const old = before.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  const isUtf8 = strictUtf8(before) !== null
  const ending = before.includes('\r\n') || !before.includes('\n') ? '\r\n' : '\n'
  let from = 0
  const lines = typed.replace(/\n$/, '').split('\n').filter((line, index, all) => line !== '' || index < all.length - 1)
  return lines.map((line) => {
    const at = old.findIndex((one, index) => index >= from && readable(one).replace(/[\r\n]+$/, '') === line)
    if (at === -1) return written(line, isUtf8) + ending
    from = at + 1
    const same = old[at] ?? ''
    return /[\r\n]$/.test(same) ? same : same + ending
  }).join('')
}

const readable = (view: string): string => strictUtf8(view) ?? view
const written = (line: string, isUtf8: boolean): string => (!isUtf8 && /^[\0-\xff]*$/.test(line) ? line : utf8View(line))
const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n')
