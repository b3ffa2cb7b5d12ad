import { createHash } from 'node:crypto'
import { damaged } from './database-files.ts'
import type { Queryable, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

/**
 * Documents in JSON or YAML without their pictures (data: URLs, RFC 2397) and without other strings that are long (16 KB), HTML of mail without its pictures: each
 * of those is stored once, under its SHA-256. A mark stands in its place, between control characters, which JSON and YAML know only escaped (RFC 8259, section 7;
 * YAML 1.2.2, section 5.1).
 */
export const sharedTexts = {
  /** The document with marks; what they stand for is stored. */
  async shorten(transaction: Transaction, document: string): Promise<string> {
    if (document.length < longFrom) return document
    const texts = new Map<string, string>()
    const stored = withMarks(withMarks(document, picturesIn, texts), stringsIn, texts)
    await keep(transaction, texts)
    return stored
  },

  /** HTML without what would look like a mark: control characters, which it knows none of. */
  withoutMarks: (html: string): string => (html.includes('\x01') ? html.replaceAll('\x01', '') : html),

  /** HTML with marks for its pictures, as `withoutMarks` otherwise. */
  async withoutPictures(transaction: Transaction, html: string): Promise<string> {
    const texts = new Map<string, string>()
    const stored = withMarks(sharedTexts.withoutMarks(html), picturesIn, texts)
    await keep(transaction, texts)
    return stored
  },

  /** The document that was shortened, letter by letter; one that never was stays as it is. Throws ProblemError `data-folder-damaged` where a text is missing. */
  async whole(from: Queryable, stored: string): Promise<string> {
    // A long string may hold pictures, and a picture holds nothing.
    const strings = await withTexts(from, stored)
    return withTexts(from, strings)
  },

  /** Whether all that a document refers to is as it was written; `seen` is what was looked at before. */
  async areSound(from: Queryable, stored: string, seen: Set<string>): Promise<boolean> {
    for (const name of namesIn(stored)) {
      if (seen.has(name)) continue
      const [row] = await from.all<{ content: string }>('SELECT content FROM shared_texts WHERE sha256 = ?', [name])
      if (row === undefined || nameOf(row.content) !== name) return false
      seen.add(name)
      if (!(await sharedTexts.areSound(from, row.content, seen))) return false
    }
    return true
  },

  /** Forgets what these documents, which are gone, were the last to refer to. */
  async forget(transaction: Transaction, gone: readonly string[]): Promise<void> {
    for (const name of new Set(gone.flatMap(namesIn))) {
      const wanted = `%${name}%`
      const [use] = await transaction.all(`SELECT 1 AS used FROM settings WHERE document LIKE ? UNION ALL SELECT 1 FROM earlier_configurations WHERE document LIKE ? UNION ALL SELECT 1 FROM history WHERE version LIKE ? UNION ALL SELECT 1 FROM shared_texts WHERE content LIKE ? UNION ALL SELECT 1 FROM outbox_texts WHERE mail IN (SELECT id FROM outbox WHERE bytes >= ${sharedHtmlFrom}) AND html LIKE ? LIMIT 1`, [wanted, wanted, wanted, wanted, wanted])
      if (use !== undefined) continue
      const [row] = await transaction.all<{ content: string }>('SELECT content FROM shared_texts WHERE sha256 = ?', [name])
      await transaction.run('DELETE FROM shared_texts WHERE sha256 = ?', [name])
      if (row !== undefined) await sharedTexts.forget(transaction, [row.content])
    }
  }
}

/** Characters of a mail from which its pictures are stored once: most mail is not to wait for that. */
export const sharedHtmlFrom = 65_536

/** Characters. A mark and its row cost about 200. */
const longFrom = 16_384
const mark = /\x01([0-9a-f]{64})\x02/g
const nameOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
const namesIn = (stored: string): string[] => (stored.includes('\x01') ? [...new Set([...stored.matchAll(mark)].flatMap(([, name]) => name ?? []))] : [])

async function keep(transaction: Transaction, texts: ReadonlyMap<string, string>): Promise<void> {
  const known = new Set<string>()
  for (const some of portions([...texts.keys()])) for (const { sha256 } of await transaction.all<{ sha256: string }>(`SELECT sha256 FROM shared_texts WHERE sha256 IN ${placeholders(some.length)}`, some)) known.add(sha256)
  await insertRows(transaction, 'shared_texts', ['sha256', 'content'], [...texts].filter(([name]) => !known.has(name)))
}

type Span = readonly [begin: number, end: number]

function withMarks(document: string, spansIn: (document: string) => Iterable<Span>, texts: Map<string, string>): string {
  const pieces: string[] = []
  let done = 0
  for (const [begin, end] of spansIn(document)) {
    if (end - begin < longFrom) continue
    const text = document.slice(begin, end)
    const name = nameOf(text)
    texts.set(name, text)
    pieces.push(document.slice(done, begin), `\x01${name}\x02`)
    done = end
  }
  return pieces.join('') + document.slice(done)
}

function* picturesIn(document: string): Generator<Span> {
  const url = /[^\x00-\x20"'\\<>()]+/y
  for (let begin = document.indexOf('data:'); begin >= 0; begin = document.indexOf('data:', url.lastIndex)) {
    url.lastIndex = begin
    url.test(document)
    yield [begin, url.lastIndex]
  }
}

/** What stands between double quotes. In YAML that may be anything, which does no harm. */
function* stringsIn(document: string): Generator<Span> {
  for (let end = -1; ; ) {
    const begin = document.indexOf('"', end + 1)
    end = begin < 0 ? -1 : endOfString(document, begin + 1)
    if (end < 0) return
    yield [begin + 1, end]
  }
}

function endOfString(document: string, begin: number): number {
  for (let at = document.indexOf('"', begin); at >= 0; at = document.indexOf('"', at + 1)) {
    let escapes = at
    while (escapes > begin && document[escapes - 1] === '\\') escapes--
    if ((at - escapes) % 2 === 0) return at
  }
  return -1
}

async function withTexts(from: Queryable, stored: string): Promise<string> {
  const names = namesIn(stored)
  if (names.length === 0) return stored
  const texts = new Map<string, string>()
  for (const some of portions(names)) for (const { sha256, content } of await from.all<{ sha256: string; content: string }>(`SELECT sha256, content FROM shared_texts WHERE sha256 IN ${placeholders(some.length)}`, some)) texts.set(sha256, content)
  return stored.replace(mark, (_, name: string) => {
    const text = texts.get(name)
    if (text === undefined) throw damaged('database', 'a picture or a long text of the configuration is missing')
    return text
  })
}
