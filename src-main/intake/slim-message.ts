import type { Address, AttachmentInfo, MessageContent } from '#contract/message.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import type { HeaderField, ParsedMessage } from '../processing/parsing/parsed-message.ts'

/** What is still said of the parts that a slim message lacks. */
export type Remains = { attachments: AttachmentInfo[] } & Pick<MessageContent, 'protection' | 'calendar'>
export type SlimMessage = { slim: Buffer; remains: Remains }

/**
 * A message without everything but its header and its text, plain and HTML: attachments, embedded images, signatures and encrypted parts are
 * gone, and it reads as before. The same message gives the same bytes.
 */
export function slimMessage(raw: Buffer): SlimMessage {
  const parsed = parseMessage(raw)
  const { attachments, protection, calendar } = parsed.content
  const written = messageOf(parsed.headers.filter(isKept), parsed.content)
  // Bytes beyond ASCII in a header are read in the charset of the body, which is another one now.
  const slim = readsAs(written, parsed) ? written : messageOf([...parsed.headers.filter((field) => isKept(field) && !rewritten.has(field.name)), ...envelopeOf(parsed.content)], parsed.content)
  return { slim, remains: { attachments, protection, calendar } }
}

const isKept = ({ name }: HeaderField): boolean => !/^(?:content-|mime-version$)/.test(name)
const rewritten = new Set(['from', 'sender', 'to', 'cc', 'reply-to', 'subject'])

function messageOf(header: readonly HeaderField[], { text, html }: MessageContent): Buffer {
  const fields = header.map(({ name, value }) => `${name}: ${value.replace(/[\r\n\0]+/g, ' ')}\r\n`).join('')
  const plain = partOf('plain', text)
  if (html === null) return Buffer.from(`${fields}mime-version: 1.0\r\n${plain}`, 'latin1')
  // Base64 has no line that begins with two dashes.
  return Buffer.from(`${fields}mime-version: 1.0\r\ncontent-type: multipart/alternative; boundary=slim\r\n\r\n--slim\r\n${plain}\r\n--slim\r\n${partOf('html', html)}\r\n--slim--\r\n`, 'latin1')
}

const partOf = (kind: 'plain' | 'html', text: string): string =>
  `content-type: text/${kind}; charset=utf-8\r\ncontent-transfer-encoding: base64\r\n\r\n${Buffer.from(text, 'utf8').toString('base64').replace(/.{76}/g, '$&\r\n')}`

const envelopeOf = ({ from, to, cc, replyTo, subject }: MessageContent): HeaderField[] => [
  ...(from === null ? [] : [{ name: 'from', value: mailbox(from) }]),
  ...[{ name: 'to', list: to }, { name: 'cc', list: cc }, { name: 'reply-to', list: replyTo }].flatMap(({ name, list }) => (list.length === 0 ? [] : [{ name, value: list.map(mailbox).join(', ') }])),
  { name: 'subject', value: encodedWords(subject) }
]

const mailbox = ({ name, address }: Address): string => `${name === '' ? '' : `${encodedWords(name)} `}<${Buffer.from(address, 'utf8').toString('latin1')}>`

/** RFC 2047; words of at most 42 bytes, so that none is cut within a character. */
function encodedWords(text: string): string {
  const words: string[] = ['']
  for (const character of text) {
    const last = words.length - 1
    if (Buffer.byteLength((words[last] ?? '') + character) > 42) words.push(character)
    else words[last] += character
  }
  return words.map((word) => (word === '' ? '' : `=?utf-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`)).join(' ')
}

/** Whether a message is read as the other: the same people, subject and text. */
export function readsAs(slim: Buffer, { content }: Pick<ParsedMessage, 'content'>): boolean {
  const { content: own } = parseMessage(slim)
  return (['from', 'to', 'cc', 'replyTo', 'subject', 'date', 'messageId', 'inReplyTo', 'references', 'text', 'html'] as const).every((field) => JSON.stringify(own[field]) === JSON.stringify(content[field]))
}
