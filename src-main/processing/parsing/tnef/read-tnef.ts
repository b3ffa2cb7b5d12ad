import { decodeCharset } from '../decode-charset.ts'
import { charsetOfPage } from './charset-of-page.ts'
import { decompressRtf } from './decompress-rtf.ts'
import { readMapiProperties, type MapiProperty } from './mapi-properties.ts'
import { textFromRtf } from './text-from-rtf.ts'

/** A file in a winmail.dat: bytes [start, end) of it. `contentType` is '' where none is named. */
export type TnefFile = { name: string; contentType: string; contentId: string | null; hidden: boolean; start: number; end: number }
export type Tnef = { files: TnefFile[]; text: string | null; html: string | null }

const signature = 0x223e9f78
const mostFiles = 200
const deepest = 5
/** Attributes by their level and id (MS-OXTNEF 2.1.3.3). */
const codes = { body: 0x0002800c, messageProperties: 0x00069003, codePage: 0x00069007, newAttachment: 0x00069002, title: 0x00018010, data: 0x0006800f, attachmentProperties: 0x00069005 }
/** Property ids (MS-OXPROPS). */
const ids = { body: 0x1000, rtf: 0x1009, html: 0x1013, codePage: 0x3fde, name: 0x3001, data: 0x3701, fileName: 0x3704, longName: 0x3707, mimeTag: 0x370e, contentId: 0x3712, hidden: 0x7ffe }
const object = 0x0d
const unicode = 0x1f

/**
 * Reads a Transport Neutral Encapsulation Format stream, as Outlook sends it in winmail.dat (MS-OXTNEF). null: it is none, or is
 * damaged, so that what lies in it cannot be told.
 */
export const readTnef = (bytes: Buffer): Tnef | null => readStream(bytes, 0, bytes.length, 0)

type Found = { title: string; start: number; end: number; properties: MapiProperty[] }
type Reading = { bytes: Buffer; charset: string; depth: number; text: string | null; html: string | null; rtf: Buffer | null; files: Found[]; inner: TnefFile[] }

function readStream(bytes: Buffer, from: number, end: number, depth: number): Tnef | null {
  if (depth > deepest || end - from < 6 || bytes.readUInt32LE(from) !== signature) return null
  const reading: Reading = { bytes, charset: '', depth, text: null, html: null, rtf: null, files: [], inner: [] }
  let at = from + 6
  while (at + 11 <= end) {
    const level = bytes[at]
    const length = bytes.readUInt32LE(at + 5)
    if ((level !== 1 && level !== 2) || at + 9 + length > end) return null
    take(reading, bytes.readUInt32LE(at + 1), at + 9, at + 9 + length)
    at += 11 + length
  }
  const files = reading.files.slice(0, mostFiles).flatMap((found, index) => fileOf(reading, found, index + 1) ?? [])
  return { files: [...files, ...reading.inner].slice(0, mostFiles), ...bodyOf(reading) }
}

function take(reading: Reading, code: number, start: number, end: number): void {
  const { bytes, files } = reading
  const last = files.at(-1)
  if (code === codes.codePage && end - start >= 4) reading.charset = charsetOfPage(bytes.readUInt32LE(start))
  else if (code === codes.body) reading.text = stringOf(bytes.subarray(start, end), reading.charset)
  else if (code === codes.messageProperties) takeMessage(reading, readMapiProperties(bytes, start, end))
  else if (code === codes.newAttachment) files.push({ title: '', start: 0, end: 0, properties: [] })
  else if (last !== undefined && code === codes.title) last.title = stringOf(bytes.subarray(start, end), reading.charset)
  else if (last !== undefined && code === codes.data) Object.assign(last, { start, end })
  else if (last !== undefined && code === codes.attachmentProperties) last.properties = readMapiProperties(bytes, start, end)
}

function takeMessage(reading: Reading, properties: readonly MapiProperty[]): void {
  const { bytes } = reading
  const page = properties.find(({ id }) => id === ids.codePage)
  const charset = page === undefined ? reading.charset : charsetOfPage(bytes.readUInt32LE(page.start))
  for (const property of properties) {
    const value = bytes.subarray(property.start, property.end)
    if (property.id === ids.body) reading.text = textOf(bytes, property, reading.charset) || reading.text
    else if (property.id === ids.html) reading.html = property.type === unicode ? textOf(bytes, property, charset) : stringOf(value, charset)
    else if (property.id === ids.rtf) reading.rtf = decompressRtf(value)
  }
}

function bodyOf({ text, html, rtf }: Reading): { text: string | null; html: string | null } {
  const plain = text?.replace(/\r\n?/g, '\n').trim() || null
  if (html !== null && html.trim() !== '') return { text: plain, html }
  if (rtf === null || plain !== null) return { text: plain, html: null }
  const written = textFromRtf(rtf)
  return { text: written.text === '' ? null : written.text, html: written.html }
}

function fileOf(reading: Reading, { title, start, end, properties }: Found, number: number): TnefFile | null {
  const { bytes, charset } = reading
  const text = (id: number): string => {
    const property = properties.find((one) => one.id === id)
    return property === undefined ? '' : textOf(bytes, property, charset).trim()
  }
  const data = properties.find(({ id }) => id === ids.data)
  // An object begins with the identifier of its interface.
  const place = end > start || data === undefined ? { start, end } : { start: Math.min(data.start + (data.type === object ? 16 : 0), data.end), end: data.end }
  const message = data?.type === object ? readStream(bytes, place.start, place.end, reading.depth + 1) : null
  if (message !== null) reading.inner.push(...message.files)
  const name = text(ids.longName) || title || text(ids.fileName) || text(ids.name) || `attachment-${number}`
  const hidden = properties.some(({ id, start: at }) => id === ids.hidden && bytes[at] === 1)
  return { name: message === null ? tidy(name) : `${tidy(text(ids.name) || name)}.tnef`, contentType: message === null ? text(ids.mimeTag).toLowerCase() : 'application/ms-tnef', contentId: text(ids.contentId).replace(/[<>\s]/g, '') || null, hidden, ...place }
}

const textOf = (bytes: Buffer, { type, start, end }: MapiProperty, charset: string): string => (type === unicode ? untilNul(decodeCharset(bytes.subarray(start, end - ((end - start) & 1)), 'utf-16le')) : stringOf(bytes.subarray(start, end), charset))
function stringOf(bytes: Buffer, charset: string): string {
  const nul = bytes.indexOf(0)
  return decodeCharset(nul === -1 ? bytes : bytes.subarray(0, nul), charset)
}
const untilNul = (text: string): string => text.replace(/\0[^]*$/, '')
const tidy = (name: string): string => name.replace(/[\x00-\x1f\x7f]+/g, ' ').trim() || 'attachment'
