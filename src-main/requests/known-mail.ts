import type { Person } from '#contract/person.ts'
import type { Settings } from '#contract/settings.ts'
import type { Queryable } from '../database/database.ts'
import type { SameMessage } from '../database/ledger-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { markedLine } from '../model/conversation-mark.ts'
import { findRecordIds } from '../model/find-request-id.ts'
import { firstAddress } from '../model/first-address.ts'
import { countedAs, domainOf } from '../model/is-for-mailbox.ts'
import { mergeValues } from '../model/merge-values.ts'
import { authorFields } from '../model/original-sender.ts'
import { namedByCommand } from '../processing/commands/named-by-command.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import type { RecentTraffic } from '../processing/recent-traffic.ts'
import { isNotice, type Conversations, type Decision, type KnownPeople, type KnownRequest, type RecentTraffic as KnownTraffic } from './decide.ts'

export type KnowledgeNeeds = { tables: MailTables; traffic: Pick<RecentTraffic, 'mailsFrom'>; now: () => number }
type Asked = { serverId: number; sharedWith: readonly number[]; settings: Settings }

/** What is known of earlier mail and of people that some messages may have to do with. */
export type Known = Conversations & KnownPeople & KnownTraffic & {
  same: Map<string, SameMessage>
  newest: number
  requests: Map<number, KnownRequest>
  threads: Map<string, readonly number[]>
  persons: Map<string, Person>
  answered: Map<string, number>
  /** Mails of each sender among those decided on just now, by what the address counts as: they count for good only when they are on disk. */
  mails: Map<string, number>
}

const hourMs = 3_600_000

/** Looks all of it up with few queries. */
export async function knownOf({ tables, traffic, now }: KnowledgeNeeds, queryable: Queryable, { serverId, sharedWith, settings }: Asked, taken: readonly ParsedMessage[]): Promise<Known> {
  const named = unique(taken.flatMap(idsItNames))
  const threads = await tables.threads.requestsOf(queryable, named)
  const sent = await tables.sent.of(queryable, unique([...taken.flatMap(({ content: { messageId } }) => (messageId === null ? [] : [messageId])), ...taken.flatMap(({ bounce }) => (bounce?.messageId ? [bounce.messageId] : []))]))
  const sentRequests = [...sent.values()].flatMap(({ request }) => (request === null ? [] : [request]))
  const requests = await tables.requests.known(queryable, unique([...taken.flatMap((one) => numbersItNames(one, settings)), ...[...threads.values()].flat(), ...sentRequests]))
  const told = namedByRules(settings, taken, [...requests.values()])
  const addresses = unique([...taken.flatMap((one) => addressesItNames(one, settings)), ...[...sent.values()].map(({ recipient }) => recipient.toLowerCase()), ...told.addresses])
  const persons = await tables.people.byAddresses(queryable, addresses)
  const namesakes = await tables.people.byNames(queryable, unique([...taken.flatMap(({ content }) => namedByCommand(content, settings.processing).names), ...told.names]))
  // A technician who is known by name alone is told at the address of the person.
  for (const person of [...namesakes.values()].flat()) persons.set(person.address.toLowerCase(), person)
  const answered = await tables.answered.countSince(queryable, [...addresses, ...addresses.map(domainOf)], new Date(now() - hourMs).toISOString())
  const same = await tables.ledger.sameMessages(queryable, serverId, sharedWith, taken.map(({ fingerprint }) => fingerprint))
  const mails = new Map<string, number>()
  return {
    same, requests, threads, persons, answered, mails,
    newest: await tables.requests.newest(queryable),
    requestsOf: (messageId) => threads.get(messageId) ?? [],
    request: (number) => requests.get(number) ?? null,
    sent: (messageId) => sent.get(messageId) ?? null,
    byAddress: (address) => persons.get(address.toLowerCase()) ?? null,
    byName: (name) => {
      const [one, other] = namesakes.get(name.toLowerCase()) ?? []
      return other === undefined ? (one ?? null) : null
    },
    mailsFrom: (address) => traffic.mailsFrom(address) + (mails.get(countedAs(address)) ?? 0),
    answersTo: (address) => answered.get(countedAs(address)) ?? 0
  }
}

/** Makes what was decided on one message known to those after it. */
export function remember(known: Known, { content, fingerprint }: ParsedMessage, fate: Pick<Decision, 'outcome' | 'newRequest' | 'change' | 'people' | 'answers' | 'bounce' | 'sender'> & { request: number | null }, { place, at }: { place: string; at: string }): void {
  if (fate.sender !== null) known.mails.set(countedAs(fate.sender), (known.mails.get(countedAs(fate.sender)) ?? 0) + 1)
  for (const key of fate.answers.filter((answer) => !isNotice(answer)).flatMap(({ to }) => [countedAs(to), domainOf(to)])) known.answered.set(key, (known.answered.get(key) ?? 0) + 1)
  for (const { address, name } of fate.people) rememberPerson(known, address, name)
  for (const { address, action, status } of fate.bounce?.recipients ?? []) if (action === 'failed' && !status.startsWith('4.')) rememberUndeliverable(known, address)
  const { request, newRequest, change } = fate
  if (request === null || fate.outcome === 'dropped' || fate.outcome === 'error') return
  if (content.messageId !== null) known.threads.set(content.messageId, [...new Set([...(known.threads.get(content.messageId) ?? []), request])])
  known.same.set(fingerprint, { outcome: fate.outcome, request, error: null })
  if (newRequest !== null) known.requests.set(request, { number: request, subject: newRequest.subject, status: newRequest.status, partition: place, requester: newRequest.requester.address, createdAt: at, values: newRequest.values })
  const before = known.requests.get(request)
  if (change !== null && before !== undefined) known.requests.set(request, { ...before, status: change.status ?? before.status, requester: change.requester?.address ?? before.requester, values: mergeValues(before.values, change.values) })
}

function rememberPerson({ persons }: Known, address: string, name: string): void {
  const before = persons.get(address.toLowerCase())
  persons.set(address.toLowerCase(), before === undefined ? { id: 0, name, address, user: true, analyst: false, signIn: false, rights: [], format: null, source: 'mail', createdAt: '', undeliverableSince: null } : { ...before, user: true })
}

function rememberUndeliverable({ persons }: Known, address: string): void {
  const before = persons.get(address.toLowerCase())
  if (before !== undefined) persons.set(address.toLowerCase(), { ...before, undeliverableSince: before.undeliverableSince ?? 'now' })
}

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)]
const mostIds = 100
const idsItNames = ({ content }: ParsedMessage): string[] => [...(content.inReplyTo === null ? [] : [content.inReplyTo]), ...content.references.slice(-mostIds)]

/** Numbers in the subject, in the line that we wrote, and in an e-mail command: any of them may name a request. */
function numbersItNames({ content }: ParsedMessage, settings: Settings): number[] {
  const named = [content.subject, markedLine(content.text)].flatMap((text) => findRecordIds(text, settings.processing.baseDelimiter).slice(0, 50).map(({ number }) => number))
  return [...named, ...namedByCommand(content, settings.processing).requests]
}

function addressesItNames({ content, headers, forwardedFrom }: ParsedMessage, settings: Settings): string[] {
  const found = [content.from, ...content.replyTo.slice(0, 5), forwardedFrom].flatMap((one) => (one ? [one.address] : []))
  const original = headers.filter(({ name }) => authorFields.includes(name)).flatMap(({ value }) => addressesIn(value))
  return [...found, ...original, ...namedByCommand(content, settings.processing).addresses].map((address) => address.toLowerCase())
}

/** Those whom the rules for mail about requests may tell of this mail. */
function namedByRules({ requestMails, requestTemplates }: Settings, taken: readonly ParsedMessage[], requests: readonly KnownRequest[]): { addresses: string[]; names: string[] } {
  const rules = requestMails.filter(({ enabled }) => enabled)
  if (rules.length === 0) return { addresses: [], names: [] }
  const names = [...requests.flatMap(({ values }) => values.technician ?? []), ...requestTemplates.flatMap(({ technician }) => (technician === '' ? [] : [technician]))]
  const values = requests.flatMap(({ requester, values: { technicianEmail = '' } }) => [requester, technicianEmail])
  const addresses = [...taken.flatMap(({ content }) => content.cc.slice(0, 30).map(({ address }) => address)), ...rules.flatMap(({ to }) => to), ...names, ...values]
  return { addresses: addresses.filter((one) => one.includes('@')).map((one) => firstAddress(one) ?? one).map((one) => one.toLowerCase()), names }
}

const addressesIn = (text: string): string[] => (text.slice(0, 20_000).match(/[^\s<>()",;:=$]{1,64}@[^\s<>()",;:=$]{1,190}/g) ?? []).slice(0, 30)
