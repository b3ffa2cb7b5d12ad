import type { Address, MessageContent, Outcome, ProcessedMessage, WhatIsCreated } from '#contract/message.ts'
import type { RequestValues } from '#contract/request-values.ts'
import type { Tone } from '../components/status-mark.tsx'
import { sizeText } from '../components/sizes.ts'

export const verdicts: Readonly<Record<Outcome, { tone: Tone; words: string; short: string }>> = {
  request: { tone: 'good', words: 'It would become a new request.', short: 'New request' },
  reply: { tone: 'good', words: 'It would be added to a request as a reply.', short: 'Reply' },
  command: { tone: 'good', words: 'It would be carried out as an e-mail command.', short: 'Command' },
  dropped: { tone: 'stopped', words: 'It would be dropped.', short: 'Dropped' },
  error: { tone: 'bad', words: 'It would go to the error folder.', short: 'Error folder' }
}

export const addressText = ({ name, address }: Address): string => (name ? `${name} <${address}>` : address)

/** "requestType" is "Request type". */
export const fieldWords = (field: string): string => {
  const words = field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export type NamedValue = { name: string; value: string }

/** The values of a request for people: its fields, then the additional ones under their labels, then the answers to resource questions. */
export const valueRows = ({ additional = {}, resources = {}, ...plain }: RequestValues): NamedValue[] => [
  ...Object.entries(plain).flatMap(([field, value]) => (value === undefined || value === '' ? [] : [{ name: fieldWords(field), value }])),
  ...Object.entries(additional).map(([name, value]) => ({ name, value })),
  ...Object.entries(resources).flatMap(([resource, questions]) => Object.entries(questions).map(([question, answers]) => ({ name: `${resource}.${question}`, value: answers.join(', ') })))
]

const operations = { edit: 'is changed', close: 'is closed', 'pick-up': 'is picked up' } as const
export const changeTitle = ({ request, operation }: NonNullable<WhatIsCreated['change']>): string => `Request ${request} ${operations[operation]}`

const protections = { 'smime-signed': 'signed by S/MIME', 'smime-encrypted': 'encrypted by S/MIME: its content cannot be read here', 'pgp-signed': 'signed by PGP', 'pgp-encrypted': 'encrypted by PGP: its content cannot be read here' } as const
export const protectionWords = (protection: NonNullable<MessageContent['protection']>): string => protections[protection]

const methods: Readonly<Record<string, string>> = { REQUEST: 'Invitation', CANCEL: 'Cancelled meeting', REPLY: 'Answer to an invitation', COUNTER: 'Proposal of another time', PUBLISH: 'Calendar entry' }
export const calendarWords = ({ method, summary, start, end, location, organizer }: NonNullable<MessageContent['calendar']>): string =>
  [`${methods[method.toUpperCase()] ?? 'Calendar entry'}${summary ? `: ${summary}` : ''}`, ...(start ? [end ? `${start} to ${end}` : start] : []), ...(location ? [location] : []), ...(organizer ? [`by ${organizer}`] : [])].join(' · ')

const localTime = (iso: string): string => new Date(iso).toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })

/** What is known of a message, a line each. */
export const messageRows = (message: MessageContent): NamedValue[] => [
  { name: 'From', value: message.from ? addressText(message.from) : 'nobody' },
  { name: 'To', value: message.to.map(addressText).join(', ') || 'nobody named' },
  ...(message.cc.length > 0 ? [{ name: 'Copy to', value: message.cc.map(addressText).join(', ') }] : []),
  { name: 'Subject', value: message.subject || '(no subject)' },
  { name: 'Date', value: message.date === null ? 'none given' : localTime(message.date) },
  ...(message.protection ? [{ name: 'Protection', value: protectionWords(message.protection) }] : []),
  ...(message.calendar ? [{ name: 'Calendar', value: calendarWords(message.calendar) }] : []),
  { name: 'Attachments', value: message.attachments.length === 0 ? 'none' : message.attachments.map((file) => `${file.name || '(no name)'} (${sizeText(file.size)}${file.stripped ? `, taken off: ${file.stripped.reason}` : ''})`).join(', ') }
]

/** What a message would make, a row each, in the order in which it is shown. */
export const createdRows = (creates: WhatIsCreated | null | undefined): NamedValue[] => {
  if (!creates) return []
  const { request, reply, change, answers } = creates
  return [
    ...(request ? [{ name: 'New request', value: request.subject || '(no subject)' }, { name: 'Status', value: request.status }, { name: 'Requester', value: `${addressText(request.requester)}${request.newPerson ? ' (becomes known as a user)' : ''}` }, ...valueRows(request.values)] : []),
    ...(reply ? [{ name: 'Reply in request', value: String(reply.request) }] : []),
    ...(change ? [{ name: 'Change', value: changeTitle(change) }, ...change.fields.map(({ field, value }) => ({ name: fieldWords(field), value: value === '' ? '(taken away)' : value }))] : []),
    ...answers.map(({ to, subject }) => ({ name: 'Answer', value: `to ${to}: ${subject}` }))
  ]
}

/** A report that can be pasted into a ticket. */
export const reportOf = (fileName: string, server: string | null, { outcome, reason, steps, message, creates }: ProcessedMessage): string =>
  [
    `Message: ${fileName}`, `As if fetched by: ${server ?? 'no server in particular'}`, `Outcome: ${outcome}${reason ? ` – ${reason}` : ''}`, '',
    'Steps:', ...steps.map((step, index) => `${String(index + 1).padStart(2)}. ${step.step} [${step.outcome}] ${step.detail}`),
    ...listed('What would be created:', createdRows(creates)),
    ...(message ? listed('What was read:', messageRows(message)) : [])
  ].join('\n')

const listed = (title: string, rows: readonly NamedValue[]): string[] => (rows.length === 0 ? [] : ['', title, ...rows.map(({ name, value }) => `- ${name}: ${value}`)])

export type Difference = { what: string; here: string; there: string }

/** What ends differently for the same message in two places. */
export const differencesOf = (here: ProcessedMessage, there: ProcessedMessage): Difference[] => {
  const stepRows = ({ steps }: ProcessedMessage): NamedValue[] => steps.map(({ step, outcome, detail }) => ({ name: `Step ${step}`, value: `${outcome === 'pass' ? '' : `${outcome}: `}${detail}` }))
  const pairs = (one: ProcessedMessage): Map<string, string> => numbered([{ name: 'Outcome', value: one.outcome }, ...createdRows(one.creates), ...stepRows(one)])
  const [left, right] = [pairs(here), pairs(there)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((what) => (left.get(what) === right.get(what) ? [] : [{ what, here: left.get(what) ?? '–', there: right.get(what) ?? '–' }]))
}

/** Rows of one name are told apart by their place among them. */
const numbered = (rows: readonly NamedValue[]): Map<string, string> => {
  const all = new Map<string, string>()
  for (const { name, value } of rows) {
    let key = name
    for (let place = 2; all.has(key); place++) key = `${name} ${place}`
    all.set(key, value)
  }
  return all
}
