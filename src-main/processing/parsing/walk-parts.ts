import { partHeader, type PartHeader } from './part-header.ts'
import { readHeader } from './read-header.ts'

/** Limits of what is taken apart; beyond them parts are only counted. */
export const partLimits = { depth: 100, parts: 10_000 }

/** A part that is no multipart. Its body is bytes [start, end); `alternative` tells parts of one multipart/alternative from others. */
export type Leaf = { header: PartHeader; start: number; end: number; alternative: number | null; parent: string | null }
export type Walked = { leaves: Leaf[]; depth: number; parts: number }

type Frame = { boundary: string; type: string; header: PartHeader; start: number; alternative: number | null; closed: boolean; used: boolean }
type Delimiter = { start: number; next: number; frame: number; closing: boolean }

const dashes = Buffer.from('--')
const longestDelimiter = 260
/** After so many nobody wants to know how many more there are. */
const mostCounted = 100_000
const deepestCounted = 5_000

/**
 * Finds all leaves of the body at [start, end) in one pass, however deep it is nested (RFC 2046 5.1). Tolerates boundaries that never
 * come, are missing, are used twice or are not closed.
 */
export function walkParts(raw: Buffer, start: number, end: number, root: PartHeader): Walked {
  const walked: Walked = { leaves: [], depth: 0, parts: 0 }
  const frames: Frame[] = []
  const byBoundary = new Map<string, number[]>()
  let open: { header: PartHeader; start: number } | null = null
  let alternatives = 0
  let guesses = 0

  const addLeaf = (header: PartHeader, from: number, to: number, alternative: number | null, parent: string | null): void => {
    walked.parts++
    // What lies too deep is only counted; the first text is kept all the same, for people to see what the mail was about.
    const first = walked.leaves.length === 0 && header.type === 'text/plain'
    if ((frames.length <= partLimits.depth || first) && walked.leaves.length < partLimits.parts) walked.leaves.push({ header, start: from, end: Math.max(from, to), alternative, parent })
  }
  const push = (header: PartHeader, boundary: string, from: number): void => {
    const outer = frames.at(-1)?.alternative ?? null
    const alternative = outer ?? (header.type === 'multipart/alternative' ? ++alternatives : null)
    const places = byBoundary.get(boundary)
    if (places === undefined) byBoundary.set(boundary, [frames.length])
    else places.push(frames.length)
    frames.push({ boundary, type: header.type, header, start: from, alternative, closed: false, used: false })
    walked.depth = Math.max(walked.depth, frames.length)
  }
  const enter = (header: PartHeader, from: number): void => {
    if (!header.type.startsWith('multipart/')) {
      open = { header, start: from }
      return
    }
    const boundary = (header.parameters.get('boundary') ?? '').trimEnd() || (guesses++ < 50 ? guessBoundary(raw, from, end) : null)
    if (boundary === null || boundary === '') open = { header: asText(header), start: from }
    else push(header, boundary, from)
  }
  const closeLeaf = (to: number): void => {
    const frame = frames.at(-1)
    if (open !== null) addLeaf(open.header, open.start, to, frame?.alternative ?? null, frame?.type ?? null)
    open = null
  }
  /** Takes away the frames above `keep`; one whose boundary never came is text. */
  const unwind = (keep: number, to: number): void => {
    closeLeaf(to)
    while (frames.length > keep) {
      const frame = frames.pop() as Frame
      byBoundary.get(frame.boundary)?.pop()
      if (!frame.used) reread(frame, to)
    }
  }
  const reread = (frame: Frame, to: number): void => {
    const boundary = guesses++ < 50 ? guessBoundary(raw, frame.start, to) : null
    const parent = frames.at(-1)
    if (boundary === null || boundary === frame.boundary) return addLeaf(asText(frame.header), frame.start, to, parent?.alternative ?? null, parent?.type ?? null)
    const inner = walkParts(raw, frame.start, to, { ...frame.header, parameters: new Map([['boundary', boundary]]) })
    walked.parts += inner.parts
    walked.depth = Math.max(walked.depth, frames.length + inner.depth)
    for (const leaf of inner.leaves) if (walked.leaves.length < partLimits.parts) walked.leaves.push({ ...leaf, alternative: leaf.alternative === null ? null : leaf.alternative + 1_000_000 * guesses })
  }

  enter(root, start)
  let at = start
  while (frames.length > 0 && walked.parts < mostCounted && frames.length < deepestCounted) {
    const found = nextDelimiter(raw, at, start, end, byBoundary, frames)
    if (found === null) break
    unwind(found.frame + 1, contentEnd(raw, found.start, start))
    const frame = frames[found.frame] as Frame
    frame.used = true
    frame.closed = found.closing
    at = found.next
    if (!found.closing) {
      const header = readHeader(raw, found.next, end)
      enter(partHeader(header.fields, frame.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'), header.bodyStart)
      at = header.bodyStart
    }
  }
  unwind(0, end)
  return walked
}

const asText = (header: PartHeader): PartHeader => ({ ...header, type: 'text/plain' })

/** The next line that is a delimiter of an open multipart, looking from the line at `from` on. */
function nextDelimiter(raw: Buffer, from: number, start: number, end: number, byBoundary: Map<string, number[]>, frames: readonly Frame[]): Delimiter | null {
  let at = from
  while (at < end) {
    const found = raw.indexOf(dashes, at)
    if (found === -1 || found >= end) return null
    const feed = raw.indexOf(10, found)
    const lineEnd = feed === -1 || feed > end ? end : feed
    const next = Math.min(lineEnd + 1, end)
    // Only the first dashes of a line can begin it.
    if (found === start || raw[found - 1] === 10) {
      const line = lineEnd - found > longestDelimiter ? '' : raw.toString('latin1', found + 2, lineEnd).trimEnd()
      const delimiter = line === '' ? null : matching(line, byBoundary, frames)
      if (delimiter !== null) return { ...delimiter, start: found, next }
    }
    at = next
  }
  return null
}

function matching(line: string, byBoundary: Map<string, number[]>, frames: readonly Frame[]): { frame: number; closing: boolean } | null {
  const exact = innermost(byBoundary.get(line), frames)
  if (exact !== null) return { frame: exact, closing: false }
  if (!line.endsWith('--')) return null
  const closing = innermost(byBoundary.get(line.slice(0, -2).trimEnd()), frames)
  return closing === null ? null : { frame: closing, closing: true }
}

/** Where a boundary is used on several levels, the innermost level that is not closed yet is meant. */
function innermost(places: readonly number[] | undefined, frames: readonly Frame[]): number | null {
  if (places === undefined || places.length === 0) return null
  for (let index = places.length - 1; index >= Math.max(0, places.length - 8); index--) {
    const place = places[index] as number
    if (frames[place]?.closed === false) return place
  }
  return places.at(-1) ?? null
}

function contentEnd(raw: Buffer, delimiter: number, start: number): number {
  let end = delimiter
  if (end > start && raw[end - 1] === 10) end--
  if (end > start && raw[end - 1] === 13) end--
  return end
}

/** A boundary that was not declared: a line of dashes near the beginning with a Content- field below it. */
function guessBoundary(raw: Buffer, start: number, end: number): string | null {
  const beginning = raw.toString('latin1', start, Math.min(end, start + 8192))
  return /(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r?\ncontent-[a-z-]+[ \t]*:/i.exec(beginning)?.[1] ?? null
}
