import type { AttachmentInfo, MessageContent } from '#contract/message.ts'
import { realContentType, recognisedFrom, type ContentKind } from '../../model/real-content-type.ts'
import { attachmentBeginning } from './attachment-bytes.ts'
import { readCalendar, type CalendarPart } from './calendar.ts'
import { readCms } from './cms-content.ts'
import { decodeCharset } from './decode-charset.ts'
import { messageText, type Bodies, type FileInText } from './message-text.ts'
import { nameAttachment } from './name-attachment.ts'
import { partHeader } from './part-header.ts'
import { isSmimeData, protectionOfParts, readArmor, wordsForEncrypted, type Protection } from './protection.ts'
import { readHeader, type Header } from './read-header.ts'
import { textFromHtml } from './text-from-html.ts'
import { readTnef } from './tnef/read-tnef.ts'
import { decodeBody, decodedSize } from './transfer-encoding.ts'
import { walkParts, type Leaf } from './walk-parts.ts'
import type { PartPlace } from './parsed-message.ts'

export type FoundAttachment = { info: AttachmentInfo; place: PartPlace; kind: ContentKind | null }

/** A MIME entity read to its ground: what stands in S/MIME, winmail.dat and uuencoded blocks is part of it. `fallback` is the charset for what names none. */
export type Entity = Required<Pick<MessageContent, 'text' | 'html' | 'protection' | 'calendar'>> & { attachments: FoundAttachment[]; leaves: Leaf[]; fallback: string; depth: number; parts: number }

/** S/MIME in S/MIME (RFC 2634 triple wrapping has three layers) is read so far. */
const deepest = 4
/** Attachments within another part are few; each is cut out of that part again when it is asked for. */
const mostWithin = 200
const tnefTypes = new Set(['application/ms-tnef', 'application/vnd.ms-tnef'])
const calendarTypes = new Set(['text/calendar', 'application/ics', 'text/x-vcalendar'])
const longestCalendar = 500_000

/** Reads the entity whose header this is, from its body to the end of the bytes. Never throws. */
export function readEntity(bytes: Buffer, header: Header, layer = 0): Entity {
  const root = partHeader(header.fields, 'text/plain')
  const { leaves, depth, parts } = walkParts(bytes, header.bodyStart, bytes.length, root)
  const fallback = root.parameters.get('charset') ?? leaves.find((leaf) => leaf.header.parameters.has('charset'))?.header.parameters.get('charset') ?? ''
  const bodies = messageText(bytes, leaves, fallback)
  const calendar = calendarOf(bytes, leaves)
  const found: Gathered = { bytes, layer, text: bodies.text, html: bodies.html, protection: protectionOfParts(leaves), calendar: calendar?.calendar ?? null, attachments: [] }
  if (found.text.includes('-----BEGIN PGP ')) takeArmor(found)
  for (const leaf of bodies.attachments) if (!takeSmime(found, leaf) && !takeTnef(found, leaf)) found.attachments.push(describe(bytes, leaf, found.attachments.length + 1))
  for (const file of bodies.files.slice(0, mostWithin)) found.attachments.push(describeFile(bytes, file))
  if (found.text === '') found.text = otherText(bytes, bodies, fallback) || (calendar?.text ?? '') || wordsForEncrypted(found.protection)
  const { text, html, protection, attachments } = found
  return { text, html, protection, calendar: found.calendar, attachments, leaves, fallback, depth, parts }
}

type Gathered = Pick<Entity, 'text' | 'html' | 'protection' | 'calendar' | 'attachments'> & { bytes: Buffer; layer: number }

function takeArmor(found: Gathered): void {
  const armor = readArmor(found.text)
  found.text = armor.text
  found.protection ??= armor.protection
}

/** Takes in what an S/MIME part holds; false where it is none, is damaged or cannot be read and stays an attachment. */
function takeSmime(found: Gathered, leaf: Leaf): boolean {
  if (!isSmimeData(leaf)) return false
  const place = placeOf(leaf)
  const cms = readCms(decodeBody(found.bytes, place))
  if (cms !== null) found.protection = stronger(found.protection, cms.kind === 'encrypted' ? 'smime-encrypted' : cms.kind === 'signed' ? 'smime-signed' : null)
  else found.protection ??= declared(leaf)
  if (cms === null || cms.kind === 'encrypted' || found.layer >= deepest) return false
  const inner = readEntity(cms.content, readHeader(cms.content, 0, cms.content.length), found.layer + 1)
  found.text = [found.text, inner.text].filter((text) => text !== '').join('\n')
  found.html ??= inner.html
  found.calendar ??= inner.calendar
  found.protection = stronger(found.protection, inner.protection)
  for (const { info, place: innerPlace, kind } of inner.attachments.slice(0, mostWithin)) found.attachments.push({ info, kind, place: withinPart(innerPlace, place) })
  return true
}

/** The same place, counted from the raw message on: innermost parts lie in parts that lie in the S/MIME part. */
const withinPart = (place: PartPlace, outer: PartPlace): PartPlace => ({ ...place, within: place.within ? { ...place.within, place: withinPart(place.within.place, outer) } : { place: outer, as: 'cms' } })

const stronger = (one: Protection | null, other: Protection | null): Protection | null => (one?.endsWith('encrypted') ? one : other?.endsWith('encrypted') ? other : (one ?? other))

/** What `smime-type` says of a body that cannot be looked into (RFC 8551 3.2.2). */
function declared({ header }: Leaf): Protection | null {
  const type = header.parameters.get('smime-type')?.toLowerCase() ?? ''
  return type.includes('enveloped') ? 'smime-encrypted' : type.startsWith('signed') ? 'smime-signed' : null
}

/** Takes in the files and, where the mail has none of its own, the text of a winmail.dat; false where it is none or damaged. */
function takeTnef(found: Gathered, leaf: Leaf): boolean {
  const { header } = leaf
  if (!tnefTypes.has(header.type) && !/^winmail\.dat$/i.test(header.fileName ?? '')) return false
  const place = placeOf(leaf)
  const decoded = decodeBody(found.bytes, place)
  const tnef = readTnef(decoded)
  if (tnef === null) return false
  for (const { name, contentType, contentId, hidden, start, end } of tnef.files) {
    const info: AttachmentInfo = { name, contentType: contentType || 'application/octet-stream', size: end - start, disposition: hidden || contentId !== null ? 'inline' : 'attachment', contentId, stripped: null }
    found.attachments.push({ info, place: { ...place, inside: { start, end } }, kind: realContentType(decoded.subarray(start, Math.min(end, start + recognisedFrom))) })
  }
  if (found.text.trim() !== '') return true
  found.html ??= tnef.html
  found.text = tnef.text ?? (tnef.html === null ? '' : textFromHtml(tnef.html))
  return true
}

const placeOf = ({ start, end, header }: Leaf): PartPlace => ({ start, end, encoding: header.encoding })

function describe(bytes: Buffer, leaf: Leaf, number: number): FoundAttachment {
  const { header } = leaf
  const place = placeOf(leaf)
  const disposition = header.disposition ?? (header.contentId !== null && leaf.parent === 'multipart/related' ? 'inline' : 'attachment')
  const info: AttachmentInfo = { name: nameAttachment(bytes, leaf, number), contentType: header.type, size: decodedSize(bytes, place), disposition, contentId: header.contentId, stripped: null }
  return { info, place, kind: realContentType(attachmentBeginning(bytes, place, recognisedFrom)) }
}

/** A uuencoded file lies in the raw message where its text part is not encoded itself. */
function describeFile(bytes: Buffer, { leaf, name, start, end, size }: FileInText): FoundAttachment {
  const outer = placeOf(leaf)
  const plain = outer.encoding === 'identity'
  const place: PartPlace = plain ? { start: outer.start + start, end: outer.start + end, encoding: 'uuencode' } : { start, end, encoding: 'uuencode', within: { place: outer, as: 'part' } }
  const info: AttachmentInfo = { name: decodeCharset(Buffer.from(name, 'latin1'), ''), contentType: 'application/octet-stream', size, disposition: 'attachment', contentId: null, stripped: null }
  return { info, place, kind: realContentType(attachmentBeginning(plain ? bytes : decodeBody(bytes, outer), place, recognisedFrom)) }
}

function calendarOf(bytes: Buffer, leaves: readonly Leaf[]): CalendarPart | null {
  const leaf = leaves.find(({ header }) => calendarTypes.has(header.type))
  return leaf === undefined ? null : readCalendar(textOf(bytes, leaf, '', longestCalendar))
}

/** A mail whose only text is of another kind, such as text/enriched (RFC 1896) or text/markdown, is read from that. */
function otherText(bytes: Buffer, { attachments, html }: Bodies, fallback: string): string {
  if (html !== null) return ''
  const leaf = attachments.find(({ header }) => /^text\/(?:enriched|richtext|markdown|x-markdown|watch-html|x-amp-html)$/.test(header.type) && header.fileName === null && header.disposition !== 'attachment')
  if (leaf === undefined) return ''
  const text = textOf(bytes, leaf, fallback, 1_000_000).trim()
  if (!/enriched|richtext/.test(leaf.header.type)) return text
  return text.replace(/<param>[^<]*<\/param>/gi, '').replace(/\n(\n*)/g, (_, more: string) => (more === '' ? ' ' : more)).replace(/<nl>/gi, '\n').replace(/<(?!<)[^<>]{1,60}>/g, '').replaceAll('<<', '<').trim()
}

function textOf(bytes: Buffer, { start, end, header }: Leaf, fallback: string, longest: number): string {
  return decodeCharset(decodeBody(bytes, { start, end: Math.min(end, start + longest), encoding: header.encoding }), header.parameters.get('charset') ?? '', fallback).replace(/\r\n?/g, '\n')
}
