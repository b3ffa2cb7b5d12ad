import type { PartPlace } from './parsed-message.ts'
import { decodeUuencoded } from './uuencode.ts'

const base64Value = new Int8Array(256).fill(-1)
for (const [index, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) base64Value[letter.charCodeAt(0)] = index
const hexValue = new Int8Array(256).fill(-1)
for (let digit = 0; digit < 16; digit++) {
  const letter = digit.toString(16)
  hexValue[letter.charCodeAt(0)] = digit
  hexValue[letter.toUpperCase().charCodeAt(0)] = digit
}
const exactCountBelow = 16_384

/** A stretch of bytes as it is encoded there. */
export type Encoded = Pick<PartPlace, 'start' | 'end' | 'encoding'>

/** Which way of RFC 2045 6, or uuencode by any of its names, a Content-Transfer-Encoding names; unknown ones are taken as they are. */
export function transferEncoding(value: string | null): PartPlace['encoding'] {
  const name = (value ?? '').toLowerCase()
  if (name.includes('base64')) return 'base64'
  if (name.includes('quoted')) return 'quoted-printable'
  return /uuencode|x-uue?\b/.test(name) ? 'uuencode' : 'identity'
}

/** Decodes the body that lies at `place`. Junk between the characters of base64 and broken quoted-printable are tolerated. */
export function decodeBody(raw: Buffer, place: Encoded): Buffer {
  const bytes = raw.subarray(place.start, place.end)
  if (place.encoding === 'base64') return decodeBase64(bytes)
  if (place.encoding === 'uuencode') return decodeUuencoded(bytes)
  return place.encoding === 'quoted-printable' ? decodeQuotedPrintable(bytes) : bytes
}

/** How many bytes `decodeBody` would give, without decoding a regular base64 body. */
export function decodedSize(raw: Buffer, place: Encoded): number {
  if (place.encoding === 'identity') return place.end - place.start
  const bytes = raw.subarray(place.start, place.end)
  if (place.encoding === 'uuencode') return decodeUuencoded(bytes).length
  if (place.encoding === 'quoted-printable') return bytes.includes(61) ? decodeQuotedPrintable(bytes).length : bytes.length
  return regularBase64Size(bytes) ?? countedBase64Size(bytes)
}

/** Decodes base64; several padded pieces in a row are joined, characters outside the alphabet are passed over. */
export function decodeBase64(bytes: Buffer): Buffer {
  const padding = bytes.indexOf(61)
  const plain = (padding === -1 || !hasLetter(bytes, padding)) && !bytes.includes(45) && !bytes.includes(95)
  if (plain) return Buffer.from(bytes.toString('latin1'), 'base64')
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 3) / 4) + 3)
  let length = 0
  let held = 0
  let bits = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    const value = base64Value[byte] as number
    if (value >= 0) {
      held = ((held << 6) | value) & 0xffffff
      bits += 6
      if (bits >= 8) out[length++] = (held >> (bits -= 8)) & 255
    } else if (byte === 61) bits = 0
  }
  return out.subarray(0, length)
}

/** Decodes quoted-printable (RFC 2045 6.7): soft line breaks joined, white space before a line end dropped, a stray `=` kept. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let solid = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    if (byte === 61) {
      const high = hexValue[bytes[index + 1] ?? 0] as number
      const low = hexValue[bytes[index + 2] ?? 0] as number
      if (high >= 0 && low >= 0) {
        out[length++] = high * 16 + low
        solid = length
        index += 2
        continue
      }
      const after = softBreakEnd(bytes, index + 1)
      if (after !== -1) {
        index = after
        solid = length
        continue
      }
    } else if (byte === 10 || byte === 13) {
      while (length > solid && (out[length - 1] === 32 || out[length - 1] === 9)) length--
      solid = length + 1
    }
    out[length++] = byte
  }
  return out.subarray(0, length)
}

/** Offset of the last byte of a soft line break after `=`; -1 where it is none. A break may have spaces before the line end. */
function softBreakEnd(bytes: Buffer, from: number): number {
  let at = from
  while (at < from + 80 && (bytes[at] === 32 || bytes[at] === 9)) at++
  if (at >= bytes.length) return bytes.length
  if (bytes[at] === 13) return bytes[at + 1] === 10 ? at + 1 : at
  return bytes[at] === 10 ? at : -1
}

function hasLetter(bytes: Buffer, from: number): boolean {
  for (let index = from; index < bytes.length; index++) if ((base64Value[bytes[index] as number] as number) >= 0) return true
  return false
}

/** Size of a large body whose lines all have the same length, from its line ends alone; null where it is not that regular. */
function regularBase64Size(bytes: Buffer): number | null {
  if (bytes.length < exactCountBelow) return null
  const feed = bytes.indexOf(10)
  const line = feed > 0 && bytes[feed - 1] === 13 ? feed - 1 : feed
  if (line < 4 || line % 4 !== 0 || line > 1000) return null
  const stride = feed + 1
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] as number) <= 32) end--
  const lines = Math.floor(end / stride)
  for (let index = 0; index < lines; index++) {
    const at = index * stride
    if (bytes[at + feed] !== 10 || !isLetter(bytes[at]) || !isLetter(bytes[at + (line >> 1)]) || !isLetter(bytes[at + line - 1])) return null
  }
  const rest = countedBase64Size(bytes.subarray(lines * stride, end))
  return (lines * line * 3) / 4 + rest
}

const isLetter = (byte: number | undefined): boolean => (base64Value[byte ?? 0] as number) >= 0

function countedBase64Size(bytes: Buffer): number {
  let size = 0
  let letters = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    if ((base64Value[byte] as number) >= 0) letters++
    else if (byte === 61) {
      size += Math.floor((letters * 3) / 4)
      letters = 0
    }
  }
  return size + Math.floor((letters * 3) / 4)
}
