import { categoryOf, type NoticeKind } from '#contract/notice.ts'
import type { OutboxKind } from '#contract/outbox.ts'
import type { Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { NewMail } from '../database/outbox-table.ts'
import { asciiDomain } from '../model/usable-address.ts'
import { isNotice, type AutomaticAnswer } from './decide.ts'
import type { DecidedMessage } from './message-fate.ts'
import { columnId, columnText, type WriteNeeds } from './write-needs.ts'

/** Puts what goes out because of messages into the outbox; its Message-IDs are known before it is sent, so that bounces and answers find their request. */
export async function writeAnswers(needs: WriteNeeds, decided: readonly DecidedMessage[]): Promise<void> {
  const domain = domainOf(needs.origin)
  const { categories } = needs.settings.alerts
  const wantedServer = ({ kind }: AutomaticAnswer): string | null => (noticeKinds[kind] === undefined ? null : categories[categoryOf[noticeKinds[kind]]].through)
  await putIntoOutbox(needs, decided.flatMap((one) => one.answers.map((answer) => ({ answer, request: one.request, domain, about: one.arrived.taken?.parsed.content.messageId ?? null, wantedServer: wantedServer(answer) }))))
}

/** What the technicians are told is of a category of notifications, which may have a server of its own. */
const noticeKinds: Partial<Record<AutomaticAnswer['kind'], NoticeKind>> = { 'attachments-stripped-notice': 'attachments-stripped', 'mail-returned-notice': 'mail-returned' }

/** A mail to be sent about a request; `about` is the Message-ID that it answers, `domain` the right side of its own, `wantedServer` the one that it must go through (left out: that of the partition). */
export type MailToPut = { answer: AutomaticAnswer; request: number | null; about: string | null; domain: string; wantedServer?: string | null }
type PutNeeds = Pick<WriteNeeds, 'partition' | 'at' | 'newId'> & { transaction: Transaction; tables: Pick<MailTables, 'outbox' | 'sent' | 'threads' | 'answered'> }

/** Puts mail about requests into the outbox, in the transaction of what it is about. */
export async function putIntoOutbox(needs: PutNeeds, given: readonly MailToPut[]): Promise<void> {
  const { transaction, tables, at } = needs
  const mails = given.map((one) => ({ answer: one.answer, mail: mailOf(needs, one) }))
  if (mails.length === 0) return
  await tables.outbox.add(transaction, mails.map(({ mail }) => mail))
  await tables.sent.add(transaction, mails.map(({ mail }) => ({ messageId: mail.messageId, request: mail.request, recipient: mail.to, at })))
  await tables.threads.add(transaction, mails.flatMap(({ mail }) => (mail.request === null ? [] : [{ messageId: mail.messageId, request: mail.request }])))
  await tables.answered.add(transaction, mails.filter(({ answer }) => !isNotice(answer)).map(({ mail }) => mail.to), at)
  await tables.answered.forgetBefore(transaction, new Date(Date.parse(at) - dayMs).toISOString())
}

const dayMs = 86_400_000

const kinds: Record<AutomaticAnswer['kind'], OutboxKind> = {
  acknowledgement: 'acknowledgement', 'request-mail': 'request-mail', 'request-mail-notice': 'request-mail', 'attachments-stripped': 'attachments-stripped', 'attachments-stripped-notice': 'attachments-stripped',
  'mail-returned-notice': 'mail-returned'
}

function mailOf({ partition, at, newId }: PutNeeds, { answer, request, about, domain, wantedServer = null }: MailToPut): NewMail {
  const answersIt = !isNotice(answer) || answer.kind === 'request-mail-notice'
  return {
    partition, wantedServer, to: columnText(answer.to), subject: columnText(answer.subject), content: answer.text, html: answer.html ?? null, kind: kinds[answer.kind], inReplyTo: answersIt ? columnId(about) : null,
    messageId: `<${newId()}@${domain}>`, request, createdAt: at, tries: 0, nextAt: at, problem: null
  }
}

/** In ASCII (RFC 5322 3.6.4), so that it comes back as it went out. */
function domainOf({ server }: WriteNeeds['origin']): string {
  const [domain = 'mailroom.invalid'] = [...(server?.addresses ?? []), server?.auth.user ?? ''].flatMap((one) => (one.includes('@') ? (asciiDomain(one.slice(one.lastIndexOf('@') + 1)) ?? []) : []))
  return domain.toLowerCase()
}
