import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { OutboxKind } from '#contract/outbox.ts'
import type { StoredMail } from '../database/outbox-table.ts'
import type { OutgoingMessage } from '../mail/outgoing-transport.ts'
import { withConversationMark } from '../model/conversation-mark.ts'
import { ownCode, ownMailField } from '../model/own-mail-field.ts'
import { composeMail, type ComposeNeeds } from './compose-mail.ts'

/** Throws ProblemError recipient-unusable, mail-too-large, dkim-key-unusable. */
export type ComposeOutboxMail = (server: OutgoingServer, mail: StoredMail) => Promise<OutgoingMessage>

export type ComposeOutboxNeeds = Omit<ComposeNeeds, 'format' | 'now'> & {
  /** The format that the console writes in, and that of a person where each may have an own; null: the console's. */
  format: () => Promise<'html' | 'plain'>
  formatOf: (address: string) => Promise<'html' | 'plain' | null>
}

/**
 * A mail of the outbox as it goes through a server, the same at each try but for boundaries and signature: its Message-ID and Date are those that it was written with, the id of
 * its request stands where the server wants it, and it says that nobody wrote it. A code goes to its own address whatever stands in for all others: it would prove nothing elsewhere.
 */
export const createComposeOutboxMail = (needs: ComposeOutboxNeeds): ComposeOutboxMail => async (server, mail) => {
  const marked = withConversationMark({ subject: mail.subject, text: mail.content, html: mail.html }, mail.request, server.conversationId)
  const format = (await needs.formatOf(mail.to)) ?? (await needs.format())
  const written = { to: [mail.to], cc: [], bcc: [], ...marked }
  const date = new Date(mail.createdAt)
  const through = mail.kind === 'code' ? { ...server, overrideTo: null } : server
  return composeMail(through, written, { ...needs, format, now: () => date }, { messageId: mail.messageId, format, headers: headersOf(mail) })
}

/** Mail of the console itself answers nobody, whatever it refers to. */
const ofTheConsole: ReadonlySet<OutboxKind> = new Set(['notice', 'code'])

/**
 * RFC 3834: 5 Auto-Submitted, 3.1.4 and 3.1.5 In-Reply-To and References. What answers would be to nobody is asked not to be sent, but reports of what did not arrive are wanted: they are
 * tied to the request and mark the address, which is also why the envelope sender is not empty (3.3). MS-OXCMAIL 2.2.3.2.14 names the values.
 */
function headersOf({ kind, inReplyTo }: StoredMail): Record<string, string> {
  const suppressed = { 'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply' }
  if (ofTheConsole.has(kind)) return { ...suppressed, [ownMailField]: kind === 'code' ? ownCode : 'yes' }
  const answered = inReplyTo === null ? null : /^\s*(<[^<>\s]{1,900}>)\s*$/.exec(inReplyTo)?.[1]
  return { ...suppressed, ...(answered ? { 'Auto-Submitted': 'auto-replied', 'In-Reply-To': answered, References: answered } : {}) }
}
