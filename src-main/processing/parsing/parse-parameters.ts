import { decodeCharset } from './decode-charset.ts'
import { decodeWords } from './decode-words.ts'

/** A value such as `text/plain; charset=utf-8`: the part before the first semicolon in lower case, and the decoded parameters. */
export type Structured = { value: string; parameters: Map<string, string> }

/**
 * Reads Content-Type and Content-Disposition (RFC 2045 5.1, RFC 2231). Tolerates missing semicolons and quotes, encoded words in
 * parameters, raw 8-bit names, Windows paths. The first of two parameters of one name wins; `name*` wins over `name`.
 */
export function parseParameters(header: string): Structured {
  const first = /^[^\s;]*/.exec(header.trimStart())?.[0] ?? ''
  const rest = header.trimStart().slice(first.length)
  if (!rest.includes('=')) return { value: first.toLowerCase(), parameters: new Map() }
  return { value: first.toLowerCase(), parameters: combine(readPairs(rest)) }
}

type Pair = { name: string; value: string }

function readPairs(text: string): Pair[] {
  const pairs: Pair[] = []
  let at = 0
  while (at < text.length && pairs.length < 2000) {
    const equals = text.indexOf('=', at)
    if (equals === -1) break
    const name = text.slice(at, equals).replace(/^[^]*;/, '').trim().replace(/^\([^)]*\)\s*/, '').toLowerCase()
    let begin = equals + 1
    while (text[begin] === ' ' || text[begin] === '\t') begin++
    const read = text[begin] === '"' ? readQuoted(text, begin + 1) : readToken(text, begin)
    if (name !== '' && name.length < 200) pairs.push({ name, value: read.value })
    at = read.end
  }
  return pairs
}

/** Only `\"` and `\\` are escapes: old Windows mailers write whole paths with single backslashes. */
function readQuoted(text: string, from: number): { value: string; end: number } {
  let value = ''
  let at = from
  while (at < text.length && text[at] !== '"') {
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++
    value += text[at]
    at++
  }
  return { value, end: at + 1 }
}

/** Up to the semicolon, so that an unquoted name with spaces survives; a further `name=` after a space ends it too. */
function readToken(text: string, from: number): { value: string; end: number } {
  const semicolon = text.indexOf(';', from)
  const end = semicolon === -1 ? text.length : semicolon
  const piece = text.slice(from, end)
  const next = /\s[A-Za-z][A-Za-z0-9*-]{0,40}=/.exec(piece)
  if (next !== null) return { value: piece.slice(0, next.index).trim(), end: from + next.index }
  const plain = piece.trim()
  const comment = plain.endsWith(')') ? plain.lastIndexOf(' (') : -1
  return { value: comment === -1 ? plain : plain.slice(0, comment).trim(), end: end + 1 }
}

function combine(pairs: readonly Pair[]): Map<string, string> {
  const plain = new Map<string, string>()
  const extended = new Map<string, Map<number, { value: string; encoded: boolean }>>()
  for (const { name, value } of pairs) {
    const star = name.indexOf('*')
    if (star < 1) {
      if (!plain.has(name)) plain.set(name, decodeWords(value))
      continue
    }
    const key = name.slice(0, star)
    const section = /^\*(?:(\d{1,4}))?(\*)?$/.exec(name.slice(star))
    if (section === null) continue
    const pieces = extended.get(key) ?? new Map<number, { value: string; encoded: boolean }>()
    const number = Number(section[1] ?? 0)
    if (!pieces.has(number)) pieces.set(number, { value, encoded: section[2] === '*' || section[1] === undefined })
    extended.set(key, pieces)
  }
  for (const [name, pieces] of extended) plain.set(name, joinPieces(pieces))
  return plain
}

/** RFC 2231 3 and 4: pieces in order of their number; the charset stands before the first encoded one. */
function joinPieces(pieces: Map<number, { value: string; encoded: boolean }>): string {
  const ordered = [...pieces].sort(([one], [other]) => one - other).map(([, piece]) => piece)
  if (!ordered.some((piece) => piece.encoded)) return decodeWords(ordered.map((piece) => piece.value).join(''))
  let charset = ''
  const bytes: Buffer[] = []
  for (const [index, piece] of ordered.entries()) {
    let value = piece.value
    const head = index === 0 && piece.encoded ? /^([^']{0,60})'[^']{0,60}'/.exec(value) : null
    if (head !== null) {
      charset = head[1] ?? ''
      value = value.slice(head[0].length)
    }
    bytes.push(piece.encoded ? percentBytes(value) : Buffer.from(value, 'latin1'))
  }
  return decodeCharset(Buffer.concat(bytes), charset).replace(/[\x00-\x1f\x7f]/g, ' ')
}

const percentBytes = (value: string): Buffer =>
  Buffer.from(value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')
