/** The text that stands beside an HTML mail: lists with their signs, links with their address, pictures by their description. */
export function textOfHtml(html: string): string {
  const writer = createWriter()
  for (const token of tokensOf(html)) {
    if ('text' in token) writer.text(decoded(token.text))
    else if (token.isEnd) writer.close(token.tag)
    else writer.open(token.tag, (name) => attributeOf(token.attributes, name))
  }
  return writer.done()
}

type Token = { text: string } | { tag: string; isEnd: boolean; attributes: string }
const tagBegins = /<(\/?)([a-z][a-z0-9]*)/iy

/** Tags and what stands between them, each sign looked at once: a tag that never ends is text, a comment that never ends is the rest. */
function* tokensOf(html: string): Generator<Token> {
  let at = 0
  let text = ''
  while (at < html.length) {
    const sign = html.indexOf('<', at)
    text += html.slice(at, sign < 0 ? html.length : sign)
    if (sign < 0) break
    tagBegins.lastIndex = sign
    const begun = tagBegins.exec(html)
    const end = begun === null ? -1 : endOfTag(html, tagBegins.lastIndex)
    if (html.startsWith('<!--', sign)) {
      const closed = html.indexOf('-->', sign + 4)
      at = closed < 0 ? html.length : closed + 3
    } else if (begun === null || end < 0) {
      at = begun === null ? sign + 1 : html.length
      text += html.slice(sign, at)
    } else {
      if (text !== '') yield { text }
      text = ''
      yield { tag: (begun[2] ?? '').toLowerCase(), isEnd: begun[1] === '/', attributes: html.slice(sign + begun[0].length, end) }
      at = end + 1
    }
  }
  if (text !== '') yield { text }
}

/** Where the tag ends, signs within quotes left aside; below zero where it does not. */
function endOfTag(html: string, from: number): number {
  for (let at = from; at < html.length; at++) {
    const sign = html[at]
    if (sign === '>') return at
    if (sign !== '"' && sign !== "'") continue
    at = html.indexOf(sign, at + 1)
    if (at < 0) return -1
  }
  return -1
}

type List = { ordered: boolean; next: number }
const blocks = new Set(['p', 'div', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'table', 'blockquote', 'pre'])

function createWriter() {
  let out = ''
  let line = ''
  let gap = 0
  let quoted = 0
  let unseen = 0
  let cellBegun = false
  const lists: List[] = []
  const links: { href: string; from: string }[] = []
  const end = (lines: number): void => {
    if (line.trim() !== '') {
      out += `${out === '' ? '' : '\n'.repeat(Math.max(1, gap))}${'> '.repeat(quoted)}${line.trimEnd()}`
      gap = 0
    }
    line = ''
    gap = Math.max(gap, lines)
  }
  const between = (): number => (lists.length > 0 ? 1 : 2)
  const item = (): void => {
    end(1)
    const list = lists.at(-1)
    line = `${'  '.repeat(Math.max(0, lists.length - 1))}${list?.ordered ? `${list.next++}. ` : '- '}`
  }
  const link = (): void => {
    const { href, from } = links.pop() ?? { href: '', from: '' }
    const words = line.startsWith(from) ? line.slice(from.length).trim() : line.trim()
    if (href !== '' && !href.startsWith('#') && words !== href && `mailto:${words}` !== href) line += words === '' ? href : ` (${href.replace(/^mailto:/, '')})`
  }
  return {
    text(words: string): void {
      if (unseen > 0) return
      const joined = words.replace(/[\s\u00a0]+/g, ' ')
      line += line === '' || line.endsWith(' ') ? joined.trimStart() : joined
    },
    open(tag: string, attribute: (name: string) => string): void {
      if (tag === 'style' || tag === 'script' || tag === 'head') unseen++
      else if (tag === 'br') { const before = line; end(1); if (before.trim() === '') gap = Math.min(2, gap + 1) }
      else if (tag === 'hr') { end(2); line = '----------'; end(2) }
      else if (tag === 'img') line += attribute('alt') === '' ? '' : `[${attribute('alt')}]`
      else if (tag === 'a') links.push({ href: attribute('href'), from: line })
      else if (tag === 'li') item()
      else if (tag === 'tr') { end(1); cellBegun = false }
      else if (tag === 'td' || tag === 'th') { if (cellBegun) line += ' | '; cellBegun = true }
      else if (blocks.has(tag) && !cellBegun) {
        if (!/^\s*(?:- |\d+\. )$/.test(line)) end(between())
        if (tag === 'blockquote') quoted++
        if (tag === 'ul' || tag === 'ol') lists.push({ ordered: tag === 'ol', next: Number(attribute('start')) || 1 })
      }
    },
    close(tag: string): void {
      if (tag === 'style' || tag === 'script' || tag === 'head') unseen = Math.max(0, unseen - 1)
      else if (tag === 'a') link()
      else if (tag === 'li') end(1)
      else if (tag === 'tr') { end(1); cellBegun = false }
      else if (blocks.has(tag) && !cellBegun) {
        end(between())
        if (tag === 'blockquote') quoted = Math.max(0, quoted - 1)
        if (tag === 'ul' || tag === 'ol') { lists.pop(); gap = Math.max(gap, between()) }
      }
    },
    done(): string {
      end(0)
      return out === '' ? '' : `${out}\n`
    }
  }
}

const attributeOf = (attributes: string, name: string): string => {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes)
  return decoded(found?.[1] ?? found?.[2] ?? found?.[3] ?? '')
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', ndash: '–', mdash: '—', hellip: '…', copy: '©', reg: '®', euro: '€' }
const decoded = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,10}));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
  })
