import type { OutgoingServer, TestMail } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { OutgoingMessage } from '../mail/outgoing-transport.ts'
import type { MessageToCompose, PartToCompose } from '../mail/smtp/compose-message.ts'
import { picturesApart } from '../model/pictures-apart.ts'
import { textAsHtml } from '../model/text-as-html.ts'
import { asciiDomain, usableAddress } from '../model/usable-address.ts'
import { textFromHtml } from '../processing/parsing/text-from-html.ts'

/** `newId` gives the left side of a Message-ID, never twice the same. `sign` puts DKIM before a message whose server has it; throws ProblemError `dkim-key-unusable`. */
export type ComposeNeeds = {
  compose: (message: MessageToCompose) => Promise<Buffer>
  sign: (server: OutgoingServer, raw: Buffer) => Promise<Buffer>
  now: () => Date
  newId: () => string
  format: 'html' | 'plain'
}

/** Header fields besides the usual ones, a Message-ID that was fixed before the first try, when it was written, and the format where it is not the console's. */
export type OwnParts = { headers?: Readonly<Record<string, string>>; messageId?: string; /** The left side of a Message-ID whose right side is the sender's domain. */ idLeft?: string; date?: Date; format?: 'html' | 'plain' | null }
/** A mail as typed. With HTML it goes out as HTML with the text beside it, whatever the format; HTML is made of a text alone where the format wants it. */
export type WrittenMail = Omit<TestMail, 'html' | 'attachments'> & Partial<Pick<TestMail, 'html' | 'attachments'>>

/**
 * A mail as typed, ready to be sent: From is the sender name with the reply-to address, Bcc is in the envelope alone. With
 * `overrideTo` it goes to that address only and names the recipients it was for in `X-Mailroom-Original-To`. `own` is what is fixed already.
 * Throws ProblemError `recipient-unusable`, `mail-too-large`, `dkim-key-unusable`.
 */
export const composeMail = async (server: OutgoingServer, mail: WrittenMail, needs: ComposeNeeds, own: OwnParts = {}): Promise<OutgoingMessage> => {
  const everybody = unique([...mail.to, ...mail.cc, ...mail.bcc].map(usable))
  const overrideTo = server.overrideTo === null ? null : usable(server.overrideTo)
  const from = usableAddress(server.replyTo) ?? server.replyTo
  const messageId = own.messageId ?? `<${own.idLeft ?? needs.newId()}@${domainOf(from)}>`
  const attachments = mail.attachments ?? []
  refuseTooLarge(server, attachments.reduce((sum, { base64 }) => sum + base64.length, 0))
  const body = bodyOf(server, mail, own.format === 'plain' ? 'text' : (own.format ?? needs.format), bareId(messageId))
  const raw = await needs.compose({
    from: { name: server.senderName, address: from },
    to: overrideTo === null ? mail.to.map(usable) : [overrideTo],
    cc: overrideTo === null ? mail.cc.map(usable) : [],
    subject: mail.subject,
    ...body,
    parts: [...body.parts, ...attachments],
    date: own.date ?? needs.now(),
    messageId,
    // RFC 3834: keeps out-of-office replies and other desks from answering.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Mailer': 'Mailroom', ...own.headers, ...(overrideTo === null ? {} : { 'X-Mailroom-Original-To': everybody.join(', ') }) }
  })
  const signed = server.dkim === null ? raw : await needs.sign(server, raw)
  refuseTooLarge(server, signed.length)
  return { from, recipients: overrideTo === null ? everybody : [overrideTo], raw: signed, messageId }
}

/** Throws ProblemError `mail-too-large` with both sizes. */
function refuseTooLarge({ name, maxMailSize }: OutgoingServer, size: number): void {
  if (maxMailSize !== null && size > maxMailSize) throw new ProblemError({ code: 'mail-too-large', server: name, size, limit: maxMailSize, serverSaid: '' })
}

type Body = { text: string; html: string | null; parts: PartToCompose[] }

/** `text`: without HTML whatever was written. */
function bodyOf({ embeddedImages }: OutgoingServer, { text, html: written = null }: WrittenMail, format: 'html' | 'plain' | 'text', id: string): Body {
  const html = format === 'text' ? null : (written ?? (format === 'html' ? textAsHtml(text) : null))
  const beside = text.trim() === '' && written !== null ? textFromHtml(written) : text
  if (html === null || written === null || embeddedImages === 'base64') return { text: beside, html, parts: [] }
  const { html: apart, pictures } = picturesApart(html, (number) => `picture${number}.${id}`)
  return { text: beside, html: apart, parts: pictures }
}

const bareId = (messageId: string): string => messageId.replace(/[<>\s]/g, '')
const domainOf = (address: string): string => asciiDomain(address.slice(address.lastIndexOf('@') + 1))?.toLowerCase() ?? 'localhost'

function usable(written: string): string {
  const address = usableAddress(written)
  if (address === null) throw new ProblemError({ code: 'recipient-unusable', address: written.slice(0, 300) })
  return address
}

/** The same mailbox once, however its domain is written. */
function unique(addresses: readonly string[]): string[] {
  const seen = new Set<string>()
  return addresses.filter((address) => {
    const key = `${address.slice(0, address.lastIndexOf('@'))}@${domainOf(address)}`
    return !seen.has(key) && seen.add(key) !== undefined
  })
}
