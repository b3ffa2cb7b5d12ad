import type { BounceReport } from '#contract/bounce.ts'
import { bounceInText, statusIn } from './bounce-in-text.ts'
import { decodeCharset } from './decode-charset.ts'
import { decodeWords } from './decode-words.ts'
import { messageIds, ownMessageId } from './message-ids.ts'
import type { HeaderField } from './parsed-message.ts'
import { fieldValue, readHeader } from './read-header.ts'
import { decodeBody } from './transfer-encoding.ts'
import type { Leaf } from './walk-parts.ts'

export type Recipient = BounceReport['recipients'][number]
/** `from` and `to` are addresses of the report itself. */
type Source = { bytes: Buffer; fields: readonly HeaderField[]; leaves: readonly Leaf[]; text: string; from: string; to: readonly string[] }

const statusTypes = new Set(['message/delivery-status', 'message/global-delivery-status'])
const originalTypes = new Set(['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global-headers'])
const actions = new Set<string>(['failed', 'delayed', 'delivered', 'relayed', 'expanded'])
const longest = 1_000_000
const mostRecipients = 1_000

/**
 * A report on mail that was sent: by its parts (RFC 3464, RFC 6533), or by its text where a mail system writes that alone. null: it is
 * none. The Message-ID is taken from the copy that comes with the report, otherwise from what it answers.
 */
export function readBounce(source: Source): BounceReport | null {
  const status = source.leaves.find(({ header, parent }) => statusTypes.has(header.type) && (parent === 'multipart/report' || isFromMailSystem(source)))
  const recipients = status === undefined ? [] : readStatus(textOf(source.bytes, status))
  if (recipients.length > 0) return { messageId: originalId(source), recipients }
  if (status === undefined && !isFromMailSystem(source)) return null
  const found = bounceInText(source.text, failedRecipients(source.fields), source.to)
  return found.length === 0 ? null : { messageId: originalId(source), recipients: found }
}

/** Does the header say that a mail system wrote it? An empty return path alone is had by any automatic answer. */
function isFromMailSystem({ fields, from }: Source): boolean {
  if (fieldValue(fields, 'x-failed-recipients') !== null) return true
  if (from === '' && fieldValue(fields, 'return-path')?.replace(/\s/g, '') === '<>') return true
  return /^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|microsoftexchange[0-9a-f]+)(?:@|$)|^mdaemon@/i.test(from) || /report-type="?delivery-status/i.test(fieldValue(fields, 'content-type') ?? '')
}

const failedRecipients = (fields: readonly HeaderField[]): string[] =>
  fields.filter(({ name }) => name === 'x-failed-recipients').flatMap(({ value }) => value.split(/[\s,;]+/)).filter((address) => address.includes('@')).slice(0, mostRecipients)

/** RFC 3464 2: groups of fields; the first is about the message, each further one about a recipient. */
function readStatus(text: string): Recipient[] {
  const recipients: Recipient[] = []
  for (const group of text.split(/\n(?:[ \t]*\n)+/)) {
    if (recipients.length >= mostRecipients) break
    const fields = new Map<string, string>()
    for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n')) {
      const colon = line.indexOf(':')
      const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
      if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
    }
    const recipient = recipientOf(fields)
    if (recipient !== null) recipients.push(recipient)
  }
  return recipients
}

function recipientOf(fields: Map<string, string>): Recipient | null {
  const final = addressOf(fields.get('final-recipient') ?? '')
  // The address that the sender wrote to; the final one may be where it was redirected to.
  const address = addressOf(fields.get('original-recipient') ?? '') || final
  if (address === '') return null
  const diagnostic = decodeWords((fields.get('diagnostic-code') ?? '').replace(/^[\w.-]+\s*;\s*/, '')).trim().slice(0, 2_000)
  const reported = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0] ?? ''
  const answered = statusIn(diagnostic)
  // Many systems report only the class and leave the reason to the answer of the other side.
  const status = reported === '' || (reported.endsWith('.0.0') && answered.startsWith(reported.charAt(0))) ? answered || reported : reported
  const written = /^[a-z]+/.exec((fields.get('action') ?? '').toLowerCase())?.[0] ?? ''
  const action = actions.has(written) ? (written as Recipient['action']) : status.startsWith('2') ? 'delivered' : status.startsWith('4') ? 'delayed' : 'failed'
  return { address, action, status: status === '' ? (action === 'failed' ? '5.0.0' : action === 'delayed' ? '4.0.0' : '2.0.0') : status, diagnostic }
}

/** `rfc822; ann@example.com`, `utf-8; p\x{E9}l@example.com` (RFC 6533 3), or without the type as old systems write it. */
function addressOf(value: string): string {
  const typed = /^\s*([\w.-]+)\s*;(.*)$/s.exec(value)
  const written = (typed?.[2] ?? value).replace(/\([^)]*\)/g, ' ').trim()
  const plain = /<([^<>]*)>/.exec(written)?.[1] ?? written
  const whole = /^utf-8$/i.test(typed?.[1] ?? '') ? plain.replace(/\\x\{([0-9A-Fa-f]{1,6})\}/g, (whole, hex: string) => (Number.parseInt(hex, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(hex, 16)) : whole)) : plain
  const tidy = whole.replace(/[\x00-\x20\x7f]+/g, '').toWellFormed().slice(0, 500)
  const at = tidy.lastIndexOf('@')
  return at === -1 ? tidy : `${tidy.slice(0, at)}@${tidy.slice(at + 1).toLowerCase()}`
}

function originalId({ bytes, leaves, fields, text }: Source): string | null {
  for (const leaf of leaves) {
    if (!originalTypes.has(leaf.header.type)) continue
    const copy = Buffer.from(textOf(bytes, leaf, 262_144), 'utf8')
    const id = fieldValue(readHeader(copy, 0, copy.length).fields, 'message-id')
    if (id !== null) return ownMessageId(id)
  }
  const inText = /^[ \t>]{0,8}Message-Id:\s{1,4}(<[^<>\s]{1,500}>)/im.exec(text)?.[1]
  return inText ?? messageIds(fieldValue(fields, 'in-reply-to') ?? '')[0] ?? messageIds(fieldValue(fields, 'references') ?? '').at(-1) ?? null
}

function textOf(bytes: Buffer, { start, end, header }: Leaf, limit = longest): string {
  const decoded = decodeBody(bytes, { start, end: Math.min(end, start + limit), encoding: header.encoding })
  return decodeCharset(decoded, header.parameters.get('charset') ?? '').replace(/\r\n?/g, '\n').trimStart()
}
