import { decodeEntities } from './html-entities.ts'
import { attribute, readTags, type Piece } from './read-tags.ts'

/** Longest HTML that is turned into text, in characters; what follows is left out. */
const longest = 2_000_000
/** Line ends that an element has around it. */
const blocks: Record<string, number> = {
  p: 2, h1: 2, h2: 2, h3: 2, h4: 2, h5: 2, h6: 2, ul: 1, ol: 1, table: 1, blockquote: 2, pre: 2, div: 1, tr: 1, li: 1, dl: 1, dt: 1, dd: 1, section: 1, article: 1, header: 1, footer: 1, nav: 1,
  main: 1, aside: 1, form: 1, fieldset: 1, legend: 1, address: 1, figure: 1, figcaption: 1, center: 1, caption: 1, thead: 1, tbody: 1, tfoot: 1, body: 1, details: 1, summary: 1, option: 1
}
const deepest = 20

/** Elements that hold nothing and are never closed. */
const single = new Set(['br', 'img', 'hr', 'input', 'meta', 'link', 'area', 'base', 'col', 'embed', 'source', 'wbr'])
/** How mail hides the line that shows beside the subject, and how Outlook is told to leave something out. A font size of 0 hides nothing: what is within sets its own. */
const hidesByStyle = /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:^|[;\s])(?:max-height|opacity)\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!]|$)/i
const mayHide = /none|hid|max-height|opacity/i
/** Paragraphs that programs write for each line: Outlook's, and those without a margin. */
const tightClass = /(?:^|\s)(?:x_)?Mso(?:Normal|PlainText|NoSpacing|ListParagraph)/
const tightStyle = /(?:^|[;\s])margin\s*:\s*0(?:px|pt|cm|in|em)?\s*(?:[;!]|$)/i

/** A table cell: the lines that had begun and the gap that was owed before it, and whether anything stands in it yet. */
type Cell = { lines: number; gap: number; table: number; fresh: boolean }
/** What has been written, and what is owed before the next word. */
type Page = {
  out: string[]; length: number; lines: number; gap: number; blank: boolean; tab: boolean; quotes: number; gapQuotes: number; lists: number[]; bullet: string; pre: number; tight: boolean
  tables: number; cells: Cell[]; link: { href: string; from: number } | null; hidden: { name: string; depth: number } | null
}

/** Text of an HTML body as a person would read it: paragraphs, lists, quotes, table cells, addresses of links; without what is hidden. Linear in time. */
export function textFromHtml(html: string): string {
  const source = html.length > longest ? html.slice(0, longest) : html
  // An element that hides and is never closed would take all the rest with it.
  return written(source, true) ?? written(source, false) ?? ''
}

function written(html: string, hiding: boolean): string | null {
  const page: Page = { out: [], length: 0, lines: 0, gap: 0, blank: false, tab: false, quotes: 0, gapQuotes: 0, lists: [], bullet: '', pre: 0, tight: false, tables: 0, cells: [], link: null, hidden: null }
  for (const piece of readTags(html)) {
    if (page.hidden !== null) leaveHidden(page, page.hidden, piece)
    else if (piece.kind === 'text') write(page, decodeEntities(piece.text))
    else if (piece.kind === 'close') close(page, piece.name)
    else if (hiding && hides(piece.name, piece.attributes)) page.hidden = { name: piece.name, depth: 1 }
    else open(page, piece.name, piece.attributes)
  }
  if (page.hidden !== null) return null
  endLink(page)
  return tidy(page.out.join(''))
}

/** One blank line at most in a row, quoted ones too; signs that only keep a preview short or stand for Outlook's bullets made plain. */
function tidy(text: string): string {
  let plain = text.includes('\u00a0') ? text.replaceAll('\u00a0', ' ') : text
  if (/[\u200b\u200c\u2007\u2060\u034f\u00ad\ufeff]| {10}/.test(plain)) plain = plain.replace(/[\u200b\u200c\u2007\u2060\u034f\u00ad\ufeff ]{10,}/g, ' ')
  if (plain.includes(' \n') || plain.includes('\t\n')) plain = plain.replace(/(?<![ \t])[ \t]+\n/g, '\n')
  if (plain.includes('\n\n\n')) plain = plain.replace(/\n{3,}/g, '\n\n')
  if (plain.includes('>\n>')) plain = plain.replace(/^((?:> ){0,19}>)\n(?:\1\n)+/gm, '$1\n')
  if (plain.includes('· ') || plain.includes('§ ')) plain = plain.replace(/^((?:> )*)[·§] +/gm, '$1* ')
  return plain.trim()
}

function hides(name: string, attributes: string): boolean {
  if (attributes.length < 6 || !mayHide.test(attributes) || single.has(name) || name === 'body' || name === 'html') return false
  const style = attribute(attributes, 'style')
  return (style !== null && hidesByStyle.test(style)) || /(?:^|\s)hidden(?:\s|$|=["']?(?:hidden|true)?["']?(?:\s|$))/i.test(attributes)
}

/** What is hidden ends where its element does; a paragraph also where the next one begins. */
function leaveHidden(page: Page, hidden: { name: string; depth: number }, piece: Piece): void {
  if (piece.kind === 'text' || piece.name !== hidden.name) return
  if (piece.kind === 'close') hidden.depth--
  else if (hidden.name === 'p' || hidden.name === 'li') {
    page.hidden = null
    return open(page, piece.name, piece.attributes)
  } else hidden.depth++
  if (hidden.depth === 0) page.hidden = null
}

function open(page: Page, name: string, attributes: string): void {
  if (name === 'br') {
    if (!isFresh(page)) owe(page, Math.min(page.gap + 1, 3))
    return
  }
  if (name === 'a') startLink(page, attributes)
  if (name === 'img') writeImage(page, attributes)
  if (name === 'p') page.tight = attributes !== '' && isTight(attributes)
  if (name === 'table') page.tables++
  // Outlook draws a line above the header of the message that is answered or handed on.
  if (name === 'div' && attributes.includes('border-top:')) owe(page, Math.max(page.gap, 2))
  if (name === 'tr') closeCell(page)
  if (name === 'td' || name === 'th') openCell(page)
  else breakLine(page, name)
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
  if (name === 'td' || name === 'th' || name === 'tr' || name === 'table') closeCell(page)
  if (name === 'table') page.tables = Math.max(0, page.tables - 1)
  if (name === 'li') {
    page.bullet = ''
    if (page.gap > 1) page.gap = 1
  }
  if (name === 'blockquote') page.quotes = Math.max(0, page.quotes - 1)
  if (name === 'pre') page.pre = Math.max(0, page.pre - 1)
  if (name === 'ul' || name === 'ol') page.lists.pop()
  breakLine(page, name)
}

function breakLine(page: Page, name: string): void {
  const lines = name === 'p' && page.tight ? 1 : Object.hasOwn(blocks, name) ? (blocks[name] as number) : 0
  // A paragraph that begins a list entry or a cell stands in its first line.
  if (lines === 0 || (isFresh(page) && name !== 'tr' && name !== 'table') || (page.bullet !== '' && page.gap > 0 && (name === 'p' || name === 'div'))) return
  owe(page, Math.max(page.gap, lines))
}

const isTight = (attributes: string): boolean => attributes.includes('Mso') && tightClass.test(attribute(attributes, 'class') ?? '') || (attributes.includes('margin') && tightStyle.test(attribute(attributes, 'style') ?? ''))

const isFresh = (page: Page): boolean => page.cells.at(-1)?.fresh === true

function openCell(page: Page): void {
  closeCell(page)
  page.tab = page.gap === 0 && page.length > 0
  if (page.cells.length < deepest) page.cells.push({ lines: page.lines, gap: page.gap, table: page.tables, fresh: true })
}

/** A cell of one line owes no line ends, so that the next cell stands beside it. */
function closeCell(page: Page): void {
  const cell = page.cells.at(-1)
  if (cell === undefined || cell.table < page.tables) return
  page.cells.pop()
  if (cell.fresh) page.gap = Math.max(cell.gap, 0)
  else if (page.lines - cell.lines <= (cell.gap > 0 || cell.lines === 0 ? 1 : 0)) page.gap = 0
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
  // A paragraph with a hard space alone is how programs write a blank line.
  if (page.gap > 0 && page.bullet === '' && words.charCodeAt(0) === 160 && words.trim() === '') return isFresh(page) ? undefined : owe(page, Math.min(page.gap + 1, 3))
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
  const cell = page.cells.at(-1)
  if (cell !== undefined) for (let index = page.cells.length - 1; index >= 0 && page.cells[index]?.fresh === true; index--) (page.cells[index] as Cell).fresh = false
  if (page.gap === 0 && !first) return false
  const marks = '> '.repeat(Math.min(page.quotes, deepest))
  put(page, first ? marks : '\n' + `${'> '.repeat(Math.min(page.gapQuotes, deepest)).trimEnd()}\n`.repeat(page.gap - 1) + marks)
  if (page.bullet !== '') put(page, page.bullet)
  page.bullet = ''
  page.gap = 0
  page.lines++
  page.tab = false
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
