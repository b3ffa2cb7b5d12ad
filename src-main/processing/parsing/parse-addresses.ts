import type { Address } from '#contract/message.ts'
import { decodeWords } from './decode-words.ts'

/** What was read of one address before its comma: `plain` for the name (quotes off), `source` as written, `angle` between < and >. */
type Reading = { plain: string; source: string; comments: string[]; angle: string | null }
const nothing = (): Reading => ({ plain: '', source: '', comments: [], angle: null })

/**
 * Addresses of a header value given as its bytes in latin-1 (RFC 5322 3.4, obsolete forms of 4.4 too). Groups are dissolved,
 * comments serve as a name where there is no other, `;` separates as in Outlook. What holds no address is left out.
 */
export function parseAddresses(value: string, fallback = ''): Address[] {
  const addresses = readList(value, fallback)
  if (addresses.length > 0 || !value.includes('=?')) return addresses
  // Some mailers encode the whole list as one word.
  return readList(Buffer.from(decodeWords(value, fallback), 'utf8').toString('latin1'), fallback)
}

function readList(value: string, fallback: string): Address[] {
  const found: Address[] = []
  let reading = nothing()
  let quotesEnd = true
  const finish = (): void => {
    const address = toAddress(reading, fallback)
    if (address !== null) found.push(address)
    reading = nothing()
  }
  let at = 0
  while (at < value.length) {
    const letter = value[at] as string
    if (letter === '(') {
      const comment = readComment(value, at + 1)
      reading.comments.push(comment.text)
      reading.plain += ' '
      reading.source += ' '
      at = comment.end
    } else if (letter === '"' && quotesEnd) {
      const quoted = readQuoted(value, at + 1)
      quotesEnd = quoted !== null
      if (quoted !== null) {
        reading.plain += quoted.text
        reading.source += value.slice(at, quoted.end)
      }
      at = quoted?.end ?? at + 1
    } else if (letter === '<') {
      const angle = readAngle(value, at + 1)
      reading.angle = reading.angle === null || reading.angle.trim() === '' ? angle.text : reading.angle
      at = angle.end
    } else if (letter === ',' || letter === ';') {
      finish()
      at++
    } else if (letter === '>') {
      at++
    } else if (letter === ':' && reading.angle === null && !reading.source.includes('@') && !reading.source.includes('[')) {
      reading = nothing()
      at++
    } else {
      const end = plainEnd(value, at)
      const piece = value.slice(at, end)
      reading.plain += piece
      reading.source += piece
      at = end
    }
  }
  finish()
  return found
}

const encodedWord = /=\?[^?\s]{1,80}\?[bBqQ]\?[^?\s]*\?=/y
const special = /[(),:;<>"]|=\?/g

/** End of a run without special characters; an encoded word is one run, whatever stands in it. */
function plainEnd(value: string, at: number): number {
  encodedWord.lastIndex = at
  if (value.startsWith('=?', at) && encodedWord.test(value)) return encodedWord.lastIndex
  special.lastIndex = at + 1
  return special.exec(value)?.index ?? value.length
}

function readComment(value: string, from: number): { text: string; end: number } {
  let depth = 1
  let at = from
  let text = ''
  for (; at < value.length; at++) {
    const letter = value[at] as string
    if (letter === '\\' && at + 1 < value.length) text += value[++at]
    else if (letter === ')' && --depth === 0) return { text, end: at + 1 }
    else {
      if (letter === '(') depth++
      text += letter
    }
  }
  return { text, end: value.length }
}

function readQuoted(value: string, from: number): { text: string; end: number } | null {
  let text = ''
  for (let at = from; at < value.length; at++) {
    const letter = value[at] as string
    if (letter === '"') return { text, end: at + 1 }
    if (letter === '\\' && at + 1 < value.length) text += value[++at]
    else text += letter
  }
  return null
}

/** Up to `>`; a missing one ends at the separator. A route (`<@a,@b:c@d>`, RFC 5322 4.4) may hold commas. */
function readAngle(value: string, from: number): { text: string; end: number } {
  let inRoute = /^\s*@/.test(value.slice(from, from + 20))
  let quoted = false
  for (let at = from; at < value.length; at++) {
    const letter = value[at] as string
    if (letter === '"') quoted = !quoted
    else if (letter === '\\' && quoted) at++
    else if (letter === '>' && !quoted) return { text: value.slice(from, at), end: at + 1 }
    else if (letter === ':') inRoute = false
    else if ((letter === ',' || letter === ';') && !quoted && !inRoute) return { text: value.slice(from, at), end: at }
    else if (letter === '<' && !quoted) return { text: value.slice(from, at), end: at }
  }
  return { text: value.slice(from), end: value.length }
}

function toAddress(reading: Reading, fallback: string): Address | null {
  const plain = reading.plain.trim()
  if (reading.angle !== null) {
    const address = cleanAddress(reading.angle, fallback)
    if (address !== '') return { name: nameOf(plain, reading.comments, fallback), address }
  }
  const source = reading.source.trim()
  if (source === '' && reading.angle === null) return fromComment(reading.comments, fallback)
  if (!source.includes('@')) return reading.angle === null && /^[^\s=?]+$/.test(source) ? { name: nameOf('', reading.comments, fallback), address: source } : null
  return fromBare(source, reading.comments, fallback)
}

/** `ann@example.com (Ann)`, `Ann ann@example.com`, `"ann b"@example.com`: the word that has the @. */
function fromBare(source: string, comments: string[], fallback: string): Address | null {
  const words = source.replace(/\s*@\s*/g, '@').match(/(?:"(?:[^"\\]|\\.)*"|[^\s"])+|"/g) ?? []
  const index = words.findIndex((word) => word.includes('@'))
  const word = words[index]
  if (word === undefined) return null
  const inner = /^"([^"\s]+@[^"\s]+)"$/.exec(word)
  const address = cleanAddress(inner?.[1] ?? word, fallback)
  const others = words.filter((_, position) => position !== index).join(' ').replaceAll('"', '')
  return address === '' || address === '@' ? null : { name: nameOf(others, comments, fallback), address }
}

function fromComment(comments: string[], fallback: string): Address | null {
  const inside = comments.find((comment) => /^\S+@\S+$/.test(comment))
  const address = inside === undefined ? '' : cleanAddress(inside, fallback)
  return address === '' ? null : { name: '', address }
}

function nameOf(plain: string, comments: string[], fallback: string): string {
  const name = plain === '' ? comments.join(' ').trim() : plain
  return decodeWords(name, fallback).replace(/\s+/g, ' ').trim()
}

/** Local part as written, domain in lower case; route, `mailto:`, comments and white space taken out. */
function cleanAddress(written: string, fallback: string): string {
  let text = /=\?|[^\x00-\x7f]/.test(written) ? decodeWords(written, fallback) : written
  text = text.trim().replace(/^mailto:/i, '')
  if (text.startsWith('@') && text.includes(':')) text = text.slice(text.indexOf(':') + 1)
  const split = text.lastIndexOf('@')
  const local = split === -1 ? text : text.slice(0, split)
  const tidyLocal = (local.trim().startsWith('"') ? local.trim() : withoutComments(local).replace(/\s+/g, '')).replace(/[\x00-\x1f\x7f]/g, '')
  if (split === -1) return tidyLocal
  const domain = withoutComments(text.slice(split + 1)).replace(/[\s\x00-\x1f\x7f]+/g, '').replace(/\.$/, '').toLowerCase()
  return tidyLocal === '' || domain === '' ? '' : `${tidyLocal}@${domain}`
}

function withoutComments(text: string): string {
  if (!text.includes('(')) return text
  let depth = 0
  let kept = ''
  for (const letter of text) {
    if (letter === '(') depth++
    else if (letter === ')' && depth > 0) depth--
    else if (depth === 0) kept += letter
  }
  return kept
}
