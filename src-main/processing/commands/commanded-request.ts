import { commandedValues } from '../../model/commanded-values.ts'
import type { EmailCommand } from '../../model/parse-email-command.ts'
import { requestSubject } from '../../model/request-subject.ts'
import { templateNamed } from '../../model/template-named.ts'
import { whyNot } from '../../model/command-rights.ts'
import type { Person } from '#contract/person.ts'
import type { RequestTemplate } from '#contract/request-values.ts'
import type { StepAnswer, StepInput } from '../step.ts'
import { listed, refused, templateOf } from './command-answers.ts'

/**
 * What an e-mail command makes of a new request: with `operation` it is a command, without one ordinary mail whose fields are applied.
 * To open it closed needs the right to close.
 */
export function commandedRequest(input: StepInput, person: Person, command: EmailCommand, told: string): StepAnswer {
  const { settings, server, partition, people } = input
  const usual = templateNamed(settings.requestTemplates, server?.template ?? null) ?? (templateNamed(settings.requestTemplates, null) as RequestTemplate)
  const { template, note } = templateOf(input, person, command, usual)
  const taken = commandedValues(command, { person, template, priorities: partition?.priorities ?? null, people })
  const requester = taken.requester?.address ?? person.address
  const mayNotClose = taken.status === 'closed' ? whyNot(person, 'close', { number: 0, requester: person.address }) : null
  if (mayNotClose !== null) return refused(`Status is closed, but ${mayNotClose}`)
  const isOther = template !== usual
  const values = isOther ? { ...taken.values, template: template.name } : taken.values
  const subject = requestSubject(command.subject, command.text)
  const isCommand = command.operation === 'add'
  const idNote = isCommand && (command.requestId !== null || command.idIssue !== null) ? ['The id of a request in it means nothing here.'] : []
  return {
    outcome: 'pass',
    detail: listed([`${told} ${isCommand ? 'It makes a new request' : 'It names no operation and no request, so it is a new request with its fields'}, for ${requester}.`, ...taken.fields.length > 0 ? [`Set: ${taken.fields.join(', ')}.`] : [], ...isOther ? [`It begins with the template ${template.name}.`] : [], ...idNote, ...note, ...taken.notes]),
    found: { operation: isCommand ? 'add' : null, replyTo: null, template, commanded: { subject, status: taken.status, requester: taken.requester, values } }
  }
}
