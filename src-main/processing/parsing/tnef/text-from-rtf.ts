import { decodeCharset } from '../decode-charset.ts'
import { textFromHtml } from '../text-from-html.ts'
import { charsetOfPage } from './charset-of-page.ts'

/** Longest RTF that is read, in bytes. */
const longest = 5_000_000
const words: Record<string, string> = { par: '\n', line: '\n', sect: '\n', page: '\n', row: '\n', tab: '\t', cell: '\t', emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•', emspace: ' ', enspace: ' ' }
/** Groups that hold no text of the document. */
const skipped = new Set(['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'header', 'footer', 'headerl', 'headerr', 'footerl', 'footerr', 'footnote', 'fldinst', 'themedata', 'datastore', 'listtable', 'listoverridetable', 'rsidtbl', 'generator', 'pntext', 'mhtmltag'])
const token = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\/g

type Group = { skip: boolean; tag: boolean; hideRtf: boolean; unicodeSkip: number }

/**
 * Text of an RTF document. Where it holds an HTML page in RTF (`\fromhtml1`, MS-OXRTFEX 2.1.3) the page is given too, and the text is
 * that of the page; `html` is null otherwise.
 */
export function textFromRtf(rtf: Buffer): { text: string; html: string | null } {
  const source = rtf.toString('latin1', 0, Math.min(rtf.length, longest))
  const isHtml = /\\fromhtml1/.test(source.slice(0, 2_000))
  const written = read(source, isHtml)
  if (!isHtml) return { text: written.replace(/[ \t]+\n/g, '\n').trim(), html: null }
  return { text: textFromHtml(written), html: written }
}

function read(source: string, isHtml: boolean): string {
  const out: string[] = []
  const groups: Group[] = []
  let group: Group = { skip: false, tag: false, hideRtf: false, unicodeSkip: 1 }
  let charset = 'windows-1252'
  let bytes: number[] = []
  let toSkip = 0
  let fresh = false
  const flush = (): void => {
    if (bytes.length > 0) out.push(decodeCharset(Buffer.from(bytes), charset))
    bytes = []
  }
  const put = (text: string): void => {
    if (group.skip || (group.hideRtf && !group.tag)) return
    flush()
    out.push(text)
  }
  for (const [, word, number, hex, symbol, brace, plain] of source.matchAll(token)) {
    if (brace === '{') {
      if (groups.length < 10_000) groups.push(group)
      group = { ...group }
      fresh = true
      continue
    }
    if (brace === '}') group = groups.pop() ?? group
    else if (hex !== undefined) {
      if (toSkip > 0) toSkip--
      else if (!group.skip && (!group.hideRtf || group.tag)) bytes.push(Number.parseInt(hex, 16))
    } else if (plain !== undefined) {
      const kept = plain.slice(Math.min(toSkip, plain.length))
      toSkip = Math.max(0, toSkip - plain.length)
      if (kept !== '') put(decodeCharset(Buffer.from(kept, 'latin1'), charset))
    } else if (symbol !== undefined) {
      if (symbol === '*' && fresh) {
        group.skip = true
        continue
      }
      if (symbol === '~') put('\u00a0')
      else if (symbol === '_') put('-')
      else if (symbol === '\n' || symbol === '\r') put('\n')
      else if (symbol === '\\' || symbol === '{' || symbol === '}') put(symbol)
    } else if (word !== undefined) {
      if (word === 'u' && number !== undefined) {
        put(String.fromCharCode(Number(number) & 0xffff))
        toSkip = group.unicodeSkip
      } else if (word === 'uc') group.unicodeSkip = Math.min(Number(number ?? 1), 10)
      else if (word === 'ansicpg') charset = charsetOfPage(Number(number ?? 1252)) || 'windows-1252'
      else if (word === 'htmltag' && isHtml) Object.assign(group, { skip: false, tag: true })
      else if (word === 'htmlrtf') group.hideRtf = number !== '0'
      else if (skipped.has(word)) group.skip = true
      else if (Object.hasOwn(words, word) && !(isHtml && word === 'tab' && !group.tag && group.hideRtf)) put(words[word] as string)
    }
    fresh = false
  }
  flush()
  return out.join('').toWellFormed()
}
