import { wireError } from '../connection/line-wire.ts'

/** An answer without its messages: in the text, each MimeContent holds the number of the message in `mimes` instead. */
export type SplitAnswer = { xml: string; mimes: Buffer[] }

/** Characters of XML besides messages. */
const mostXml = 20_000_000

/**
 * Takes the messages (base64) out of an answer as it arrives and decodes them at once, so that no more than their bytes is kept and the XML
 * parser never sees them. https://learn.microsoft.com/exchange/client-developer/web-service-reference/mimecontent
 */
export async function splitAnswer(body: AsyncIterable<Buffer>): Promise<SplitAnswer> {
  const splitter = createSplitter()
  for await (const chunk of body) splitter.take(chunk.toString('latin1'))
  return splitter.end()
}

// Latin-1 keeps every byte as a character of its own; what a chunk cuts in two meets again before it is read as UTF-8.
function createSplitter(): { take(text: string): void; end(): SplitAnswer } {
  const mimes: Buffer[] = []
  const xml: string[] = []
  let length = 0
  let rest = ''
  let message: Buffer[] | null = null
  const keep = (text: string): void => {
    length += text.length
    if (length > mostXml) throw wireError('LINE_TOO_LONG', 'The answer is far too long.')
    xml.push(text)
  }
  const decode = (text: string, isLast: boolean): void => {
    const whole = /\s/.test(text) ? text.replace(/\s+/g, '') : text
    const usable = isLast ? whole.length : whole.length - (whole.length % 4)
    if (usable > 0) message?.push(Buffer.from(whole.slice(0, usable), 'base64'))
    rest = whole.slice(usable)
  }
  const outside = (text: string): string => {
    const start = /<(?:[\w.-]+:)?MimeContent(?:\s[^>]*)?>/.exec(text)
    if (start === null || start[0].endsWith('/>')) {
      const end = start === null ? text.length : start.index + start[0].length
      // The beginning of a tag may be at the end of a chunk.
      const open = start === null ? text.lastIndexOf('<') : -1
      const cut = open === -1 || text.indexOf('>', open) !== -1 ? end : open
      keep(text.slice(0, cut))
      rest = text.slice(cut)
      return start === null ? '' : takeRest()
    }
    keep(`${text.slice(0, start.index)}<MimeContent>${mimes.length}</MimeContent>`)
    message = []
    return text.slice(start.index + start[0].length)
  }
  const inside = (text: string): string => {
    const end = text.indexOf('<')
    if (end === -1) {
      decode(text, false)
      return ''
    }
    const close = text.indexOf('>', end)
    if (close === -1) {
      rest = text
      return ''
    }
    decode(text.slice(0, end), true)
    rest = ''
    mimes.push(Buffer.concat(message ?? []))
    message = null
    return text.slice(close + 1)
  }
  const takeRest = (): string => {
    const text = rest
    rest = ''
    return text
  }
  return {
    take(text) {
      let left = takeRest() + text
      while (left !== '') left = message === null ? outside(left) : inside(left)
    },
    end() {
      if (message !== null) throw wireError('CLOSED', 'The answer ended within a message.')
      keep(takeRest())
      return { xml: Buffer.from(xml.join(''), 'latin1').toString('utf8'), mimes }
    }
  }
}
