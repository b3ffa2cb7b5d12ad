import type { Person } from '#contract/person.ts'
import type { EmailCommand } from '../../model/parse-email-command.ts'
import { parseEmailCommand } from '../../model/parse-email-command.ts'
import { sameAddress } from '../../model/is-for-mailbox.ts'
import { commandedChange } from '../commands/commanded-change.ts'
import { commandedRequest } from '../commands/commanded-request.ts'
import { refused } from '../commands/command-answers.ts'
import { ownWords } from '../commands/own-words.ts'
import { knownRequest } from '../known-request.ts'
import type { Findings, Step, StepAnswer, StepInput } from '../step.ts'

/**
 * Carries out what mail of people with sign-in permission commands (ServiceDesk Plus MSP, "Email Command"). Mail of others, automatic
 * answers, forwarded mail and mail whose sender is doubtful is ordinary mail. Only what the sender wrote counts, not what is quoted. A command that
 * cannot be carried out ends in the error folder, and nothing of it is done.
 */
export const emailCommand: Step = (input, findings) => {
  const { processing, requestTemplates } = input.settings
  if (!processing.emailCommand.enabled) return { outcome: 'pass', detail: 'E-mail commands are switched off.' }
  const labels = requestTemplates.flatMap(({ additionalFields }) => additionalFields)
  const { subject, text } = input.parsed.content
  const command = parseEmailCommand({ subject, text: ownWords(text) }, processing, labels)
  if (command === null) return { outcome: 'pass', detail: 'The subject does not contain the identifier of e-mail commands.' }
  const { person } = findings
  const doubt = whyUnheard(input, findings)
  if (person === null || doubt !== null) return { outcome: 'pass', detail: `The subject has the identifier of e-mail commands, but ${doubt ?? 'the sender is unknown'}. It is ordinary mail.` }
  return carryOut(input, findings, person, command)
}

function carryOut(input: StepInput, { replyTo }: Findings, person: Person, command: EmailCommand): StepAnswer {
  const told = `A command of ${person.address}.`
  if (command.unknownOperation !== null) return refused(`There is no operation "${command.unknownOperation.slice(0, 60)}"; there are AddRequest, EditRequest, CloseRequest and PickupRequest.`)
  if (command.operation === 'add') return commandedRequest(input, person, command, told)
  if (command.operation !== null) return commandedChange(input, person, command, command.operation, told)
  return withoutOperation(input, replyTo, person, command, told)
}

/** Mail that names a request but no operation never makes a new one: it is a reply, and its fields are not applied. */
function withoutOperation(input: StepInput, replyTo: number | null, person: Person, command: EmailCommand, told: string): StepAnswer {
  if (command.requestId === null && command.idIssue !== null && replyTo === null) return refused(`${command.idIssue} Without an operation the mail could only be a reply.`)
  if (command.requestId === null && replyTo === null) return commandedRequest(input, person, command, told)
  if (command.requestId === null) return { outcome: 'pass', detail: `${told} It names no operation, so it is a reply to request ${replyTo} and its fields are not applied.` }
  const { request, because } = knownRequest(input, command.requestId)
  if (request === null) return refused(`${because} Without an operation the mail could only be a reply, and it makes no new request.`)
  return { outcome: 'pass', detail: `${told} It names request ${request.number} but no operation, so it is a reply and its fields are not applied.`, found: { replyTo: request.number } }
}

/** Why nothing that the mail says is carried out, for the middle of a sentence. */
function whyUnheard({ parsed, server }: StepInput, { automatic, mark, person, sender }: Findings): string | null {
  if (automatic !== null && automatic.kind !== 'notification' && automatic.kind !== 'bulk') return `it is automatic mail (${automatic.sign})`
  if (person === null) return `nobody is known at ${sender.address}`
  if (!person.signIn) return `${person.address} has no permission to sign in`
  const from = parsed.content.from?.address ?? ''
  // Whatever names the author of forwarded mail, a field or a line of its text, a stranger could have written it before it was forwarded.
  if (!sameAddress(from, sender.address)) return `${from} forwarded it, and that ${sender.address} wrote it is said by the message alone`
  if (mark !== '') return `its sender is doubtful (${mark.replace(/\.$/, '').slice(0, 200)})`
  const isChecked = server !== null && server.authentication.policy !== 'ignore'
  return isChecked && parsed.authentication?.verdict === 'unknown' ? 'nothing can be said of its sender, since DNS gave no answer' : null
}
