/**
 * Finds a secret in a text in every way in which protocols write it: in clear, percent-encoded (RFC 3986, twice too, and as in forms),
 * quoted-printable (RFC 2045 6.7), as HTML or XML entities, with JSON and backslash escapes, in IMAP's modified UTF-7 (RFC 3501 5.1.3), in hex of
 * either case, and in base64 (RFC 4648; url-safe, wrapped, percent-encoded, wherever in the encoded text it begins) of UTF-8, UTF-16LE as
 * NTLM has it, and Latin-1. Of a long secret its beginning is enough.
 */
export const secretPattern = (secret: string): RegExp => {
  const kept = patterns.get(secret)
  if (kept !== undefined) return kept
  const pattern = new RegExp([spelled(secret), ...base64Forms(secret).map(spelledBase64), ...hexForms(secret), ...modifiedUtf7(secret)].filter((one) => one !== '').join('|'), 'g')
  if (patterns.size >= mostKept) patterns.clear()
  patterns.set(secret, pattern)
  return pattern
}
const patterns = new Map<string, RegExp>()

/** The secret in clear and in base64, as plain strings; for what is cut in the middle. */
export const writtenForms = (secret: string): string[] => {
  const kept = written.get(secret)
  if (kept !== undefined) return kept
  const forms = [...new Set([secret, ...base64Forms(secret), ...base64Forms(secret).map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))])]
  if (written.size >= mostKept) written.clear()
  written.set(secret, forms)
  return forms
}
const written = new Map<string, string[]>()
// Forms and patterns hold secrets in memory as the connections do; few of them at a time.
const mostKept = 60

/** A secret longer than this is known by so many of its first characters, and all that follows them without a gap. */
const enough = 256
const wrapped = '(?:=?\\r?\\n[ \\t]*)?'
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const eitherCase = (hex: string): string => hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
const hexOf = (bytes: Buffer): string[] => [...bytes].map((byte) => eitherCase(byte.toString(16).padStart(2, '0')))
const entities: Readonly<Record<string, string>> = { '&': '&(?:amp;|-)', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

const spelled = (secret: string): string => {
  const characters = [...secret]
  return `${characters.slice(0, enough).map(spellings).join(wrapped)}${characters.length > enough ? '[^\\s"\'<>,;(){}\\[\\]]*' : ''}`
}

function spellings(character: string): string {
  const utf8 = Buffer.from(character)
  const code = character.codePointAt(0) ?? 0
  const units = [...Buffer.from(character, 'utf16le').swap16().toString('hex').matchAll(/.{4}/g)].map(([unit]) => eitherCase(unit))
  const all = [
    ...(entities[character] === undefined ? [] : [entities[character]]),
    hexOf(utf8).map((hex) => `%(?:25)?${hex}`).join(''), hexOf(utf8).map((hex) => `=${hex}`).join(wrapped), ...(code < 256 ? [`=${eitherCase(code.toString(16).padStart(2, '0'))}`, `\\\\x${eitherCase(code.toString(16).padStart(2, '0'))}`] : []),
    `&#0*${code};`, `&#[xX]0*${eitherCase(code.toString(16))};`, units.map((unit) => `\\\\u${unit}`).join(''),
    ...(/[\w\s]/.test(character) ? [] : [`\\\\+${escaped(character)}`]), ...(character === ' ' ? ['\\+'] : []),
    // Lines are read as Latin-1, whatever they are written in.
    ...(code > 127 ? [escaped(utf8.toString('latin1'))] : []), escaped(character)
  ]
  return `(?:${[...new Set(all)].join('|')})`
}

/** What the secret looks like in base64 by where it begins there; its first and last letters may belong to what stands around it. */
function base64Forms(secret: string): string[] {
  const encodings: BufferEncoding[] = /[^\x00-\x7f]/.test(secret) ? ['utf8', 'utf16le', 'latin1'] : ['utf8', 'utf16le']
  const within = encodings.flatMap((encoding) => [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), Buffer.from(secret, encoding)]).toString('base64').slice(before === 0 ? 0 : before + 1).replace(/.?=+$/, '')))
  const whole = Buffer.from(secret).toString('base64').replace(/=+$/, '')
  return [...new Set([whole, ...within.filter((form) => form.length >= 6)])].sort((one, other) => other.length - one.length)
}
const base64Letters: Readonly<Record<string, string>> = { '+': '(?:[+-]|%2[bB])', '/': '(?:[/_]|%2[fF])' }
const spelledBase64 = (form: string): string => `${[...form.slice(0, enough)].map((letter) => base64Letters[letter] ?? letter).join(wrapped)}${form.length > enough ? '[A-Za-z0-9+/=_%-]*' : '(?:=|%3[dD]){0,2}'}`

const hexForms = (secret: string): string[] =>
  Buffer.byteLength(secret) < 4 ? [] : [Buffer.from(secret), Buffer.from(secret, 'utf16le')].map((bytes) => hexOf(bytes.subarray(0, enough)).join('[: -]?'))

/** Modified UTF-7 differs from the text only where that is not ASCII. */
function modifiedUtf7(secret: string): string[] {
  if (!/[^\x20-\x7e]/.test(secret)) return []
  const encode = (run: string): string => `&${Buffer.from(run, 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`
  return [escaped(secret.replaceAll('&', '&-').replace(/[^\x20-\x7e]+/g, encode))]
}
