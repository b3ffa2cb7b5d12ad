import { TextDecoder } from 'node:util'
import { singleByteTables } from './single-byte-tables.ts'

/** Charsets of mail that the platform's decoder leaves out. */
const special: Record<string, string> = {
  'utf-7': 'utf-7', utf7: 'utf-7', 'unicode-1-1-utf-7': 'utf-7', 'x-unicode-2-0-utf-7': 'utf-7', 'unicode-2-0-utf-7': 'utf-7',
  'utf-16': 'utf-16', 'utf-32': 'utf-32', 'utf-32le': 'utf-32', 'utf-32be': 'utf-32', 'ucs-4': 'utf-32', 'iso-10646-ucs-4': 'utf-32',
  'iso-2022-kr': 'iso-2022-kr', csiso2022kr: 'iso-2022-kr', 'iso-2022-cn': 'iso-2022-cn', 'iso-2022-cn-ext': 'iso-2022-cn', 'hz-gb-2312': 'hz-gb-2312', hz: 'hz-gb-2312',
  cp737: 'cp737', ibm737: 'cp737', cp775: 'cp775', ibm775: 'cp775', cp852: 'cp852', ibm852: 'cp852', pc852: 'cp852', cp855: 'cp855', ibm855: 'cp855', cp857: 'cp857', ibm857: 'cp857', cp862: 'cp862', ibm862: 'cp862', cp1125: 'cp1125', ibm1125: 'cp1125', ruscii: 'cp1125',
  'x-mac-ce': 'x-mac-ce', 'mac-ce': 'x-mac-ce', 'x-mac-centraleurroman': 'x-mac-ce', maccentraleurope: 'x-mac-ce', 'x-mac-greek': 'x-mac-greek', macgreek: 'x-mac-greek', 'x-mac-turkish': 'x-mac-turkish', macturkish: 'x-mac-turkish',
  'x-mac-icelandic': 'x-mac-icelandic', maciceland: 'x-mac-icelandic', 'x-mac-croatian': 'x-mac-croatian', maccroatian: 'x-mac-croatian', 'x-mac-romanian': 'x-mac-romanian', macromania: 'x-mac-romanian',
  cp437: 'cp437', ibm437: 'cp437', cp850: 'cp850', ibm850: 'cp850', cp858: 'cp850'
}
const tables: Record<string, string> = {
  ...singleByteTables,
  cp437: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
}

/** The name of a charset that `decodeSpecial` knows; null for every other. */
export const specialCharset = (name: string): string | null => (Object.hasOwn(special, name) ? (special[name] as string) : null)

/** Decodes a charset named by `specialCharset`. Never throws. */
export function decodeSpecial(bytes: Buffer, name: string): string {
  if (name === 'utf-7') return decodeUtf7(bytes.toString('latin1'))
  if (name === 'utf-16') return new TextDecoder(looksBigEndian(bytes) ? 'utf-16be' : 'utf-16le').decode(bytes)
  if (name === 'utf-32') return decodeUtf32(bytes)
  if (name === 'hz-gb-2312') return new TextDecoder('gbk').decode(fromHz(bytes))
  if (name === 'iso-2022-kr') return new TextDecoder('euc-kr').decode(fromShifted(bytes))
  if (name === 'iso-2022-cn') return new TextDecoder('gbk').decode(fromShifted(bytes))
  const table = tables[name] ?? ''
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (letter) => table[letter.charCodeAt(0) - 128] ?? '\uFFFD')
}

/** RFC 2152: `+` begins base64 of UTF-16BE, `-` ends it, `+-` is a plus. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, encoded: string) => {
    if (encoded === '') return '+'
    const bytes = Buffer.from(encoded, 'base64')
    return bytes.subarray(0, bytes.length & ~1).swap16().toString('utf16le')
  })
}

/** Without a mark the zero bytes tell: ASCII has them first in big-endian text. RFC 2781 4.3 takes big-endian otherwise. */
function looksBigEndian(bytes: Buffer): boolean {
  let first = 0
  let second = 0
  for (let index = 0; index + 1 < Math.min(bytes.length, 400); index += 2) {
    if (bytes[index] === 0) first++
    if (bytes[index + 1] === 0) second++
  }
  return first >= second
}

function decodeUtf32(bytes: Buffer): string {
  const bigEndian = bytes[0] === 0 && bytes[1] === 0
  const parts: string[] = []
  for (let index = 0; index + 3 < bytes.length; index += 4) {
    const code = bigEndian ? bytes.readUInt32BE(index) : bytes.readUInt32LE(index)
    if (code !== 0xfeff) parts.push(code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code))
  }
  return parts.join('')
}

/** RFC 1843: `~{` shifts to two-byte GB 2312, `~}` back, `~~` is a tilde, `~` before a line end joins the lines. */
function fromHz(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let shifted = false
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    if (byte === 126) {
      const next = bytes[++index]
      if (next === 123) shifted = true
      else if (next === 125) shifted = false
      else if (next === 126) out[length++] = 126
      continue
    }
    if (byte === 10) shifted = false
    out[length++] = shifted && byte > 32 ? byte | 128 : byte
  }
  return out.subarray(0, length)
}

/** RFC 1557 and 1922: SO and SI switch to and from two bytes; escape sequences only announce the set. */
function fromShifted(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let shifted = false
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    if (byte === 27 && bytes[index + 1] === 36) index += 3
    else if (byte === 14) shifted = true
    else if (byte === 15) shifted = false
    else out[length++] = shifted && byte > 32 ? byte | 128 : byte
  }
  return out.subarray(0, length)
}
