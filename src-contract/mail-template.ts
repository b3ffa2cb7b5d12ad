import { z } from 'zod'
import { nearestName } from './nearest-name.ts'

/** What may stand in double braces in a template, `{{number}}`, and what it becomes. */
export const placeholders = {
  number: 'Number of the request',
  subject: 'Subject of the request',
  requester: 'Name of the requester, or the address where there is none',
  requesterAddress: 'Address of the requester',
  partition: 'Partition of the request',
  status: 'Open or closed',
  createdAt: 'When the request was made',
  category: 'Category',
  priority: 'Priority',
  technician: 'Technician',
  group: 'Group',
  message: 'Text of the mail that the notification is about, shortened',
  senderName: 'Name that mail is sent under'
} as const
export type Placeholder = keyof typeof placeholders

/** A name in double braces, with or without spaces around it. */
const inBraces = /\{\{([^{}\n]{0,200})\}\}/g

/** What is in double braces, and where it begins. */
export const placeholdersIn = (text: string): { name: string; index: number }[] => [...text.matchAll(inBraces)].map((found) => ({ name: (found[1] ?? '').trim(), index: found.index }))

export const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(placeholders, name)

/** The text with what stands for each placeholder; what is put in is not looked through again. Names that are no placeholder stay as they are. */
export const withPlaceholdersFilled = (text: string, valueOf: (name: Placeholder) => string): string =>
  text.replace(inBraces, (whole, inside: string) => (isPlaceholder(inside.trim()) ? valueOf(inside.trim() as Placeholder) : whole))

const names = Object.keys(placeholders)
const mostIssues = 20
/** Each may become some thousand characters: without a limit a template would become a mail that no memory holds. */
const mostPlaceholders = 200
const withKnownPlaceholders = (value: string, context: z.RefinementCtx): void => {
  const found = placeholdersIn(value)
  if (found.length > mostPlaceholders) context.addIssue({ code: 'custom', message: `At most ${mostPlaceholders} placeholders have room here; these are ${found.length}.` })
  const unknown = found.filter(({ name }) => !isPlaceholder(name)).slice(0, mostIssues)
  const placeOf = placesIn(value)
  for (const { name, index } of unknown) context.addIssue({ code: 'custom', message: `There is no placeholder {{${name}}} (${placeOf(index)})${meant(name)}` })
}
/** Says where an index stands; asked with rising ones, it looks at each line once. */
function placesIn(text: string): (index: number) => string {
  let line = 1
  let begin = 0
  return (index) => {
    for (let end = text.indexOf('\n', begin); end !== -1 && end < index; end = text.indexOf('\n', begin)) {
      line += 1
      begin = end + 1
    }
    return `line ${line}, character ${index - begin + 1}`
  }
}
/** An editor may have put a tag between the braces and the name. */
const meant = (name: string): string => {
  const nearest = nearestName(name.replace(/<[^<>]*>/g, '').trim(), names)
  return nearest === null ? `. Known are ${names.join(', ')}.` : ` — did you mean {{${nearest}}}?`
}

/** A mail with placeholders. `html` null: the text alone is sent. Pictures stand in it as data: URLs. */
export const mailTemplate = z.strictObject({
  subject: z.string().min(1, 'Enter a subject.').max(500, 'A subject has at most 500 characters.').regex(/^[^\r\n\u0000]*$/, 'A subject is one line.').superRefine(withKnownPlaceholders),
  text: z.string().max(100_000, 'A text has at most 100 000 characters.').superRefine(withKnownPlaceholders),
  html: z.string().max(5_000_000, 'The HTML with its pictures has at most 5 MB.').superRefine(withKnownPlaceholders).nullable().default(null)
})
export type MailTemplate = z.infer<typeof mailTemplate>

/** When a mail about a request goes out by itself. */
export const requestMailEvents = ['request-created', 'reply-received', 'request-closed', 'request-reopened'] as const
export type RequestMailEvent = (typeof requestMailEvents)[number]

/** A template as a recipient would see it; `html` is made safe for showing. */
export type TemplatePreview = { subject: string; text: string; html: string | null }

/** The acknowledgement as it is while nobody wrote another: the words of the built-in one, to begin with. */
export const builtInAcknowledgement: MailTemplate = { subject: 'Received: {{subject}}', text: 'We have received your mail and made a request of it. Please keep the number in the subject when you write about it.\n', html: null }
