import type { RequestMailEvent } from '#contract/mail-template.ts'
import { placeholderValues, type ToldOfRequest } from '../../model/fill-mail-template.ts'
import { hasDomainOf, isAmong, sameAddress } from '../../model/is-for-mailbox.ts'
import { mergeValues } from '../../model/merge-values.ts'
import { requestMailRecipients, rulesFor, type MailGuards, type RequestMailRecipients } from '../../model/request-mail-recipients.ts'
import { requestSubject } from '../../model/request-subject.ts'
import type { AutomaticAnswer } from '../../requests/decide.ts'
import type { Findings, StepInput } from '../step.ts'
import { makesRequest } from '../steps/template.ts'
import { writeMail, type WrittenMail } from './write-mail.ts'

/** Mail that the rules `requestMails` want because of a message. `silent` says in sentences who gets none and why. */
export type RequestMailsWanted = Pick<RequestMailRecipients, 'silent' | 'loop'> & { mails: AutomaticAnswer[] }

export function requestMails(input: StepInput, findings: Findings): RequestMailsWanted {
  const happened = whatHappened(input, findings)
  const nothing: RequestMailsWanted = { mails: [], silent: [], loop: null }
  if (happened === null || rulesFor(input.settings.requestMails, happened.event, happened.told.partition).length === 0) return nothing
  const { event, told } = happened
  const { content, headers } = input.parsed
  const { recipients, silent, loop } = requestMailRecipients(input.settings.requestMails, {
    event, partition: told.partition, requester: told.requester.address, values: told.values, cc: content.cc.map(({ address }) => address),
    cause: { writer: findings.sender.address, automatic: findings.automatic, byConsole: headers.some(({ name, value }) => name === 'x-mailer' && value.trim() === 'Mailroom'), asksForSilence: asksForSilence(headers) }
  }, mailGuards(input))
  const values = placeholderValues(told)
  const written = new Map(recipients.map(({ rule }) => [rule, writeMail(rule.template, values, input.settings.processing.emailCommand)]))
  const mails = recipients.map(({ rule, to, isAnswer }): AutomaticAnswer => ({ to, kind: isAnswer ? 'request-mail' : 'request-mail-notice', ...(written.get(rule) as WrittenMail) }))
  return { mails, silent, loop }
}

/** [MS-OXCMAIL] 2.2.3.2.14: the sender asks for no automatic answers. */
export const asksForSilence = (headers: StepInput['parsed']['headers']): boolean => /\b(?:all|autoreply)\b/i.test(headers.find(({ name }) => name === 'x-auto-response-suppress')?.value ?? '')

/** What a template can tell of the request that a message makes, changes or belongs to, as it is afterwards; null where there is none. */
export function toldOfRequest({ parsed, conversations, people, outgoing, place, next }: StepInput, { commanded, operation, replyTo, sender, values }: Findings): ToldOfRequest | null {
  const message = parsed.content.text
  const { senderName } = outgoing
  if (makesRequest({ operation, replyTo })) return { number: next.number, subject: requestSubject(commanded?.subject ?? parsed.content.subject, message), status: commanded?.status ?? 'open', requester: commanded?.requester ?? sender, partition: place, createdAt: next.at, values, message, senderName }
  const change = operation === 'add' ? null : operation
  const number = change?.request ?? replyTo
  const request = number === null ? null : conversations.request(number)
  if (request === null) return null
  const requester = change?.requester ?? { name: sameAddress(request.requester, sender.address) ? sender.name : (people.byAddress(request.requester)?.name ?? ''), address: request.requester }
  return { ...request, status: change?.status ?? request.status, requester, values: mergeValues(request.values, change?.values ?? {}), message, senderName }
}

/** A report on mail of ours tells nobody: the mail about it could come back as well. */
function whatHappened(input: StepInput, findings: Findings): { event: RequestMailEvent; told: ToldOfRequest } | null {
  if (findings.bounce !== null) return null
  const event = eventOf(findings)
  const told = event === null ? null : toldOfRequest(input, findings)
  return event === null || told === null ? null : { event, told }
}

function eventOf({ operation, replyTo }: Findings): RequestMailEvent | null {
  if (makesRequest({ operation, replyTo })) return 'request-created'
  if (operation === null || operation === 'add') return 'reply-received'
  return operation.status === null ? null : operation.status === 'closed' ? 'request-closed' : 'request-reopened'
}

const mailGuards = ({ outgoing, people, recent, settings }: StepInput): MailGuards => ({
  isOurs: (address) => isAmong(outgoing.ours, address),
  isOurDomain: (address) => hasDomainOf(outgoing.ours, address),
  isUnusable: (address) => Boolean(people.byAddress(address)?.undeliverableSince),
  answersTo: recent.answersTo,
  mailsFrom: recent.mailsFrom,
  mostPerHour: settings.processing.answers.mostPerHour,
  addressOfName: (name) => people.byName(name)?.address ?? null
})
