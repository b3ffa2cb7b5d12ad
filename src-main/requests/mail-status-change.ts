import { ProblemError } from '#contract/problem.ts'
import type { RequestRow } from '#contract/request.ts'
import type { Settings } from '#contract/settings.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { placeholderValues } from '../model/fill-mail-template.ts'
import { firstAddress } from '../model/first-address.ts'
import { countedAs, hasDomainOf, isAmong } from '../model/is-for-mailbox.ts'
import { requestMailRecipients, rulesFor, type MailGuards, type RequestMailRule } from '../model/request-mail-recipients.ts'
import { writeMail } from '../processing/mails/write-mail.ts'
import type { OutgoingMailFacts } from './decide.ts'
import type { CommitNeeds } from './message-fate.ts'
import { readEntry } from './removed-parts.ts'
import type { StoredMessages } from './stored-messages.ts'
import { putIntoOutbox } from './write-answers.ts'

export type StatusMailNeeds = Pick<CommitNeeds, 'outgoing' | 'newId'> & { database: Database; tables: MailTables; messages: StoredMessages }
/** What has to be read before the transaction begins; `cc` are the addresses in Cc of the mail that made the request. */
export type StatusMailFacts = { rules: readonly RequestMailRule[]; outgoing: OutgoingMailFacts; cc: readonly string[] }

/** What is needed for telling of a request that somebody in the console is about to close or reopen; null where no rule asks for it. */
export async function statusMailFacts(needs: StatusMailNeeds, settings: Settings, request: RequestRow, status: 'open' | 'closed'): Promise<StatusMailFacts | null> {
  const rules = rulesFor(settings.requestMails, status === 'closed' ? 'request-closed' : 'request-reopened', request.partition)
  if (rules.length === 0) return null
  return { rules, outgoing: await needs.outgoing(request.partition), cc: rules.some(({ to }) => to.includes('cc')) ? await ccOf(needs, request.number) : [] }
}

/** Puts what the rules want into the outbox; answers how many mails that are. `request` is as it is now. */
export async function putStatusMails(needs: Pick<StatusMailNeeds, 'tables' | 'newId'>, transaction: Transaction, facts: StatusMailFacts, settings: Settings, request: RequestRow, at: string): Promise<number> {
  const { rules, outgoing, cc } = facts
  const { people, guards } = await knownPeople(needs, transaction, facts, settings, request, at)
  const [{ event }] = rules as readonly [RequestMailRule]
  const { recipients } = requestMailRecipients(rules, { event, partition: request.partition, requester: request.requester, values: request.values, cc, cause: null }, guards)
  const values = placeholderValues({ ...request, requester: { name: people.get(request.requester.toLowerCase())?.name ?? '', address: request.requester }, message: '', senderName: outgoing.senderName })
  const mails = recipients.map(({ rule, to, isAnswer }) => ({
    answer: { to, kind: isAnswer ? ('request-mail' as const) : ('request-mail-notice' as const), ...writeMail(rule.template, values, settings.processing.emailCommand) }, request: request.number, about: request.messageId, domain: outgoing.domain
  }))
  await putIntoOutbox({ transaction, tables: needs.tables, partition: request.partition, at, newId: needs.newId }, mails)
  return mails.length
}

const hourMs = 3_600_000

async function knownPeople({ tables }: Pick<StatusMailNeeds, 'tables'>, transaction: Transaction, { rules, outgoing, cc }: StatusMailFacts, settings: Settings, { requester, values }: RequestRow, at: string): Promise<{ people: Awaited<ReturnType<MailTables['people']['byAddresses']>>; guards: MailGuards }> {
  const namesakes = await tables.people.byNames(transaction, values.technician === undefined ? [] : [values.technician])
  const named = [...namesakes.values()].flat()
  const technicians = [values.technicianEmail, values.technician].flatMap((value) => firstAddress(value ?? '') ?? [])
  const addresses = [requester, ...cc, ...technicians, ...rules.flatMap(({ to }) => to), ...named.map(({ address }) => address)].filter((one) => one.includes('@')).map((one) => one.toLowerCase())
  const people = await tables.people.byAddresses(transaction, addresses)
  const answered = await tables.answered.countSince(transaction, addresses, new Date(Date.parse(at) - hourMs).toISOString())
  const [only, other] = named
  return {
    people,
    guards: {
      isOurs: (address) => isAmong(outgoing.ours, address), isOurDomain: (address) => hasDomainOf(outgoing.ours, address), isUnusable: (address) => Boolean(people.get(address.toLowerCase())?.undeliverableSince),
      answersTo: (address) => answered.get(countedAs(address)) ?? 0, mailsFrom: () => 0, mostPerHour: settings.processing.answers.mostPerHour,
      addressOfName: () => (other === undefined ? (only?.address ?? null) : null)
    }
  }
}

/** Nobody where the mail was removed, or cannot be read any more: the request is closed all the same. */
async function ccOf(needs: StatusMailNeeds, number: number): Promise<string[]> {
  const first = (await needs.tables.entries.ofRequest(needs.database, number)).find(({ kind }) => kind === 'request')
  if (first === undefined) return []
  try {
    const { message } = await readEntry(needs, first)
    return message?.parsed.content.cc.map(({ address }) => address) ?? []
  } catch (thrown) {
    if (thrown instanceof ProblemError) return []
    throw thrown
  }
}
