import { z } from 'zod'

/**
 * Fields of a request that mail can set, under their names in an e-mail command and in a template. The names are those that
 * ServiceDesk Plus documents for its e-mail command.
 */
export const commandFields = [
  'RequestType', 'Status', 'Mode', 'Level', 'Category', 'SubCategory', 'Item', 'Impact', 'ImpactDetails', 'Urgency', 'Priority', 'Group',
  'Technician', 'TechnicianEmail', 'Requester', 'RequesterEmail', 'Site', 'Asset', 'Resolution', 'RequestTemplate'
] as const
export type CommandField = (typeof commandFields)[number]

/** Fields that a request keeps as text. Status and requester are columns of their own; the template is named by `template`. */
export const valueFields = [
  'requestType', 'mode', 'level', 'category', 'subCategory', 'item', 'impact', 'impactDetails', 'urgency', 'priority', 'group', 'technician', 'technicianEmail', 'site', 'assignedOffice', 'asset', 'resolution'
] as const
export type ValueField = (typeof valueFields)[number]

/** Answers to resource questions: by key of the resource, by key of the question, the chosen options by name. */
export type ResourceAnswers = Record<string, Record<string, string[]>>

/** What a request is besides its mail. A field without a value is left out; `additional` is by the label of the field; `senderCheck` says what speaks against the sender. */
export type RequestValues = Partial<Record<ValueField, string>> & { template?: string; senderCheck?: string; loggingAnalyst?: string; additional?: Record<string, string>; resources?: ResourceAnswers }

const fieldText = z.string().max(250, 'At most 250 characters.').regex(/^[^\r\n\u0000]*$/, 'One line.')
const label = z.string().trim().min(1, 'Enter a label.').max(100, 'At most 100 characters.').regex(/^[^\r\n\u0000=]+$/, 'One line, without =.')
const apiKey = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,60}$/, 'Letters, digits and underscores, beginning with a letter, such as res_301.')

/** One question of a resource. `options` are what can be answered; for `string` there are none and any one line may be. */
export const resourceQuestion = z
  .strictObject({ key: apiKey, label, kind: z.enum(['select', 'radio', 'check', 'string']), options: z.array(fieldText.min(1)).max(500).default([]) })
  .superRefine(({ kind, options }, issue) => {
    if (kind !== 'string' && options.length === 0) issue.addIssue({ code: 'custom', path: ['options'], message: 'Give at least one option to choose from.' })
  })
export const resource = z.strictObject({ key: apiKey, label, questions: z.array(resourceQuestion).max(200).default([]) })
export type Resource = z.infer<typeof resource>
export type ResourceQuestion = z.infer<typeof resourceQuestion>

/** What new requests begin with, and which fields of it people may set by e-mail command. Empty values are none. */
export const requestTemplate = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.').max(64, 'A name has at most 64 characters.'),
  category: fieldText.default(''),
  subCategory: fieldText.default(''),
  item: fieldText.default(''),
  requestType: fieldText.default(''),
  mode: fieldText.default(''),
  level: fieldText.default(''),
  impact: fieldText.default(''),
  urgency: fieldText.default(''),
  /** Set whatever impact and urgency say; empty: by the matrix of the partition. */
  priority: fieldText.default(''),
  group: fieldText.default(''),
  technician: fieldText.default(''),
  site: fieldText.default(''),
  assignedOffice: fieldText.default(''),
  additionalFields: z.array(label).max(100).default([]),
  /** Fields that a requester may set by e-mail command: names of `commandFields` or labels of `additionalFields`. */
  requesterFields: z.array(label).max(200).default(['Category', 'SubCategory', 'Item', 'Impact', 'ImpactDetails', 'Urgency', 'Site', 'Asset', 'RequestType']),
  /** Fields that a technician (analyst) may set by e-mail command. */
  technicianFields: z.array(label).max(200).default([...commandFields]),
  resources: z.array(resource).max(100).default([])
})
export type RequestTemplate = z.infer<typeof requestTemplate>

/** The template of requests whose server names none. */
export const plainTemplate: RequestTemplate = requestTemplate.parse({ name: 'Default' })

/** Impact × urgency → priority (ITIL). Lists are in order of weight, the heaviest first; a pair that `matrix` leaves out has no priority. */
export const priorityMatrix = z
  .strictObject({
    impacts: z.array(fieldText.min(1)).max(20).default([]),
    urgencies: z.array(fieldText.min(1)).max(20).default([]),
    priorities: z.array(fieldText.min(1)).max(20).default([]),
    matrix: z.array(z.strictObject({ impact: fieldText.min(1), urgency: fieldText.min(1), priority: fieldText.min(1) })).max(400).default([])
  })
  .superRefine(({ impacts, urgencies, priorities, matrix }, issue) => {
    const seen = new Set<string>()
    matrix.forEach(({ impact, urgency, priority }, index) => {
      const check = (key: string, value: string, known: readonly string[]): void => {
        if (!known.includes(value)) issue.addIssue({ code: 'custom', path: ['matrix', index, key], message: `There is no ${key} \`${value}\`.` })
      }
      check('impact', impact, impacts)
      check('urgency', urgency, urgencies)
      check('priority', priority, priorities)
      const pair = JSON.stringify([impact, urgency])
      if (seen.has(pair)) issue.addIssue({ code: 'custom', path: ['matrix', index], message: `The pair \`${impact}\` and \`${urgency}\` is given twice.` })
      seen.add(pair)
    })
  })
export type PriorityMatrix = z.infer<typeof priorityMatrix>

/** One change of a request, for its history. `by` is the address or the name of who did it; `entry` the mail that did. */
export type RequestChange = { id: number; at: string; by: string; action: 'edited' | 'closed' | 'picked up' | 'reopened'; changes: { field: string; from: string; to: string }[]; entry: number | null }
