import type { OutgoingServer, TestMail } from '#contract/outgoing-server.ts'
import type { OutgoingMessage } from '../mail/outgoing-transport.ts'
import type { MessageToCompose } from '../mail/smtp/compose-message.ts'

/** `newId` gives the left side of a Message-ID, never twice the same. */
export type ComposeNeeds = { compose: (message: MessageToCompose) => Promise<Buffer>; now: () => Date; newId: () => string; format: 'html' | 'plain' }

/** Header fields besides the usual ones, a Message-ID that was fixed before the first try, and the format where it is not the console's. */
export type OwnParts = { headers?: Readonly<Record<string, string>>; messageId?: string; /** The left side of a Message-ID whose right side is the sender's domain. */ idLeft?: string; format?: 'html' | 'plain' | null }

/**
 * A mail as typed, ready to be sent: From is the sender name with the reply-to address, Bcc is in the envelope alone. With
 * `overrideTo` it goes to that address only and names the recipients it was for in `X-Mailroom-Original-To`. `own` is what is fixed already.
 */
export const composeMail = async (server: OutgoingServer, mail: TestMail, needs: ComposeNeeds, own: OwnParts = {}): Promise<OutgoingMessage> => {
  const everybody = unique([...mail.to, ...mail.cc, ...mail.bcc])
  const overridden = server.overrideTo !== null
  const messageId = own.messageId ?? `<${own.idLeft ?? needs.newId()}@${domainOf(server.replyTo)}>`
  const raw = await needs.compose({
    from: { name: server.senderName, address: server.replyTo },
    to: server.overrideTo === null ? mail.to : [server.overrideTo],
    cc: overridden ? [] : mail.cc,
    subject: mail.subject,
    text: mail.text,
    html: (own.format ?? needs.format) === 'html' ? htmlOf(mail.text) : null,
    date: needs.now(),
    messageId,
    // RFC 3834: keeps out-of-office replies and other desks from answering.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Mailer': 'Mailroom', ...own.headers, ...(overridden ? { 'X-Mailroom-Original-To': everybody.join(', ') } : {}) }
  })
  return { from: server.replyTo, recipients: server.overrideTo === null ? everybody : [server.overrideTo], raw, messageId }
}

/** Text as a simple HTML document: paragraphs and line breaks, nothing else. */
const htmlOf = (text: string): string => {
  const escaped = text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
  const paragraphs = escaped.split(/\n{2,}/).map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`)
  return `<!DOCTYPE html><html><body>${paragraphs.join('')}</body></html>`
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** The same mailbox once, however its domain is written. */
function unique(addresses: readonly string[]): string[] {
  const seen = new Set<string>()
  return addresses.filter((address) => {
    const key = `${address.slice(0, address.lastIndexOf('@'))}@${domainOf(address)}`
    return !seen.has(key) && seen.add(key) !== undefined
  })
}
