/** One piece of HTML: text between tags as written, or a tag with its lower-case name and its attributes as written. */
export type Piece = { kind: 'text'; text: string } | { kind: 'open' | 'close'; name: string; attributes: string }

const rawText = new Set(['script', 'style', 'title', 'noscript', 'noframes', 'template', 'iframe', 'object', 'xml'])

/**
 * Cuts HTML into text and tags from left to right; comments, declarations and the content of elements that show nothing are left out.
 * Every character is looked at a bounded number of times, however broken the HTML is.
 */
export function* readTags(html: string): Generator<Piece> {
  const neverClosed = new Set<string>()
  let at = 0
  while (at < html.length) {
    const begin = nextTag(html, at)
    if (begin > at) yield { kind: 'text', text: html.slice(at, begin) }
    if (begin >= html.length) return
    if (html[begin + 1] === '!' || html[begin + 1] === '?') {
      at = afterDeclaration(html, begin)
      continue
    }
    const end = tagEnd(html, begin)
    const closes = html[begin + 1] === '/'
    const nameStart = begin + (closes ? 2 : 1)
    tagName.lastIndex = nameStart
    const tag = (tagName.exec(html)?.[0] ?? '').toLowerCase()
    yield { kind: closes ? 'close' : 'open', name: tag, attributes: html.slice(nameStart + tag.length, end) }
    at = end + 1
    if (!closes && rawText.has(tag) && !neverClosed.has(tag)) at = afterRawText(html, at, tag, neverClosed)
  }
}

/** An attribute's value as written; null where it is not there. */
export function attribute(attributes: string, name: string): string | null {
  let pattern = patterns.get(name)
  if (pattern === undefined) patterns.set(name, (pattern = new RegExp(`(?:^|[\\s"'/])${name}\\s{0,20}=\\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')))
  const found = pattern.exec(attributes.length > 20_000 ? attributes.slice(0, 20_000) : attributes)
  return found === null ? null : (found[1] ?? found[2] ?? found[3] ?? '')
}

/** Names are written in the code, never taken from mail. */
const patterns = new Map<string, RegExp>()
const tagName = /[A-Za-z][^\s/>]{0,40}/y
const tagStop = /[>"']/g
const tagStart = /<(?:\/?[A-Za-z]|[!?])/g

function nextTag(html: string, from: number): number {
  tagStart.lastIndex = from
  return tagStart.exec(html)?.index ?? html.length
}

function afterDeclaration(html: string, begin: number): number {
  const comment = html.startsWith('<!--', begin)
  const end = html.indexOf(comment ? '-->' : '>', begin + (comment ? 2 : 1))
  return end === -1 ? html.length : end + (comment ? 3 : 1)
}

/** The `>` that is not within quotes; where a quote is never closed, the next one at all. */
function tagEnd(html: string, begin: number): number {
  let at = begin
  for (;;) {
    tagStop.lastIndex = at
    const found = tagStop.exec(html)
    if (found === null) break
    if (found[0] === '>') return found.index
    // A quote that does not follow an equals sign is a stray one.
    const opens = /=\s{0,20}$/.test(html.slice(Math.max(begin, found.index - 21), found.index))
    const closing = opens ? html.indexOf(found[0], found.index + 1) : found.index
    if (closing === -1) break
    at = closing + 1
  }
  const any = html.indexOf('>', begin)
  return any === -1 ? html.length : any
}

function afterRawText(html: string, from: number, tag: string, neverClosed: Set<string>): number {
  const end = new RegExp(`</${tag}`, 'gi')
  end.lastIndex = from
  const found = end.exec(html)
  if (found !== null) return found.index
  neverClosed.add(tag)
  return tag === 'script' || tag === 'style' ? html.length : from
}
