import type { AttachmentInfo, MessageContent } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { realContentType, recognisedFrom } from '../../model/real-content-type.ts'
import { attachmentBeginning } from './attachment-bytes.ts'
import { decodeWords } from './decode-words.ts'
import { fingerprint } from './fingerprint.ts'
import { messageIds, ownMessageId } from './message-ids.ts'
import { messageText } from './message-text.ts'
import { nameAttachment } from './name-attachment.ts'
import { parseAddresses } from './parse-addresses.ts'
import { parseDate } from './parse-date.ts'
import { partHeader } from './part-header.ts'
import { fieldValue, headerLimit, readHeader, type Header } from './read-header.ts'
import { decodedSize } from './transfer-encoding.ts'
import { partLimits, walkParts, type Leaf, type Walked } from './walk-parts.ts'
import type { HeaderField, ParsedMessage, PartPlace } from './parsed-message.ts'

/**
 * Parses a raw message (RFC 5322, MIME) whatever its bytes are: never throws, in time that grows with its size alone. Attachment
 * bodies are located and measured, not decoded; see `attachmentBytes`.
 */
export function parseMessage(raw: Buffer): ParsedMessage {
  const bytes = withLineFeeds(raw)
  const header = readHeader(bytes, beginning(bytes), bytes.length)
  const root = partHeader(header.fields, 'text/plain')
  const walked = walkParts(bytes, header.bodyStart, bytes.length, root)
  const fallback = root.parameters.get('charset') ?? walked.leaves.find((leaf) => leaf.header.parameters.has('charset'))?.header.parameters.get('charset') ?? ''
  const bodies = messageText(bytes, walked.leaves, fallback)
  const attachments = bodies.attachments.map((leaf, index) => describeAttachment(bytes, leaf, index + 1))
  return {
    content: { ...envelope(header.fields, fallback), text: bodies.text, html: bodies.html, attachments: attachments.map(({ info }) => info) },
    headers: header.fields,
    places: attachments.map(({ place }) => place),
    kinds: attachments.map(({ place }) => realContentType(attachmentBeginning(bytes, place, recognisedFrom))),
    fingerprint: fingerprint(bytes, header.fields, header.bodyStart),
    size: raw.length,
    problem: problemOf(bytes, header, walked)
  }
}

/** Old Macintosh mail ends lines with CR alone; as LF every offset stays the same. */
function withLineFeeds(raw: Buffer): Buffer {
  if (raw.includes(10) || !raw.includes(13)) return raw
  const copy = Buffer.from(raw)
  for (let at = copy.indexOf(13); at !== -1; at = copy.indexOf(13, at + 1)) copy[at] = 10
  return copy
}

/** Where the header begins: after a byte order mark, blank lines and NUL bytes. */
function beginning(raw: Buffer): number {
  let at = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? 3 : 0
  while (at < raw.length && (raw[at] === 10 || raw[at] === 13 || raw[at] === 0)) at++
  return at
}

function envelope(fields: readonly HeaderField[], fallback: string): Omit<MessageContent, 'text' | 'html' | 'attachments'> {
  const addresses = (name: string) => fields.filter((field) => field.name === name).flatMap((field) => parseAddresses(field.value, fallback))
  const id = fieldValue(fields, 'message-id')
  return {
    from: addresses('from')[0] ?? addresses('sender')[0] ?? null,
    to: addresses('to'),
    cc: addresses('cc'),
    replyTo: addresses('reply-to'),
    subject: decodeWords(fieldValue(fields, 'subject') ?? '', fallback).trim(),
    date: parseDate(fieldValue(fields, 'date') ?? ''),
    messageId: id === null ? null : ownMessageId(id),
    inReplyTo: messageIds(fieldValue(fields, 'in-reply-to') ?? '')[0] ?? null,
    references: messageIds(fields.filter((field) => field.name === 'references').map((field) => field.value).join(' '))
  }
}

function describeAttachment(raw: Buffer, leaf: Leaf, number: number): { info: AttachmentInfo; place: PartPlace } {
  const { header } = leaf
  const place: PartPlace = { start: leaf.start, end: leaf.end, encoding: header.encoding }
  const disposition = header.disposition ?? (header.contentId !== null && leaf.parent === 'multipart/related' ? 'inline' : 'attachment')
  const info = { name: nameAttachment(raw, leaf, number), contentType: header.type, size: decodedSize(raw, place), disposition, contentId: header.contentId, stripped: null }
  return { info, place }
}

function problemOf(raw: Buffer, header: Header, walked: Walked): Problem | null {
  if (raw.every((byte) => byte <= 32)) return { code: 'message-empty' }
  if (header.fields.length === 0) return { code: 'message-without-headers' }
  if (header.size > headerLimit) return { code: 'message-header-too-large', size: header.size, limit: headerLimit }
  if (walked.depth > partLimits.depth) return { code: 'message-too-deeply-nested', depth: walked.depth, limit: partLimits.depth }
  if (walked.parts > partLimits.parts) return { code: 'message-too-many-parts', parts: walked.parts, limit: partLimits.parts }
  return null
}
