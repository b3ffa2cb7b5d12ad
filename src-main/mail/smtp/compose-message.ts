import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import MailComposer from 'nodemailer/lib/mail-composer'
import type MimeNode from 'nodemailer/lib/mime-node'
import { messageBytes } from './message-bytes.ts'

/** What hangs on a message. A picture of the HTML has a `contentId`, without angle brackets. */
export type PartToCompose = { mediaType: string; base64: string } & ({ name: string } | { contentId: string })

/** What a message says. Addresses are addr-specs; `date` is when it was written; `headers` go out besides the usual ones. */
export type MessageToCompose = {
  from: { name: string; address: string }
  to: readonly string[]
  cc: readonly string[]
  subject: string
  text: string
  /** The same as HTML, sent beside the text; null for plain text alone. */
  html: string | null
  parts: readonly PartToCompose[]
  date: Date
  messageId: string
  headers: Readonly<Record<string, string>>
}

/** The message in the form of RFC 5322 with CRLF line ends, in ASCII but for addresses that are not. No value can start a header line of its own. */
export const composeMessage = async (message: MessageToCompose): Promise<Buffer> => {
  const composed = mimeOf(message)
  return (message.parts.length === 0 ? messageBytes(composed) : null) ?? composed.build()
}

const mimeOf = (message: MessageToCompose): MimeNode =>
  new MailComposer({
    from: { name: oneLine(message.from.name), address: oneLine(message.from.address) },
    to: message.to.map(asRecipient),
    cc: message.cc.map(asRecipient),
    subject: oneLine(message.subject),
    text: inLines(message.text),
    ...(message.html === null ? {} : { html: inLines(message.html) }),
    ...(message.parts.length === 0 ? {} : { attachments: message.parts.map(asAttachment) }),
    date: message.date,
    messageId: oneLine(message.messageId),
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, oneLine(value)])),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true
  })
    .compile()

/** Characters of base64 that are taken on at once, whole lines of a message (RFC 2045 6.8); a large file holds nothing else up. */
const atOnce = 76 * 4096
async function* inPieces(base64: string): AsyncGenerator<Buffer> {
  for (let from = 0; from < base64.length; from += atOnce) {
    yield Buffer.from(base64.slice(from, from + atOnce), 'base64')
    await nextTurn()
  }
}

const asRecipient = (address: string): { name: string; address: string } => ({ name: '', address: oneLine(address) })
const asAttachment = (part: PartToCompose) => ({
  content: part.base64.length > atOnce ? Readable.from(inPieces(part.base64)) : Buffer.from(part.base64, 'base64'), contentType: mediaTypeOf(part.mediaType),
  ...('name' in part ? { filename: oneLine(part.name).replace(/[/\\]/g, '_') || 'file' } : { cid: oneLine(part.contentId), contentDisposition: 'inline' as const, filename: false as const })
})
/** A part that is made of parts would need to be one (RFC 2046 5.1). */
const mediaTypeOf = (written: string): string => (/^[\w.+-]+\/[\w.+-]+$/.test(written) && !/^(?:multipart|message)\//i.test(written) ? written.toLowerCase() : 'application/octet-stream')
/** A carriage return alone is no end of a line in mail (RFC 5322 2.3), and would be changed on its way. */
const inLines = (text: string): string => text.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n')
/** Control characters, and all that ends a line anywhere, become a space. A word is cut that could not stand in a line of 998 characters (RFC 5322 2.1.1). */
const oneLine = (value: string): string => value.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/(\S{900})(?=\S)/gu, '$1 ').trim()
