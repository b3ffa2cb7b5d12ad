import type { OutboxKind } from '#contract/outbox.ts'
import type { NewMail } from '../database/outbox-table.ts'
import { isNotice, type AutomaticAnswer } from './decide.ts'
import type { DecidedMessage } from './message-fate.ts'
import { columnId, columnText, type WriteNeeds } from './write-needs.ts'

/** Puts what goes out because of messages into the outbox; its Message-IDs are known before it is sent, so that bounces and answers find their request. */
export async function writeAnswers(needs: WriteNeeds, decided: readonly DecidedMessage[]): Promise<void> {
  const { transaction, tables, at } = needs
  const mails = decided.flatMap((one) => one.answers.map((answer) => ({ answer, mail: mailOf(needs, one, answer) })))
  if (mails.length === 0) return
  await tables.outbox.add(transaction, mails.map(({ mail }) => mail))
  await tables.sent.add(transaction, mails.map(({ mail }) => ({ messageId: mail.messageId, request: mail.request, recipient: mail.to, at })))
  await tables.threads.add(transaction, mails.flatMap(({ mail }) => (mail.request === null ? [] : [{ messageId: mail.messageId, request: mail.request }])))
  await tables.answered.add(transaction, mails.filter(({ answer }) => !isNotice(answer)).map(({ mail }) => mail.to), at)
  await tables.answered.forgetBefore(transaction, new Date(Date.parse(at) - dayMs).toISOString())
}

const dayMs = 86_400_000

function mailOf({ origin, partition, at, newId }: WriteNeeds, one: DecidedMessage, answer: AutomaticAnswer): NewMail {
  return {
    partition, to: columnText(answer.to), subject: columnText(answer.subject), content: answer.text,
    inReplyTo: isNotice(answer) ? null : columnId(one.arrived.taken?.parsed.content.messageId ?? null),
    messageId: `<${newId()}@${domainOf(origin)}>`, request: one.request, createdAt: at, tries: 0, nextAt: at, problem: null, kind: kindOf(answer)
  }
}

const kindOf = ({ kind }: AutomaticAnswer): OutboxKind => (kind === 'attachments-stripped-notice' ? 'attachments-stripped' : kind === 'mail-returned-notice' ? 'mail-returned' : kind)

function domainOf({ server }: WriteNeeds['origin']): string {
  const address = [...(server?.addresses ?? []), server?.auth.user ?? ''].find((one) => one.includes('@')) ?? ''
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase() || 'mailroom.invalid'
}
