import type { Address } from '#contract/message.ts'
import { sameAddress } from './is-for-mailbox.ts'

/**
 * What is known of a message's authors. `headers` are as written, names in lower case; `forwardedFrom` is who wrote the message inside
 * it (an attached message, or the header block of "Forwarded message" in the text). `forwarders` are mailboxes that forward here, and
 * the addresses that are served.
 */
export type ForwardedMail = {
  from: Address
  replyTo: readonly Address[]
  headers: readonly { name: string; value: string }[]
  forwardedFrom: Address | null
  forwarders: readonly string[]
}

/**
 * Who really wrote a message, and because of what, in words for an administrator. From stays unless it is a forwarder: Gmail, Zoho and
 * the mailbox forwarding and redirecting of Microsoft 365 keep it, whatever they do to the envelope (+caf_= and SRS return paths).
 *
 * Where From is a forwarder, what a machine wrote into the header goes before what a person may have typed into the text: a stranger
 * cannot become somebody else by a "From:" line in a mail that a group rewrites. Resent-From (RFC 5322 3.6.6) and X-Forwarded-For name
 * whoever forwarded, never who wrote, so they are not asked. Reply-To comes before the text only where From says "via", as groups and
 * lists that rewrite it do, and else last: a person who forwards by hand has a Reply-To of their own.
 * `addressesOf` reads the value of an address field.
 */
export function originalSender(mail: ForwardedMail, addressesOf: (value: string) => readonly Address[]): { from: Address; because: string } {
  const { from, forwarders } = mail
  const isForwarder = ({ address }: Address): boolean => forwarders.some((one) => sameAddress(one, address))
  if (!isForwarder(from)) return { from, because: forwardedNote(mail, addressesOf) ?? 'It was not forwarded: it is from whoever From names.' }
  const text = { where: 'the forwarded message in it', found: mail.forwardedFrom === null ? [] : [mail.forwardedFrom] }
  const answer = { where: 'Reply-To', found: mail.replyTo }
  const candidates = [...authorFields.map((name) => ({ where: shown(name), found: valuesOf(mail, name).flatMap((value) => addressesOf(value)) })), ...(isRewritten(from) ? [answer, text] : [text, answer])]
  for (const { where, found } of candidates) {
    const author = found.find((one) => one.address.includes('@') && !isForwarder(one))
    if (author !== undefined) return { from: named(author, from, where), because: `${from.address} forwarded it; ${where} names ${author.address}, who wrote it.` }
  }
  return { from, because: `${from.address} is a mailbox that forwards, but nothing in the message names another author.` }
}

/**
 * Fields in which who rewrites From keeps the author, the surest first: Author (RFC 9057), X-Original-From (Google Groups, Mailman),
 * X-Google-Original-From (Gmail's SMTP with a From that is not the account's), X-Original-Sender (Google Groups).
 */
export const authorFields: readonly string[] = ['author', 'x-original-from', 'x-google-original-from', 'x-original-sender']

const valuesOf = ({ headers }: ForwardedMail, name: string): string[] => headers.filter((field) => field.name === name).map(({ value }) => value.slice(0, 2_000))
const shown = (name: string): string => name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase())

/** `Ann via IT` as Google Groups and Mailman write it for domains whose DMARC policy would refuse the message. */
const viaName = /^(.*?)\s+(?:via|über|por|par|tramite|przez|přes|från|através de)\s+\S/iu
const isRewritten = ({ name }: Address): boolean => viaName.test(name)

/** The author's name; where the field has the address alone, the name in From before "via". */
function named(author: Address, from: Address, where: string): Address {
  if (author.name !== '' || !where.startsWith('X-') || !isRewritten(from)) return author
  return { ...author, name: (viaName.exec(from.name)?.[1] ?? '').replace(/^['"‘“]+|['"’”]+$/g, '').trim() }
}

/** Says who forwarded a message that kept its From; null where nothing shows that anybody did. */
function forwardedNote(mail: ForwardedMail, addressesOf: (value: string) => readonly Address[]): string | null {
  const by = ['x-forwarded-for', 'resent-from', 'x-ms-exchange-inbox-rules-loop'].flatMap((name) => valuesOf(mail, name).flatMap((value) => addressesOf(name === 'x-forwarded-for' ? (value.trim().split(/[\s,]+/)[0] ?? '') : value)))[0]
  return by === undefined || sameAddress(by.address, mail.from.address) ? null : `${by.address} forwarded it and kept its From.`
}
