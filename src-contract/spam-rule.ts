import { z } from 'zod'

/** What of a message a criterion looks at. `recipient`: every address in To and Cc; `header`: every field of the name in `header`. */
export const spamFields = ['sender', 'recipient', 'subject', 'body', 'header', 'size', 'has-attachment'] as const
export type SpamField = (typeof spamFields)[number]

const textConditions = ['is', 'is-not', 'contains', 'does-not-contain', 'begins-with', 'ends-with', 'matches'] as const
/** Conditions by field. Text is compared without regard to case; `matches` is a regular expression (RE2 syntax). */
export const spamConditions: Readonly<Record<SpamField, readonly string[]>> = {
  sender: textConditions, recipient: textConditions, subject: textConditions, body: textConditions, header: textConditions,
  size: ['larger-than', 'smaller-than'], 'has-attachment': ['yes', 'no']
}
const conditions = [...textConditions, 'larger-than', 'smaller-than', 'yes', 'no'] as const
export type SpamCondition = (typeof conditions)[number]

/** `values`: any of them is enough (none of them for the negative conditions). Sizes are given as in `20MB`. */
export const spamCriterion = z
  .strictObject({
    field: z.enum(spamFields),
    /** Name of the header field, for `field: header`. */
    header: z.string().regex(/^[!-9;-~]{1,100}$/, 'The name of a header field, such as X-Spam-Flag.').optional(),
    condition: z.enum(conditions),
    values: z.array(z.string().min(1, 'A value is empty.').max(500, 'A value has at most 500 characters.')).max(500, 'At most 500 values.').default([])
  })
  .superRefine(({ field, header, condition, values }, issue) => {
    const add = (path: string, message: string): void => void issue.addIssue({ code: 'custom', path: [path], message })
    if (!spamConditions[field].includes(condition)) add('condition', `\`${field}\` can be compared by ${spamConditions[field].join(', ')}.`)
    if (field === 'header' && header === undefined) add('header', 'Name the header field.')
    if (field !== 'header' && header !== undefined) add('header', 'Only the criterion `header` names a header field.')
    if (field === 'has-attachment' ? values.length > 0 : values.length === 0) add('values', field === 'has-attachment' ? 'Whether there is an attachment needs no value.' : 'Give at least one value.')
    if (field === 'size' && values.some((value) => !/^\d{1,10}(?:\.\d{1,3})?\s?(?:B|KB|MB|GB)$/i.test(value))) add('values', 'A size is a number with a unit, such as 500KB or 20MB.')
  })
export type SpamCriterion = z.infer<typeof spamCriterion>

/** Mail that fulfils a rule is dropped and counted. Rules are tried in their order; the first that matches decides. */
export const spamRule = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.').max(64, 'A name has at most 64 characters.'),
  enabled: z.boolean().default(true),
  match: z.enum(['all', 'any']).default('all'),
  criteria: z.array(spamCriterion).min(1, 'A rule needs at least one criterion.').max(50, 'At most 50 criteria.')
})
export type SpamRule = z.infer<typeof spamRule>

/** How often a rule dropped a message, by its name. */
export type SpamHits = { rule: string; hits: number; lastAt: string }
/** What a rule says of a message: `found` names the value that was met, null where the criterion is not met. */
export type SpamTrial = { rule: string; matches: boolean; criteria: { met: boolean; found: string | null }[] }
