import type { ValueField } from '#contract/request-values.ts'
import type { ToldAttachment, ToldEvent, ToldMessage } from './help-desk.ts'

/**
 * Attributes of a request, of https://www.manageengine.com/products/service-desk/sdpop-v3-api/requests/request.html: those of `named` are
 * objects that go by their name, and must be known to the help desk by it.
 */
const named: Partial<Record<ValueField, string>> = {
  requestType: 'request_type', mode: 'mode', level: 'level', category: 'category', subCategory: 'subcategory', item: 'item', impact: 'impact', urgency: 'urgency', priority: 'priority', group: 'group', site: 'site'
}
const longest = 250
const line = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim().slice(0, longest)

type Values = Readonly<Record<string, string>>

/** Attributes for values by field; an empty one is taken away. The technician goes by the address where there is one. */
function attributesOf(values: Values): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(values)) {
    const attribute = named[field as ValueField]
    if (attribute !== undefined) attributes[attribute] = value === '' ? null : { name: line(value) }
  }
  const { impactDetails, resolution, technician, technicianEmail, asset } = values
  if (impactDetails !== undefined) attributes['impact_details'] = line(impactDetails)
  if (resolution !== undefined) attributes['resolution'] = { content: escaped(resolution) }
  if (technicianEmail !== undefined && technicianEmail !== '') attributes['technician'] = { email_id: technicianEmail }
  else if (technician !== undefined) attributes['technician'] = technician === '' ? null : { name: line(technician) }
  if (asset !== undefined) attributes['assets'] = asset === '' ? [] : [{ name: line(asset) }]
  return attributes
}

const plainValues = ({ request }: ToldEvent): Record<string, string> => Object.fromEntries(Object.entries(request.values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

/** A new request: `subject` is mandatory and one line of at most 250 characters. What it has no attribute for stands below the text. */
export function newRequestOf(event: ToldEvent): object {
  const { request, message } = event
  const name = message?.from?.address.toLowerCase() === request.requester.toLowerCase() ? message.from.name : ''
  return {
    request: {
      subject: subjectOf(event),
      description: `${textOf(message)}${furtherValues(event)}${listed(event.attachments)}${markOf(event)}`,
      requester: { name: name === '' ? request.requester : line(name), email_id: request.requester },
      ...attributesOf(plainValues(event))
    }
  }
}
export const subjectOf = ({ request }: ToldEvent): string => line(request.subject) || `Request ${request.number}`

/** A note is what a reply becomes: https://www.manageengine.com/products/service-desk/sdpop-v3-api/requests/request_note.html */
export const noteOf = (event: ToldEvent): object => ({ description: `${headOf(event.message)}${textOf(event.message)}${listed(event.attachments)}${markOf(event)}`, show_to_requester: true, mark_first_response: false, add_to_linked_requests: false })
export const noteOfLostFile = (event: ToldEvent, { name }: ToldAttachment, said: string): object => ({
  description: `<p>The help desk did not take the attachment ${escaped(name)}: ${escaped(said.slice(0, 500))}</p>${markOf(event)}`, show_to_requester: false, mark_first_response: false, add_to_linked_requests: false
})

/** What a change sets, as attributes; null where nothing of it has one. Opening and closing are further steps. */
export function changedRequestOf({ change, request }: ToldEvent): object | null {
  const values = Object.fromEntries((change?.changes ?? []).map(({ field, to }) => [field.charAt(0).toLowerCase() + field.slice(1), to]))
  if (values['technician'] !== undefined && values['technicianEmail'] === undefined && request.values.technicianEmail !== undefined) values['technicianEmail'] = request.values.technicianEmail
  const attributes = attributesOf(values)
  if (values['requester'] !== undefined) attributes['requester'] = { name: values['requester'], email_id: values['requester'] }
  if (statusIn(change) === 'open') attributes['status'] = { name: 'Open' }
  if (Object.keys(attributes).length === 0) return null
  return { request: { ...attributes, update_reason: line(`By ${change?.by ?? ''} in Mailroom`) } }
}
/** The status that a change sets; null where it leaves it alone. */
export function statusIn(change: ToldEvent['change']): 'open' | 'closed' | null {
  if (change === null) return null
  const to = change.changes.find(({ field }) => field === 'Status')?.to.toLowerCase()
  if (change.action === 'closed' || to === 'closed') return 'closed'
  return change.action === 'reopened' || to === 'open' ? 'open' : null
}
/** `closure_info` of the same page. */
export const closureOf = ({ change }: ToldEvent): object => ({ request: { closure_info: { requester_ack_resolution: false, closure_comments: line(`Closed by ${change?.by ?? ''} in Mailroom`) } } })

/** By this an event that may have arrived is found again: the API knows no idempotency key. */
export const markOf = ({ request, key }: Pick<ToldEvent, 'request' | 'key'>): string => `<p style="color:#888888">Mailroom request ${request.number}, ${key}</p>`

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const paragraph = (text: string): string => `<div style="white-space:pre-wrap">${escaped(text)}</div>`
const mostText = 400_000
function textOf(message: ToldMessage | null): string {
  if (message === null) return ''
  if (message.html !== null && message.html.length <= mostText) return message.html
  return `${paragraph(message.text.slice(0, mostText))}${message.text.length > mostText ? '<p>The message goes on in Mailroom.</p>' : ''}`
}
const headOf = (message: ToldMessage | null): string => (message?.from ? `<p>${escaped(`${message.from.name === '' ? '' : `${message.from.name} `}<${message.from.address}>`)} wrote${message.date === null ? '' : ` (${message.date})`}:</p>` : '')

function furtherValues(event: ToldEvent): string {
  const { assignedOffice, loggingAnalyst, template, additional = {}, resources = {} } = event.request.values
  const answers = Object.entries(resources).flatMap(([key, questions]) => Object.entries(questions).map(([question, chosen]): [string, string] => [`${key}.${question}`, chosen.join(', ')]))
  const rows = [['Template', template], ['Assigned office', assignedOffice], ['Logged by', loggingAnalyst], ...Object.entries(additional), ...answers].filter(([, value]) => value !== undefined && value !== '')
  return rows.length === 0 ? '' : `<p>${rows.map(([label, value]) => `${escaped(label ?? '')}: ${escaped(value ?? '')}`).join('<br>')}</p>`
}

const listed = (attachments: readonly ToldAttachment[]): string => {
  const left = attachments.filter(({ content }) => content === null)
  return left.length === 0 ? '' : `<p>Too large to be handed over: ${left.map(({ name, size }) => escaped(`${name} (${size} bytes)`)).join(', ')}</p>`
}
