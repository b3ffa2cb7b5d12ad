import type { MessageContent } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { decodeWords } from './decode-words.ts'
import { fingerprint } from './fingerprint.ts'
import { forwardedFrom } from './forwarded-from.ts'
import { messageIds, ownMessageId } from './message-ids.ts'
import { parseAddresses } from './parse-addresses.ts'
import { parseDate } from './parse-date.ts'
import { readBounce } from './read-bounce.ts'
import { readEntity, type Entity } from './read-entity.ts'
import { fieldValue, headerLimit, readHeader, type Header } from './read-header.ts'
import { partLimits } from './walk-parts.ts'
import type { HeaderField, ParsedMessage } from './parsed-message.ts'

/**
 * Parses a raw message (RFC 5322, MIME) whatever its bytes are: never throws, in time that grows with its size alone. Attachment
 * bodies are located and measured, not decoded; see `attachmentBytes`.
 */
export function parseMessage(raw: Buffer): ParsedMessage {
  const bytes = withLineFeeds(raw)
  const header = readHeader(bytes, beginning(bytes), bytes.length)
  const entity = readEntity(bytes, header)
  const { text, html, protection, calendar, leaves } = entity
  const written = envelope(header.fields, entity.fallback)
  const attachments = entity.attachments.map(({ info }) => info)
  const bounce = readBounce({ bytes, fields: header.fields, leaves, text, from: written.from?.address ?? '', to: written.to.map(({ address }) => address) })
  return {
    content: { ...written, text, html, attachments, protection, calendar },
    headers: header.fields,
    places: entity.attachments.map(({ place }) => place),
    kinds: entity.attachments.map(({ kind }) => kind),
    fingerprint: fingerprint(bytes, header.fields, header.bodyStart),
    size: raw.length,
    bounce,
    forwardedFrom: bounce === null ? forwardedFrom(bytes, leaves, written.subject, text) : null,
    problem: problemOf(bytes, header, entity)
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

function problemOf(raw: Buffer, header: Header, walked: Pick<Entity, 'depth' | 'parts'>): Problem | null {
  if (raw.every((byte) => byte <= 32)) return { code: 'message-empty' }
  if (header.fields.length === 0) return { code: 'message-without-headers' }
  if (header.size > headerLimit) return { code: 'message-header-too-large', size: header.size, limit: headerLimit }
  if (walked.depth > partLimits.depth) return { code: 'message-too-deeply-nested', depth: walked.depth, limit: partLimits.depth }
  if (walked.parts > partLimits.parts) return { code: 'message-too-many-parts', parts: walked.parts, limit: partLimits.parts }
  return null
}
