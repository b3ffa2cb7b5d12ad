import type { Person } from '#contract/person.ts'
import type { RequestTemplate } from '#contract/request-values.ts'
import { maySet } from '../../model/command-rights.ts'
import type { EmailCommand } from '../../model/parse-email-command.ts'
import { templateNamed } from '../../model/template-named.ts'
import type { StepAnswer, StepInput } from '../step.ts'

/** The end of a command that is not carried out, in a sentence; nothing of it is done. */
export const refused = (reason: string): StepAnswer => ({ outcome: 'error', detail: `The e-mail command is refused: ${reason}`, problem: { code: 'email-command-refused', reason } })

const mostNotes = 20
/** Sentences in a row, at most 20 of them. */
export const listed = (sentences: readonly string[]): string =>
  [...sentences.slice(0, mostNotes), ...(sentences.length > mostNotes ? [`And ${sentences.length - mostNotes} more.`] : [])].join(' ')

/** The template that a command names, where the person may name one with the usual template; else the usual one. `note` says why. */
export function templateOf({ settings }: StepInput, person: Person, { fields }: EmailCommand, usual: RequestTemplate): { template: RequestTemplate; note: string[] } {
  const named = fields.RequestTemplate
  if (named === undefined || named === '') return { template: usual, note: [] }
  if (!maySet(person, usual, 'RequestTemplate')) return { template: usual, note: [`RequestTemplate is no field that ${person.address} may set with the template ${usual.name}.`] }
  const found = templateNamed(settings.requestTemplates, named)
  return found === null ? { template: usual, note: [`There is no template ${named.slice(0, 64)}.`] } : { template: found, note: [] }
}
