import { decodeEntities } from './html-entities.ts'
import { attribute, readTags } from './read-tags.ts'

/** Longest HTML that is turned into text, in characters; what follows is left out. */
const longest = 2_000_000
/** Line ends that an element has around it. */
const blocks: Record<string, number> = {
  p: 2, h1: 2, h2: 2, h3: 2, h4: 2, h5: 2, h6: 2, ul: 1, ol: 1, table: 1, blockquote: 2, pre: 2, div: 1, tr: 1, li: 1, dl: 1, dt: 1, dd: 1, section: 1, article: 1, header: 1, footer: 1, nav: 1,
  main: 1, aside: 1, form: 1, fieldset: 1, legend: 1, address: 1, figure: 1, figcaption: 1, center: 1, caption: 1, thead: 1, tbody: 1, tfoot: 1, body: 1, details: 1, summary: 1, option: 1
}
const deepest = 20

/** What has been written, and what is owed before the next word. */
type Page = { out: string[]; length: number; gap: number; blank: boolean; tab: boolean; quotes: number; gapQuotes: number; lists: number[]; bullet: string; pre: number; link: { href: string; from: number } | null }

/** Text of an HTML body as a person would read it: paragraphs, lists, quotes, table cells, addresses of links. Linear in time. */
export function textFromHtml(html: string): string {
  const page: Page = { out: [], length: 0, gap: 0, blank: false, tab: false, quotes: 0, gapQuotes: 0, lists: [], bullet: '', pre: 0, link: null }
  for (const piece of readTags(html.length > longest ? html.slice(0, longest) : html)) {
    if (piece.kind === 'text') write(page, decodeEntities(piece.text))
    else if (piece.kind === 'open') open(page, piece.name, piece.attributes)
    else close(page, piece.name)
  }
  const text = page.out.join('').replaceAll('\u00a0', ' ').replace(/[\u200b\u200c\u034f\u00ad\ufeff ]{10,}/g, ' ')
  return text.split('\n').map((line) => line.trimEnd()).join('\n').trim()
}

function open(page: Page, name: string, attributes: string): void {
  if (name === 'br') {
    owe(page, Math.min(page.gap + 1, 3))
    return
  }
  if (name === 'a') startLink(page, attributes)
  if (name === 'img') writeImage(page, attributes)
  if (name === 'td' || name === 'th') page.tab = page.gap === 0 && page.length > 0
  breakLine(page, name)
  if (name === 'hr') {
    owe(page, Math.max(page.gap, 1))
    write(page, '----------')
    owe(page, 1)
  }
  if (name === 'blockquote') page.quotes++
  if (name === 'pre') page.pre++
  if (name === 'ul' || name === 'ol') page.lists.push(name === 'ol' ? 1 : 0)
  if (name === 'li') page.bullet = bullet(page.lists)
}

function close(page: Page, name: string): void {
  if (name === 'a') endLink(page)
  if (name === 'li') page.bullet = ''
  if (name === 'blockquote') page.quotes = Math.max(0, page.quotes - 1)
  if (name === 'pre') page.pre = Math.max(0, page.pre - 1)
  if (name === 'ul' || name === 'ol') page.lists.pop()
  breakLine(page, name)
}

function breakLine(page: Page, name: string): void {
  const lines = Object.hasOwn(blocks, name) ? (blocks[name] as number) : 0
  if (lines > 0) owe(page, Math.max(page.gap, lines))
}

/** Blank lines around a quote are not quoted themselves. */
function owe(page: Page, lines: number): void {
  page.gapQuotes = page.gap === 0 ? page.quotes : Math.min(page.gapQuotes, page.quotes)
  page.gap = lines
}

function bullet(lists: number[]): string {
  const last = lists.length - 1
  const number = lists[last] ?? 0
  if (number > 0) lists[last] = number + 1
  return `${'  '.repeat(Math.min(Math.max(last, 0), deepest))}${number > 0 ? `${number}.` : '*'} `
}

function write(page: Page, text: string): void {
  if (page.pre > 0) return writeLines(page, text)
  const words = text.replace(/[ \t\r\n\f]+/g, ' ')
  if (words === ' ' || words === '') {
    if (words !== '') page.blank = true
    return
  }
  const began = startLine(page)
  const first = words.startsWith(' ')
  if (!began) {
    if (page.tab) put(page, '\t')
    else if (first || page.blank) put(page, ' ')
  }
  page.tab = false
  page.blank = words.endsWith(' ')
  put(page, words.slice(first ? 1 : 0, page.blank ? -1 : undefined))
}

function writeLines(page: Page, text: string): void {
  for (const [index, line] of text.replace(/\r\n?/g, '\n').split('\n').entries()) {
    if (index > 0) owe(page, Math.min(page.gap + 1, 3))
    if (line === '') continue
    startLine(page)
    put(page, line)
  }
}

/** Writes the line ends that are owed, then quote marks and bullet; false where the line goes on. */
function startLine(page: Page): boolean {
  const first = page.length === 0
  if (page.gap === 0 && !first) return false
  const marks = '> '.repeat(Math.min(page.quotes, deepest))
  put(page, first ? marks : '\n' + `${'> '.repeat(Math.min(page.gapQuotes, deepest)).trimEnd()}\n`.repeat(page.gap - 1) + marks)
  if (page.bullet !== '') put(page, page.bullet)
  page.bullet = ''
  page.gap = 0
  page.blank = false
  return true
}

function put(page: Page, text: string): void {
  page.out.push(text)
  page.length += text.length
}

function startLink(page: Page, attributes: string): void {
  endLink(page)
  const href = decodeEntities(attribute(attributes, 'href') ?? '').trim()
  if (/^(?:https?:\/\/|mailto:|tel:|ftp:\/\/)/i.test(href)) page.link = { href: href.replace(/^(?:mailto|tel):/i, ''), from: page.out.length }
}

/** The address stands behind the text unless the text is the address already. */
function endLink(page: Page): void {
  if (page.link === null) return
  const { href, from } = page.link
  page.link = null
  const text = page.out.slice(from).join('').trim()
  const same = (one: string): string => one.replace(/^https?:\/\/(?:www\.)?|\/$|\?.*$/gi, '').toLowerCase()
  if (text !== '' && same(text) !== same(href) && !text.includes(href)) put(page, ` (${href})`)
}

function writeImage(page: Page, attributes: string): void {
  const alt = decodeEntities(attribute(attributes, 'alt') ?? '').trim()
  if (alt !== '') write(page, ` [${alt.slice(0, 200)}] `)
}
