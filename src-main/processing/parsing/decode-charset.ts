import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { detectCharset } from './detect-charset.ts'
import { decodeIso2022Jp } from './iso-2022-jp.ts'
import { decodeSpecial, specialCharset } from './special-charsets.ts'

/** Names that mail uses and the WHATWG encoding standard does not know. */
const aliases = new Map(Object.entries({
  utf8mb4: 'utf-8', utf8mb3: 'utf-8', 'utf-8-bom': 'utf-8', utf_8: 'utf-8', 'utf-8-mac': 'utf-8', cp65001: 'utf-8', 'unicode-utf-8': 'utf-8', unicode_utf8: 'utf-8',
  cp932: 'shift_jis', 'windows-932': 'shift_jis', mskanji: 'shift_jis', ms_kanji: 'shift_jis', cswindows31j: 'shift_jis', 'ibm943': 'shift_jis', sjis: 'shift_jis', shiftjis: 'shift_jis', 'shift-jisx0213': 'shift_jis', 'sjis-win': 'shift_jis',
  'iso-2022-jp-1': 'iso-2022-jp', 'iso-2022-jp-2': 'iso-2022-jp', 'iso-2022-jp-3': 'iso-2022-jp', 'iso-2022-jp-2004': 'iso-2022-jp', cp50222: 'iso-2022-jp', 'iso-2022-jp-ms': 'iso-2022-jp', 'cp50220': 'iso-2022-jp', 'cp50221': 'iso-2022-jp', 'jis': 'iso-2022-jp',
  eucjp: 'euc-jp', 'eucjp-ms': 'euc-jp', 'eucjp-win': 'euc-jp', 'cp51932': 'euc-jp',
  cp936: 'gb18030', 'windows-936': 'gb18030', ms936: 'gb18030', euccn: 'gb18030', 'euc-cn': 'gb18030', 'gb-2312': 'gb18030', gb_2312: 'gb18030', 'gb2312-80': 'gb18030', 'cn-gb': 'gb18030', 'gb18030-2022': 'gb18030',
  cp950: 'big5', 'windows-950': 'big5', 'big-5': 'big5', 'big5-hkscs': 'big5', big5hkscs: 'big5', 'euc-tw': 'big5',
  cp949: 'euc-kr', uhc: 'euc-kr', euckr: 'euc-kr', 'ks_c_5601': 'euc-kr', ksc5601: 'euc-kr', 'ks-c-5601-1987': 'euc-kr', 'x-windows-949': 'euc-kr', johab: 'euc-kr',
  cp874: 'windows-874', 'iso-8859-11': 'windows-874', win874: 'windows-874',
  'iso-8859-8-e': 'iso-8859-8', koi8: 'koi8-r', koi8u: 'koi8-u', 'koi8-ru': 'koi8-u',
  ansi: 'windows-1252', 'ansi_x3.110-1983': 'windows-1252', latin: 'windows-1252', 'latin-1': 'windows-1252', latin_1: 'windows-1252', western: 'windows-1252', 'iso-8859-1-windows-3.1-latin-1': 'windows-1252',
  'latin-2': 'iso-8859-2', 'latin-9': 'iso-8859-15', latin9: 'iso-8859-15', macroman: 'macintosh', 'x-macroman': 'macintosh', cp10000: 'macintosh', 'mac-cyrillic': 'x-mac-cyrillic', 'mac-ukraine': 'x-mac-cyrillic', 'x-mac-ukrainian': 'x-mac-cyrillic', maccyrillic: 'x-mac-cyrillic',
  cp866: 'ibm866', 'utf16': 'utf-16', 'ucs-2': 'utf-16', ucs2: 'utf-16', 'iso-10646-ucs-2': 'utf-16', unicode: 'utf-16'
}))
const undeclared = new Set(['', 'us-ascii', 'ascii', 'ansi_x3.4-1968', 'unknown-8bit', 'x-unknown', 'unknown', '8bit', '7bit', 'binary', 'default', 'default_charset', 'x-user-defined', 'none', 'null', 'undefined', 'iso-8859', 'charset', 'string'])
const multiByte = new Set(['gbk', 'gb18030', 'big5', 'euc-kr', 'shift_jis', 'euc-jp'])
const singleByte = /^(?:windows-125\d|iso-8859-\d+|koi8-[ru]|macintosh|x-mac-cyrillic|ibm866|windows-874)$/
/** null: the platform does not know the name. */
const decoders = new Map<string, TextDecoder | null>()

/**
 * Text of the bytes, whatever they are. `declared` is the charset named for them, '' for none. A label that lies is seen through:
 * bytes that are UTF-8 are read so, bytes that are not UTF-8 are read as `fallback` or windows-1252. Never throws; no NUL, no lone surrogate.
 */
export function decodeCharset(bytes: Buffer, declared: string | null, fallback = ''): string {
  const label = canonical(declared ?? '')
  const text = decodeLabelled(bytes, label, canonical(fallback))
  return text.includes('\0') ? text.replaceAll('\0', '').toWellFormed() : text.toWellFormed()
}

/** The name under which a charset is known here: lower case, aliases resolved; '' for none or one that says nothing. */
export function canonical(name: string): string {
  const plain = name.trim().replace(/^["']+|["';,]+$/g, '').toLowerCase().replace(/^charset=/, '')
  if (undeclared.has(plain) || plain.length > 60) return ''
  const known = aliases.get(plain)
  if (known !== undefined) return known
  const special = specialCharset(plain)
  if (special !== null) return special
  if (decoderFor(plain) !== null) return (decoderFor(plain) as TextDecoder).encoding
  const variant = plain.replace(/[_\s]+/g, '-').replace(/^x-/, '').replace(/^iso-?(\d+)-?(\d*)/, (_, number: string, part: string) => `iso-${number}${part === '' ? '' : '-'}${part}`).replace(/^(?:win|cp|windows|ms-?ansi|x-cp)-?(125\d|874)$/, 'windows-$1').replace(/^utf-?(8|16|32)/, 'utf-$1')
  if (variant === plain) return ''
  return aliases.get(variant) ?? specialCharset(variant) ?? decoderFor(variant)?.encoding ?? ''
}

function decodeLabelled(bytes: Buffer, label: string, fallback: string): string {
  const marked = byMark(bytes)
  if (marked !== null) return marked
  if (label !== '' && specialCharset(label) !== null) return decodeSpecial(bytes, label)
  if (isAscii(bytes)) return decodeAscii(bytes, label)
  if (isUtf8(bytes) && (label === '' || label === 'utf-8' || singleByte.test(label))) return bytes.toString('utf8')
  if (label === '') return decodeUnlabelled(bytes, fallback)
  if (multiByte.has(label) && isCertainlyUtf8(bytes)) return bytes.toString('utf8')
  const text = decodeWith(bytes, label)
  if (!text.includes('\uFFFD')) return text
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return label === 'utf-8' ? decodeBrokenUtf8(bytes, text, fallback) : text
}

/** Text of two-byte charsets is almost never valid UTF-8 by chance: with characters of three bytes never, with many of two neither. */
function isCertainlyUtf8(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false
  let high = 0
  let long = 0
  for (let index = 0; index < Math.min(bytes.length, 4_096); index++) {
    const byte = bytes[index] as number
    if (byte >= 0x80) high++
    if (byte >= 0xe2) long++
  }
  return high >= (long > 0 ? 6 : 20)
}

/** Charsets of 7 bits betray themselves by their escape sequences (RFC 1468, 1554, 1557, 1843). */
function decodeAscii(bytes: Buffer, label: string): string {
  if (bytes.includes('\x1b$)C')) return decodeSpecial(bytes, 'iso-2022-kr')
  if (label === '' && bytes.includes('~{') && /~\{(?:[!-w][!-~])+~\}/.test(bytes.toString('latin1'))) return decodeSpecial(bytes, 'hz-gb-2312')
  if (label === 'iso-2022-jp' || (bytes.includes(27) && /\x1b(?:\$[@AB]|\(J|\$\([CDOPQ])/.test(bytes.toString('latin1')))) return decodeWith(bytes, 'iso-2022-jp')
  return bytes.toString('latin1')
}

function decodeUnlabelled(bytes: Buffer, fallback: string): string {
  if (fallback !== '' && fallback !== 'utf-8' && specialCharset(fallback) === null) return decodeWith(bytes, fallback)
  const broken = decodeWith(bytes, 'utf-8')
  return decodeBrokenUtf8(bytes, broken, detectCharset(bytes))
}

/** Mostly good UTF-8 (cut or damaged) stays UTF-8; otherwise the label lied. */
function decodeBrokenUtf8(bytes: Buffer, text: string, fallback: string): string {
  let bad = 0
  let good = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0xfffd) bad++
    else if (code > 127) good++
  }
  if (good > bad) return text
  return decodeWith(bytes, fallback === '' || fallback === 'utf-8' || specialCharset(fallback) !== null ? 'windows-1252' : fallback)
}

/** Text behind a byte order mark; null without one. */
function byMark(bytes: Buffer): string | null {
  const first = bytes[0]
  if (first === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf && isUtf8(bytes)) return bytes.toString('utf8', 3, bytes.length)
  if (first === 0xff && bytes[1] === 0xfe) return bytes[2] === 0 && bytes[3] === 0 && bytes.length % 4 === 0 ? decodeSpecial(bytes, 'utf-32') : decodeWith(bytes, 'utf-16le')
  if (first === 0xfe && bytes[1] === 0xff) return decodeWith(bytes, 'utf-16be')
  return null
}

function decodeWith(bytes: Buffer, label: string): string {
  if (label === 'iso-2022-jp' && /\x1b\$(?:A|\([CDOPQ])/.test(bytes.toString('latin1'))) return decodeIso2022Jp(bytes)
  // Two escape sequences in a row, as joined header words have them, are an error to the platform's decoder.
  if (label === 'iso-2022-jp' && bytes.includes('\x1b(B\x1b')) return decodeWith(Buffer.from(bytes.toString('latin1').replace(/\x1b\([BJ](?=\x1b)/g, ''), 'latin1'), label)
  return (decoderFor(label) ?? (decoderFor('windows-1252') as TextDecoder)).decode(bytes)
}

function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label)
  if (known !== undefined) return known
  if (!/^[a-z0-9][a-z0-9._:+()-]*$/.test(label)) return null
  try {
    const decoder = new TextDecoder(label)
    if (decoders.size < 200) decoders.set(label, decoder)
    return decoder
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    if (decoders.size < 200) decoders.set(label, null)
    return null
  }
}
