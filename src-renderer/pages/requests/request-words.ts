import type { MessageContent } from '#contract/message.ts'
import type { RequestChange, RequestTemplate, RequestValues, ValueField } from '#contract/request-values.ts'

export type ProtectionMark = NonNullable<MessageContent['protection']>
export type CalendarMark = NonNullable<MessageContent['calendar']>

export const valueLabels: Record<ValueField, string> = {
  requestType: 'Request type', mode: 'Mode', level: 'Level', category: 'Category', subCategory: 'Subcategory', item: 'Item', impact: 'Impact', impactDetails: 'Impact details', urgency: 'Urgency', priority: 'Priority',
  group: 'Group', technician: 'Technician', technicianEmail: 'Technician’s address', site: 'Site', assignedOffice: 'Assigned office', asset: 'Asset', resolution: 'Resolution'
}
const order: readonly ValueField[] = ['priority', 'impact', 'urgency', 'impactDetails', 'category', 'subCategory', 'item', 'requestType', 'mode', 'level', 'group', 'technician', 'technicianEmail', 'site', 'assignedOffice', 'asset', 'resolution']

/** The values of a request as label and text, the weightiest first; what it does not have is left out. Questions go by their words where `templates` have them. */
export const valueLines = ({ template, loggingAnalyst, additional = {}, resources = {}, ...values }: RequestValues, templates: readonly RequestTemplate[] = []): { label: string; text: string }[] => [
  ...order.flatMap((field) => (values[field] ? [{ label: valueLabels[field], text: values[field] }] : [])),
  ...(loggingAnalyst ? [{ label: 'Logging analyst', text: loggingAnalyst }] : []),
  ...(template ? [{ label: 'Template', text: template }] : []),
  ...Object.entries(additional).map(([label, text]) => ({ label, text })),
  ...Object.entries(resources).flatMap(([resource, answers]) => Object.entries(answers).map(([question, chosen]) => ({ label: questionWords(templates, template, resource, question), text: chosen.join(', ') })))
]

const questionWords = (templates: readonly RequestTemplate[], template: string | undefined, resource: string, question: string): string => {
  const asked = templates.find(({ name }) => name === template)?.resources.find(({ key }) => key === resource)
  const words = asked?.questions.find(({ key }) => key === question)?.label
  return asked === undefined || words === undefined ? `${resource}.${question}` : `${asked.label}: ${words}`
}

export const actionWords: Record<RequestChange['action'], string> = { edited: 'Edited', closed: 'Closed', 'picked up': 'Picked up', reopened: 'Opened again' }

export const protectionWords: Record<ProtectionMark, { words: string; sealed: boolean }> = {
  'smime-signed': { words: 'S/MIME signed', sealed: false }, 'pgp-signed': { words: 'PGP signed', sealed: false }, 'smime-encrypted': { words: 'S/MIME encrypted', sealed: true }, 'pgp-encrypted': { words: 'PGP encrypted', sealed: true }
}

const methods: Record<string, string> = { REQUEST: 'Meeting', CANCEL: 'Meeting cancelled', REPLY: 'Answer to a meeting', COUNTER: 'Other time proposed', PUBLISH: 'Event' }

/** What a calendar part is about: its method (RFC 5546) in words, then the summary. */
export const calendarTitle = ({ method, summary }: CalendarMark): string => `${methods[method.toUpperCase()] ?? 'Calendar'}: ${summary || 'without a title'}`

/** "23 Nov 2026 09:30 – 10:00, Room 3.17": times as written there, without moving them to another zone. */
export const calendarPlace = ({ start, end, location }: CalendarMark): string => {
  const [from, to] = [written(start), written(end)]
  const sameDay = from !== null && to !== null && from.day === to.day
  const times = from === null ? '' : `${from.day} ${from.clock}`.trim() + (to === null || to.clock === '' && sameDay ? '' : ` – ${sameDay ? to.clock : `${to.day} ${to.clock}`.trim()}`)
  return [times, location].filter(Boolean).join(', ')
}

const written = (time: string | null): { day: string; clock: string } | null => {
  if (time === null) return null
  const found = /^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}))?/.exec(time)
  if (!found) return { day: time, clock: '' }
  const day = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]))).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  return { day, clock: found[4] === undefined ? '' : `${found[4]}:${found[5]}${time.endsWith('Z') ? ' UTC' : ''}` }
}
