import type { Address } from '#contract/message.ts'
import { addressWords, appleMarkers, blockLabels, forwardPrefixes, forwardTitles, fromLabels, originalTitles } from './forward-words.ts'
import { decodeWords } from './decode-words.ts'
import { parseAddresses } from './parse-addresses.ts'
import { fieldValue, readHeader } from './read-header.ts'
import { decodeBody } from './transfer-encoding.ts'
import type { Leaf } from './walk-parts.ts'

/** How far into a text a header block of a forwarded message is looked for, in characters. */
const longest = 60_000
const longestHeader = 262_144
const ruler = /^[ \t]*[-_*=]{2,}[ \t]*(\S.{2,58}?)[ \t]*[-_*=]{2,}[ \t]*$/
const outlookLine = /^[ \t]*_{20,}[ \t]*$/

/**
 * Who wrote a message that somebody hands on: the sender of the attached message (RFC 2046 5.2.1) where the mail is a forward by its
 * subject, by having the same subject or by having no text of its own; otherwise the sender named in the text. null: neither.
 */
export function forwardedFrom(bytes: Buffer, leaves: readonly Leaf[], subject: string, text: string): Address | null {
  const attached = leaves.filter(({ header, parent }) => (header.type === 'message/rfc822' || header.type === 'message/global') && parent !== 'multipart/report' && parent !== 'multipart/digest')
  const [leaf] = attached
  if (leaf !== undefined && attached.length === 1 && leaf.end > leaf.start) {
    const original = decodeBody(bytes, { ...leaf, encoding: leaf.header.encoding, end: Math.min(leaf.end, leaf.start + longestHeader) })
    const { fields } = readHeader(original, 0, original.length)
    const same = decodeWords(fieldValue(fields, 'subject') ?? '').trim()
    if (isForward(subject) || text.trim() === '' || (same !== '' && same === subject)) return parseAddresses(fieldValue(fields, 'from') ?? '')[0] ?? null
  }
  return forwardedInText(text, subject)
}

/** Does the subject say that somebody forwarded the message? `Re: Fwd: x` answers one. */
export function isForward(subject: string): boolean {
  const prefix = /^\s*\[?\s*([\p{L}\p{M}.]{1,12})\s*[:：]/u.exec(subject)?.[1]
  return prefix !== undefined && forwardPrefixes.has(prefix.toLowerCase().replace(/\.$/, ''))
}

/**
 * Who wrote the message that this text hands on, by the header block of Gmail, Outlook, Apple Mail, Thunderbird or Yahoo in any of
 * their languages; null: no such block, or only a quoted answer. The block of a reply looks the same in Outlook, so there the subject decides.
 */
export function forwardedInText(text: string, subject: string): Address | null {
  const beginning = text.length > longest ? text.slice(0, longest) : text
  const forward = isForward(subject)
  // Without the word in the subject only a mark between dashes counts.
  if (!forward && !beginning.includes('--')) return null
  candidate.lastIndex = 0
  for (let found = candidate.exec(beginning); found !== null; found = candidate.exec(beginning)) {
    const lines = linesFrom(beginning, found.index)
    const kind = markOf(lines[0] as string, forward)
    const from = kind === null ? undefined : fromBelow(lines, kind === 'block' ? 0 : 1)
    // The first block is the outermost: what lies deeper is not about this message.
    if (from !== undefined) return kind === 'forward' || forward ? from : null
    candidate.lastIndex = found.index + Math.max(1, (lines[0] as string).length)
  }
  return null
}

const alternatives = [...fromLabels, ...appleMarkers].sort((one, other) => other.length - one.length).join('|')
/** Where a line begins that may be the mark or the first line of a block: most texts have none. */
const candidate = new RegExp(`^(?:> ?)?[ \\t]*(?:[-_*=]{2}|\\*?(?:${alternatives})[ \\t\u00a0*]{0,4}[:：])`, 'gimu')

/** The line that begins there and the lines below it that a block can take. */
function linesFrom(text: string, start: number): string[] {
  const lines: string[] = []
  let at = start
  while (lines.length < 16 && at <= text.length) {
    const feed = text.indexOf('\n', at)
    const end = feed === -1 ? text.length : feed
    lines.push(text.slice(at, Math.min(end, at + 1_000)))
    at = end + 1
  }
  return lines
}

function markOf(line: string, forward: boolean): 'forward' | 'original' | 'block' | null {
  if (line.length > 200) return null
  const title = ruler.exec(line)?.[1]?.trim().toLowerCase()
  if (title !== undefined && forwardTitles.has(title)) return 'forward'
  if (title !== undefined && originalTitles.has(title)) return 'original'
  if (outlookLine.test(line)) return 'original'
  // Apple Mail puts even the mark into the quote; in a reply it would be somebody else's.
  const apple = (forward ? line.replace(/^> ?/, '') : line).trim().toLowerCase().replace(/\s*[:：]$/, '')
  if (line.trimEnd().endsWith(':') || line.trimEnd().endsWith('：')) if (appleMarkers.has(apple)) return 'forward'
  return labelled(line)?.from === true ? 'block' : null
}

/** A line of a header block: `From: x`, `*Von:* x`, `De : x`, `> From: x`. */
function labelled(line: string): { label: string; from: boolean; value: string } | null {
  const found = /^(?:> ?)?[ \t]*\*{0,2}([\p{L}\p{M}][\p{L}\p{M} .'-]{0,24}?)[ \t\u00a0]*\*{0,2}[ \t\u00a0]*[:：]\*{0,2}[ \t\u00a0]*(.*)$/u.exec(line.slice(0, 1_000))
  if (found === null) return null
  const label = (found[1] as string).toLowerCase()
  const from = fromLabels.has(label)
  return from || blockLabels.has(label) ? { label, from, value: (found[2] ?? '').trim() } : null
}

/** The address behind the From of the block that begins within a few lines; undefined where there is no block, null where it has no address. */
function fromBelow(lines: readonly string[], start: number): Address | null | undefined {
  let from: string | null = null
  const labels = new Set<string>()
  for (const [index, line] of lines.slice(start, start + 14).entries()) {
    const found = labelled(line)
    if (found === null) {
      const text = line.replace(/^> ?/, '').trim()
      if (text !== '' && from !== null && labels.size === 1 && /^[<[(]?[^\s@]+@[^\s@]+[>\])]?$/.test(text)) from += ` ${text}`
      else if (text === '' ? labels.size > 1 : labels.size === 0 && index > 2) break
      continue
    }
    labels.add(found.label)
    if (found.from && from === null) from = found.value
  }
  if (from === null || labels.size < 2) return undefined
  return addressIn(from)
}

/** `Ann <a@b>`, `Ann [mailto:a@b]`, `Ann (a@b)`, `Ann <a@b <mailto:a@b>>`, `Ann <a@b> on behalf of …`. */
function addressIn(value: string): Address | null {
  const plain = value.replace(/<mailto:[^>]*>/gi, (whole) => (/@[^<]*$/.test(value.slice(0, value.indexOf(whole))) ? '' : whole)).replace(/[[(](?:mailto:)?([^\s\])@]+@[^\s\])]+)[\])]/gi, '<$1>').replace(addressWords, '')
  const [found] = parseAddresses(Buffer.from(plain.replace(/\*/g, ''), 'utf8').toString('latin1'))
  if (found === undefined || !/^[^@\s]+@[^@\s]+$/.test(found.address)) return null
  return { name: found.name.replace(/^['"]|['"]$/g, '').trim(), address: found.address }
}
