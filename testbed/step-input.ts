import { newIncomingServer, type MailSource } from '#contract/incoming-server.ts'
import type { Address, MessageContent } from '#contract/message.ts'
import type { Person } from '#contract/person.ts'
import { plainTemplate } from '#contract/request-values.ts'
import { partition, settings, type Partition, type Settings } from '#contract/settings.ts'
import type { z } from 'zod'
import { addressSet } from '../src-main/model/is-for-mailbox.ts'
import type { ParsedMessage } from '../src-main/processing/parsing/parsed-message.ts'
import type { Findings, StepInput } from '../src-main/processing/step.ts'
import type { KnownRequest } from '../src-main/requests/decide.ts'

/** What a test says of a message and of what is known; all of it may be left out. Known Message-IDs name the request they belong to. */
export type SaidOfStep = {
  from?: string
  subject?: string
  text?: string
  content?: Partial<MessageContent>
  parsed?: Partial<ParsedMessage>
  server?: Partial<MailSource> | null
  partition?: Partition | null
  settings?: z.input<typeof settings>
  requests?: (Partial<KnownRequest> & { number: number })[]
  threads?: Record<string, number | readonly number[]>
  sent?: Record<string, { request: number | null; recipient: string }>
  people?: readonly Person[]
  mailsFrom?: number
  answersTo?: number
  takenBefore?: string | null
  /** Addresses of the console. */
  ours?: readonly string[]
  nextNumber?: number
}

const noContent: MessageContent = { from: null, to: [], cc: [], replyTo: [], subject: '', date: null, messageId: null, inReplyTo: null, references: [], text: '', html: null, attachments: [] }

/** Input of a step: mail of Ann to the server `it` of the partition `IT`, with nothing known but what is said. */
export function stepInput(said: SaidOfStep = {}): StepInput {
  const content = { ...noContent, from: { name: 'Ann', address: said.from ?? 'ann@example.net' }, subject: said.subject ?? '', text: said.text ?? '', ...said.content }
  const requests = new Map((said.requests ?? []).map((one) => [one.number, { subject: 'Printer', createdAt: '2026-11-20T08:00:00.000Z', status: 'open', partition: 'IT', requester: 'ann@example.net', values: {}, ...one } satisfies KnownRequest as KnownRequest]))
  const known = new Map((said.people ?? []).map((one) => [one.address.toLowerCase(), one]))
  return {
    parsed: { content, headers: [], places: [], fingerprint: 'f', size: 100, problem: null, ...said.parsed },
    server: said.server === null ? null : { ...newIncomingServer('imap', 'IT'), name: 'it', addresses: ['it@example.com'], forwarders: [], defaultLoggingAnalyst: null, ...said.server },
    partition: said.partition === undefined ? partition.parse({ name: 'IT' }) : said.partition,
    settings: settings.parse(said.settings ?? {}) as Settings,
    conversations: { requestsOf: (id) => [said.threads?.[id] ?? []].flat(), request: (number) => requests.get(number) ?? null, sent: (id) => said.sent?.[id] ?? null },
    people: { byAddress: (address) => known.get(address.toLowerCase()) ?? null, byName: (name) => onlyOne([...known.values()].filter((one) => one.name.toLowerCase() === name.toLowerCase())) },
    recent: { mailsFrom: () => said.mailsFrom ?? 0, answersTo: () => said.answersTo ?? 0 },
    outgoing: { ours: addressSet(said.ours ?? []), senderName: 'IT Support', domain: 'example.com' },
    place: 'IT',
    next: { number: said.nextNumber ?? 1, at: '2026-11-20T09:00:00.000Z' },
    takenBefore: said.takenBefore ?? null
  }
}

const onlyOne = ([one, ...others]: readonly Person[]): Person | null => (others.length === 0 ? (one ?? null) : null)
const nobody: Address = { name: '', address: '' }

/** Findings before the first step; with the input, those after the step `sender` for mail that nobody forwarded. */
export const noFindings = (input?: StepInput): Findings => ({
  automatic: null, sender: input?.parsed.content.from ?? nobody, person: input?.people.byAddress(input.parsed.content.from?.address ?? '') ?? null, mark: '', bounce: null, replyTo: null,
  template: plainTemplate, commanded: null, operation: null, stripped: [], values: {}, people: [], answers: [], loop: null
})

/** A person whom a test says something of. */
export const personNamed = (name: string, said: Partial<Person> = {}): Person => ({
  id: 1, name, address: `${name.toLowerCase()}@example.net`, user: true, analyst: false, signIn: false, rights: [], format: null, source: 'console', createdAt: '2026-01-01T00:00:00.000Z', undeliverableSince: null, ...said
})
