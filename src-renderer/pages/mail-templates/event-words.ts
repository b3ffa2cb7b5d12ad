import type { RequestMailEvent } from '#contract/mail-template.ts'
import type { Settings } from '#contract/settings.ts'

export type MailRule = Settings['requestMails'][number]

export const eventWords: Readonly<Record<RequestMailEvent, string>> = {
  'request-created': 'A request was made',
  'reply-received': 'A reply came to a request',
  'request-closed': 'A request was closed',
  'request-reopened': 'A request was opened again'
}

export const recipientWords = { requester: 'Requester', cc: 'Those in Cc', technician: 'Technician' } as const
export type NamedRecipient = keyof typeof recipientWords
export const namedRecipients = Object.keys(recipientWords) as NamedRecipient[]

const isNamed = (to: string): to is NamedRecipient => Object.hasOwn(recipientWords, to)
export const recipientText = (to: string): string => (isNamed(to) ? recipientWords[to] : to)
/** The addresses among the recipients of a rule. */
export const addressesOf = ({ to }: MailRule): string[] => to.filter((one) => !isNamed(one))

export const newRule: MailRule = { name: '', enabled: true, event: 'request-created', partitions: [], to: ['technician'], template: { subject: '{{subject}}', text: '', html: '' } }
