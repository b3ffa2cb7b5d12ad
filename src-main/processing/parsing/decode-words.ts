import { canonical, decodeCharset } from './decode-charset.ts'
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts'

type Word = { charset: string; encoding: string; text: string; end: number }

/**
 * Text of a header value given as its bytes in latin-1: encoded words decoded (RFC 2047, also where they may not stand), words of
 * one charset joined bytewise so that split characters survive, raw 8-bit bytes read as UTF-8 or `fallback`. Control characters become spaces.
 */
export function decodeWords(value: string, fallback = ''): string {
  if (!value.includes('=?')) return tidy(decodeRaw(value, fallback))
  let text = ''
  const lastEnd = value.lastIndexOf('?=')
  let at = 0
  let pending: { charset: string; encoding: string; encoded: string; bytes: Buffer[] } | null = null
  const flush = (): void => {
    if (pending === null) return
    if (pending.encoded !== '') pending.bytes.push(decodeWordText(pending.encoding, pending.encoded))
    text += decodeCharset(Buffer.concat(pending.bytes), pending.charset, fallback)
    pending = null
  }
  while (at < value.length) {
    const begin = value.indexOf('=?', at)
    const word = begin === -1 ? null : wordAt(value, begin, lastEnd)
    const gap = value.slice(at, begin === -1 ? value.length : word === null ? begin + 2 : begin)
    if (gap !== '' && !(word !== null && pending !== null && gap.trim() === '')) {
      flush()
      text += decodeRaw(gap, fallback)
    }
    if (word === null) {
      at += gap.length
      continue
    }
    const open = pending as { charset: string; encoding: string; encoded: string; bytes: Buffer[] } | null
    if (open !== null && open.charset !== word.charset) flush()
    pending ??= { charset: word.charset, encoding: word.encoding, encoded: '', bytes: [] }
    joinWord(pending, word)
    at = word.end
  }
  flush()
  return tidy(text)
}

/** Base64 that was cut between letters goes on in the next word; otherwise each word is decoded on its own. */
function joinWord(open: { encoding: string; encoded: string; bytes: Buffer[] }, word: Word): void {
  const goesOn = open.encoding === 'b' && word.encoding === 'b' && open.encoded !== '' && open.encoded.length % 4 !== 0 && !open.encoded.includes('=')
  if (goesOn) {
    open.encoded += word.text
    return
  }
  if (open.encoded !== '') open.bytes.push(decodeWordText(open.encoding, open.encoded))
  open.encoding = word.encoding
  open.encoded = word.text
}

const decodeWordText = (encoding: string, text: string): Buffer =>
  encoding === 'b' ? decodeBase64(Buffer.from(text, 'latin1')) : decodeQuotedPrintable(Buffer.from(text.replaceAll('_', '=20'), 'latin1'))

/** The encoded word that begins at `begin` and ends not after `lastEnd`; null where it is none. The RFC's length of 75 is not insisted on. */
function wordAt(value: string, begin: number, lastEnd: number): Word | null {
  const charsetEnd = value.indexOf('?', begin + 2)
  if (charsetEnd === -1 || charsetEnd - begin > 80 || charsetEnd === begin + 2 || value[charsetEnd + 2] !== '?') return null
  const encoding = (value[charsetEnd + 1] as string).toLowerCase()
  if (encoding !== 'b' && encoding !== 'q') return null
  if (charsetEnd + 3 > lastEnd) return null
  const end = value.indexOf('?=', charsetEnd + 3)
  const charset = value.slice(begin + 2, charsetEnd).replace(/\*.*$/, '')
  return { charset: canonical(charset), encoding, text: value.slice(charsetEnd + 3, end), end: end + 2 }
}

const decodeRaw = (value: string, fallback: string): string => (/[^\x00-\x7f]|\x1b/.test(value) ? decodeCharset(Buffer.from(value, 'latin1'), '', fallback) : value)

// A header value is shown in one line and kept in a database that takes no NUL.
const tidy = (text: string): string => (/[\x00-\x1f\x7f]/.test(text) ? text.replace(/[\r\n\t]/g, ' ').replace(/[\x00-\x1f\x7f]/g, '') : text)
