import type { Person } from '#contract/person.ts'
import type { RequestTemplate, RequestValues } from '#contract/request-values.ts'
import { commandedValues, type CommandedValues } from '../../model/commanded-values.ts'
import { whyNot } from '../../model/command-rights.ts'
import { describedChanges } from '../../model/described-changes.ts'
import { mergeValues } from '../../model/merge-values.ts'
import type { EmailCommand } from '../../model/parse-email-command.ts'
import { priorityAfter } from '../../model/priority-of.ts'
import { templateNamed } from '../../model/template-named.ts'
import type { CommandedChange, KnownRequest } from '../../requests/decide.ts'
import { knownRequest } from '../known-request.ts'
import type { StepAnswer, StepInput } from '../step.ts'
import { listed, refused, templateOf } from './command-answers.ts'

type Changing = CommandedChange['operation']
const done: Record<Changing, string> = { edit: 'edits', close: 'closes', 'pick-up': 'picks up' }

/**
 * What an e-mail command does to a request that exists: all of it, or nothing. The fields are those of the request's template. To close
 * or pick up may set the resolution as well; whatever else is set needs the right to edit, and a closed status the right to close.
 */
export function commandedChange(input: StepInput, person: Person, command: EmailCommand, operation: Changing, told: string): StepAnswer {
  if (command.requestId === null) return refused(command.idIssue ?? 'It names no request: RequestID is needed for this operation.')
  const { request, because } = knownRequest(input, command.requestId)
  if (request === null) return refused(because)
  const mayNot = whyNot(person, operation, request)
  if (mayNot !== null) return refused(mayNot)
  const { taken, template, notes } = read(input, person, command, request)
  const lacking = missingRight(person, operation, request, taken, template !== null)
  if (lacking !== null) return refused(lacking)
  if (operation === 'edit' && taken.fields.length === 0 && template === null) return refused(listed(['It names no field that can be set.', ...notes]))
  const status = operation === 'close' ? 'closed' : taken.status
  const values = withPriority(input, request, { ...taken.values, ...(template === null ? {} : { template: template.name }), ...(operation === 'pick-up' ? technicianIs(person) : {}) })
  const change = changeOf(person, operation, request, { values, status: status === request.status ? null : status, requester: taken.requester })
  const what = change.changes.length === 0 ? 'Nothing changes by it.' : `Changed: ${change.changes.map(({ field }) => field).slice(0, 50).join(', ')}.`
  return { outcome: 'pass', detail: listed([`${told} It ${done[operation]} request ${request.number}.`, what, ...notes]), found: { operation: change, replyTo: request.number } }
}

function read(input: StepInput, person: Person, command: EmailCommand, request: KnownRequest): { taken: CommandedValues; template: RequestTemplate | null; notes: string[] } {
  const templates = input.settings.requestTemplates
  const own = templateNamed(templates, request.values.template ?? null) ?? (templateNamed(templates, null) as RequestTemplate)
  const { template, note } = templateOf(input, person, command, own)
  const taken = commandedValues(command, { person, template, priorities: input.partition?.priorities ?? null, people: input.people })
  return { taken, template: template === own ? null : template, notes: [...note, ...taken.notes] }
}

/** What of the command needs another right than its operation and is not there. */
function missingRight(person: Person, operation: Changing, request: KnownRequest, { fields, status }: CommandedValues, isOtherTemplate: boolean): string | null {
  const besides = operation === 'edit' ? [] : fields.filter((field) => field !== 'Resolution' && field !== 'Status')
  const toEdit = besides.length > 0 || (operation !== 'edit' && (isOtherTemplate || (status === 'open' && operation !== 'close'))) ? whyNot(person, 'edit', request) : null
  if (toEdit !== null) return `It also sets ${besides.join(', ') || 'the status'}, but ${toEdit}`
  const toClose = status === 'closed' && operation !== 'close' ? whyNot(person, 'close', request) : null
  return toClose === null ? null : `Status is closed, but ${toClose}`
}

const technicianIs = ({ name, address }: Person): RequestValues => ({ technician: name === '' ? address : name, technicianEmail: address })

function withPriority({ partition, settings }: StepInput, request: KnownRequest, values: RequestValues): RequestValues {
  if (partition === null) return values
  const template = templateNamed(settings.requestTemplates, values.template ?? request.values.template ?? null) ?? { priority: '' }
  const priority = priorityAfter(partition.priorities, template, request.values, values)
  return priority === null ? values : { ...values, priority }
}

function changeOf({ address }: Person, operation: Changing, request: KnownRequest, what: Pick<CommandedChange, 'values' | 'status' | 'requester'>): CommandedChange {
  const changes = describedChanges(request.values, mergeValues(request.values, what.values))
  if (what.status !== null) changes.unshift({ field: 'Status', from: request.status, to: what.status })
  if (what.requester !== null && what.requester.address !== request.requester) changes.unshift({ field: 'Requester', from: request.requester, to: what.requester.address })
  return { operation, request: request.number, by: address, ...what, changes }
}
