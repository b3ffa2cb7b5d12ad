import MailComposer from 'nodemailer/lib/mail-composer'

/** What a message says. Addresses are addr-specs; `date` is when it was written; `headers` go out besides the usual ones. */
export type MessageToCompose = {
  from: { name: string; address: string }
  to: readonly string[]
  cc: readonly string[]
  subject: string
  text: string
  /** The same as HTML, sent beside the text; null for plain text alone. */
  html: string | null
  date: Date
  messageId: string
  headers: Readonly<Record<string, string>>
}

/** The message in the form of RFC 5322 with CRLF line ends, text as UTF-8. No value can start a header line of its own. */
export const composeMessage = (message: MessageToCompose): Promise<Buffer> =>
  new MailComposer({
    from: { name: oneLine(message.from.name), address: oneLine(message.from.address) },
    to: message.to.map(asRecipient),
    cc: message.cc.map(asRecipient),
    subject: oneLine(message.subject),
    text: message.text,
    ...(message.html === null ? {} : { html: message.html }),
    date: message.date,
    messageId: oneLine(message.messageId),
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, oneLine(value)])),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true
  })
    .compile()
    .build()

const asRecipient = (address: string): { name: string; address: string } => ({ name: '', address: oneLine(address) })
/** Control characters, line breaks among them, become a space. */
const oneLine = (value: string): string => value.replace(/\p{Cc}+/gu, ' ').trim()
