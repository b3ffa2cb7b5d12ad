import { z } from 'zod'
import { mailAddress } from './fields.ts'

/** What a person may do to requests by e-mail command, besides what the template lets them set. */
export const requestRights = ['edit', 'close', 'pick-up'] as const
export type RequestRight = (typeof requestRights)[number]

/** Somebody who writes or answers requests, as typed. A technician is an analyst here. */
export const personDraft = z.strictObject({
  name: z.string().trim().max(200, 'A name has at most 200 characters.').regex(/^[^\r\n\u0000]*$/, 'A name is one line.'),
  address: mailAddress,
  user: z.boolean().default(true),
  analyst: z.boolean().default(false),
  /** Whether e-mail commands of this person are carried out. */
  signIn: z.boolean().default(false),
  rights: z.array(z.enum(requestRights)).default([]),
  /** Format of mail to this person where formats per person are on; null: the console's. */
  format: z.enum(['html', 'plain']).nullable().default(null)
})
export type PersonDraft = z.infer<typeof personDraft>

/** `undeliverableSince`: mail that we sent there came back (RFC 3464); ISO 8601. `source` says how the person came to be known. */
export type Person = PersonDraft & { id: number; source: 'mail' | 'console' | 'import'; createdAt: string; undeliverableSince: string | null }

/** A page of people by name and address; `next` is the offset of the next page, null at the end. */
export type PeoplePage = { rows: Person[]; next: number | null; total: number }

/** Columns of a CSV file of people (RFC 4180); `address` must be there. Flags are yes or no; rights are separated by spaces. */
export const peopleColumns = ['name', 'address', 'user', 'analyst', 'signIn', 'rights', 'format'] as const
/** What an import did, or would do; rows with issues are not imported. Lines count from 1 and include the header. At most 100 issues are listed. */
export type PeopleImport = { added: number; changed: number; unchanged: number; refused: number; issues: { line: number; column: string; message: string }[] }
