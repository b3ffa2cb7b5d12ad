import { decodeWords } from '../processing/parsing/decode-words.ts'
import { partHeader } from '../processing/parsing/part-header.ts'
import { readHeader } from '../processing/parsing/read-header.ts'
import { decodeBody } from '../processing/parsing/transfer-encoding.ts'
import { walkParts, type Leaf } from '../processing/parsing/walk-parts.ts'
import type { PersonalRedactor } from './redact-text.ts'

/**
 * A raw message without personal data that can still be parsed: header fields and texts are redacted in their own encoding, attachments
 * replaced by a line that tells their size. Where the structure is broken, whatever looks encoded is blackened.
 */
export function redactMessage(raw: Buffer, redactor: PersonalRedactor, depth = 0): Buffer {
  const header = readHeader(raw, 0, raw.length)
  const { leaves } = walkParts(raw, header.bodyStart, raw.length, partHeader(header.fields, 'text/plain'))
  const pieces: Buffer[] = []
  let at = 0
  for (const leaf of leaves.toSorted((one, other) => one.start - other.start)) {
    if (leaf.start < at) continue
    pieces.push(redactLines(raw.subarray(at, leaf.start), redactor), redactLeaf(raw, leaf, redactor, depth))
    at = leaf.end
  }
  return Buffer.concat([...pieces, redactLines(raw.subarray(at), redactor)])
}

/** What stands between the bodies: header fields, delimiter lines and stray text. */
function redactLines(bytes: Buffer, redactor: PersonalRedactor): Buffer {
  const lines = blackened(textOf(bytes)).split(/(?<=\n)/)
  const redacted: string[] = []
  for (let index = 0; index < lines.length; index++) {
    let line = lines[index] ?? ''
    if (/^[!-9;-~]+[ \t]*:/.test(line)) {
      while (/^[ \t]+\S/.test(lines[index + 1] ?? '')) line += lines[++index]
      redacted.push(redactField(line, redactor))
    } else redacted.push(line.startsWith('--') ? line : redactor.text(line))
  }
  return Buffer.from(redacted.join(''), 'utf8')
}

const untouched = /^(?:mime-version|content-transfer-encoding|date|content-length|lines)$/i
const withAddresses = /^(?:from|to|cc|bcc|sender|reply-to|return-path|delivered-to|resent-.*)$/i

function redactField(line: string, redactor: PersonalRedactor): string {
  const ending = /\r?\n$/.exec(line)?.[0] ?? ''
  const colon = line.indexOf(':')
  const name = line.slice(0, colon).trimEnd()
  const value = line.slice(colon + 1).replace(/\r?\n(?=[ \t])/g, '').trim()
  if (untouched.test(name)) return line
  if (/^content-(?:type|disposition)$/i.test(name)) return `${name}: ${withoutFileName(value)}${ending}`
  const decoded = /=\?[^?]*\?[bq]\?/i.test(value) ? decodeWords(value) : value
  const redacted = /^subject$/i.test(name) ? redactor.text(decoded) : redactor.field(decoded)
  if (redacted === value) return line
  return `${name}: ${withAddresses.test(name) ? redacted.replace(/[^\t -~]/g, '?') : asWords(redacted)}${ending}`
}

/** Names of files are personal data as often as not; their extension is not. */
function withoutFileName(value: string): string {
  let isNamed = false
  const parts = value.match(/(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []
  const kept = parts.flatMap((part) => {
    const named = /^\s*(file)?name(?:\*\d*\*?)?\s*=\s*(.*)$/is.exec(part)
    if (named === null) return [part.trim()]
    if (isNamed) return []
    isNamed = true
    const extension = /\.([A-Za-z0-9]{1,6})["\s]*$/.exec(named[2] ?? '')?.[1]
    return [`${named[1] ?? ''}name="attachment${extension === undefined ? '' : `.${extension}`}"`]
  })
  return kept.join('; ')
}

/** Encoded words of RFC 2047 where a text is not ASCII. */
function asWords(text: string): string {
  if (/^[\t -~]*$/.test(text)) return text
  const words: string[] = []
  let word = ''
  for (const sign of text) {
    if (Buffer.byteLength(word + sign) > 42) {
      words.push(word)
      word = ''
    }
    word += sign
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one, 'utf8').toString('base64')}?=`).join('\r\n ')
}

function redactLeaf(raw: Buffer, leaf: Leaf, redactor: PersonalRedactor, depth: number): Buffer {
  const { type, encoding, fileName, disposition } = leaf.header
  const body = decodeBody(raw, { start: leaf.start, end: leaf.end, encoding })
  const isText = type.startsWith('text/') || type === 'message/delivery-status' || type === 'text'
  if (type === 'message/rfc822' && encoding === 'identity' && depth < 5) return redactMessage(body, redactor, depth + 1)
  const isShown = isText && fileName === null && disposition !== 'attachment' && !body.includes(0)
  const redacted = isShown ? Buffer.from(redactor.text(blackened(plainSigns(textOf(body)))), isUtf8(body) ? 'utf8' : 'latin1') : Buffer.from(`[${body.length} bytes left out]\r\n`)
  return encoded(redacted, encoding, raw.subarray(leaf.start, leaf.end))
}

/** Long runs of what may be an encoded body are no text that anybody reads. */
const blackened = (text: string): string =>
  text.replace(/^(?:[A-Za-z0-9+/]{60,}={0,2}\r?(?:\n|$))+(?:[A-Za-z0-9+/]+={0,2}(?=\r?$))?/gm, (run) => run.replace(/[A-Za-z0-9+/=]/g, 'A'))
const plainSigns = (text: string): string => text.replace(/&#0*64;|&#x0*40;|&commat;/gi, '@').replace(/&([aou])uml;/gi, (_, letter: string) => `${letter}\u0308`.normalize('NFC'))

function encoded(bytes: Buffer, encoding: Leaf['header']['encoding'], before: Buffer): Buffer {
  const ending = before.at(-1) === 10 ? '\r\n' : ''
  if (encoding === 'base64') return Buffer.from(bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n') + ending)
  return encoding === 'quoted-printable' ? Buffer.from(quotedPrintable(bytes)) : bytes
}

/** RFC 2045 6.7, with lines of at most 76 characters. */
function quotedPrintable(bytes: Buffer): string {
  const hex = (code: string): string => `=${code.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  const lines = bytes.toString('latin1').split(/\r?\n/)
  return lines.map((line) => line.replace(/[^\t -<>-~]|[ \t]$/g, hex).replace(/.{1,70}(?:=[0-9A-F]{2}|[^=])(?=.)/g, (piece) => softBroken(piece))).join('\r\n')
}
const softBroken = (piece: string): string => {
  const cut = /=[0-9A-F]?$/.exec(piece)?.index
  return cut === undefined ? `${piece}=\r\n` : `${piece.slice(0, cut)}=\r\n${piece.slice(cut)}`
}

const isUtf8 = (bytes: Buffer): boolean => !bytes.toString('utf8').includes('\ufffd')
const textOf = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1'))
