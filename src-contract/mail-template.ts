import { z } from 'zod'

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

/** What is in double braces, and where it begins; a name may have spaces around it. */
export const placeholdersIn = (text: string): { name: string; index: number }[] => [...text.matchAll(/\{\{\s*([^{}\n]{0,100}?)\s*\}\}/g)].map((found) => ({ name: found[1] ?? '', index: found.index }))

export const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(placeholders, name)

const withKnownPlaceholders = (value: string, context: z.RefinementCtx): void => {
  for (const { name } of placeholdersIn(value))
    if (!isPlaceholder(name)) context.addIssue({ code: 'custom', message: `There is no placeholder {{${name}}}. Known are ${Object.keys(placeholders).join(', ')}.` })
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
