import type { RequestTemplate, RequestValues } from '#contract/request-values.ts'
import { mergeValues } from '../../model/merge-values.ts'
import { priorityOf } from '../../model/priority-of.ts'
import { templateNamed } from '../../model/template-named.ts'
import type { Findings, Step, StepInput } from '../step.ts'

/**
 * Gives a new request its values: those of the template of the server, or of the one that a command names, and over them what the
 * command sets. Where neither sets the priority, the partition's matrix does, by impact and urgency.
 */
export const template: Step = (input, findings) => {
  if (!makesRequest(findings)) return { outcome: 'pass', detail: 'The request is there already and takes nothing from a template.' }
  const { template, told } = templateFor(input, findings)
  const values = mergeValues(valuesOf(template, input), findings.commanded?.values ?? {})
  const priority = values.priority ?? (input.partition === null ? null : priorityOf(input.partition.priorities, values))
  const byMatrix = values.priority === undefined && priority !== null ? ` Impact ${values.impact} and urgency ${values.urgency} make its priority ${priority}.` : ''
  return { outcome: 'pass', detail: `${told}${byMatrix}`, found: { template, values: priority === null ? values : { ...values, priority } } }
}

/** Whether the message makes a request: by itself or as a command. */
export const makesRequest = ({ operation, replyTo }: Pick<Findings, 'operation' | 'replyTo'>): boolean => operation === 'add' || (operation === null && replyTo === null)

function templateFor({ settings, server }: StepInput, { commanded }: Findings): { template: RequestTemplate; told: string } {
  const templates = settings.requestTemplates
  const byCommand = commanded?.values.template ? templateNamed(templates, commanded.values.template) : null
  if (byCommand !== null) return { template: byCommand, told: `The command names the template ${byCommand.name}.` }
  const named = server?.template ?? null
  const found = named === null ? null : templateNamed(templates, named)
  if (found !== null) return { template: found, told: `New requests of ${server?.name ?? 'this server'} begin with the template ${found.name}.` }
  const plain = templateNamed(templates, null) as RequestTemplate
  return { template: plain, told: named === null ? `No template is named, so it begins with ${plain.name}.` : `The template ${named} of this server does not exist, so it begins with ${plain.name}.` }
}

const given = ['category', 'subCategory', 'item', 'requestType', 'mode', 'level', 'impact', 'urgency', 'priority', 'group', 'technician', 'site', 'assignedOffice'] as const

/** What a template sets. The name is kept where the template is one of the settings. */
function valuesOf(template: RequestTemplate, { settings }: StepInput): RequestValues {
  const values = Object.fromEntries(given.flatMap((key) => (template[key] === '' ? [] : [[key, template[key]]])))
  return settings.requestTemplates.includes(template) ? { ...values, template: template.name } : values
}
