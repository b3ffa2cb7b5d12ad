import { withPlaceholdersFilled, type MailTemplate, type Placeholder } from '#contract/mail-template.ts'
import type { RequestValues } from '#contract/request-values.ts'
import { utcMinute } from '#contract/utc-minute.ts'
import { plainLine, plainLines } from './plain-line.ts'

/** What a mail about a request may tell of it. `createdAt` is ISO 8601; `message` is the text of the mail that it is about, '' where there is none. */
export type ToldOfRequest = {
  number: number
  subject: string
  status: 'open' | 'closed'
  requester: { name: string; address: string }
  partition: string
  createdAt: string
  values: RequestValues
  message: string
  senderName: string
}
export type PlaceholderValues = Readonly<Record<Placeholder, string>>

const mostMessage = 4_000
const mostSubject = 500

/** What stands for each placeholder: one line each, but for the text of the mail, which is shortened to 4,000 characters. */
export const placeholderValues = ({ number, subject, status, requester, partition, createdAt, values, message, senderName }: ToldOfRequest): PlaceholderValues => ({
  number: String(number), subject: line(subject), requester: line(requester.name) || line(requester.address), requesterAddress: line(requester.address), partition: line(partition),
  status: status === 'open' ? 'Open' : 'Closed', createdAt: utcMinute(createdAt), category: line(values.category), priority: line(values.priority),
  technician: line(values.technician ?? values.technicianEmail), group: line(values.group), message: shortened(message), senderName: line(senderName)
})

/** A template with its values in it. The subject is one line of at most 500 characters (RFC 5322 2.2); in HTML the values are text and nothing else. `html` is still to be made safe. */
export const filledTemplate = ({ subject, text, html }: MailTemplate, values: PlaceholderValues): MailTemplate => ({
  subject: plainLine(withPlaceholdersFilled(subject, (name) => values[name]), mostSubject).toWellFormed(),
  text: withPlaceholdersFilled(text, (name) => values[name]),
  html: html === null ? null : withPlaceholdersFilled(html, (name) => asHtml(values[name]))
})

const line = (value: string | undefined): string => plainLine((value ?? '').slice(0, 2_000), 250).toWellFormed()

/** Cut at the end of a line or a word where there is one near. */
function shortened(message: string): string {
  const whole = plainLines(message.slice(0, 2 * mostMessage)).replace(/\n{3,}/g, '\n\n').trim()
  if (whole.length <= mostMessage && message.length <= 2 * mostMessage) return whole.toWellFormed()
  const cut = whole.slice(0, mostMessage)
  const end = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf(' '))
  return `${(end > mostMessage - 200 ? cut.slice(0, end) : cut).trimEnd()} […]`.toWellFormed()
}

/**
 * Text within HTML, in an element or in a quoted attribute (HTML 13.1.2.3); where the quotes are missing it makes no other attribute with a value. Lines stay lines. Braces are
 * written as references, so that nothing takes them for a placeholder again.
 */
const asHtml = (text: string): string => text.replace(/[&<>"'`{}=]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('\n', '<br>\n')
