import type { Settings } from '#contract/settings.ts'
import { firstAddress } from '../../model/first-address.ts'
import { parseEmailCommand } from '../../model/parse-email-command.ts'
import { ownWords } from './own-words.ts'

/** What of an e-mail command has to be looked up before it is decided on: requests, and people by their addresses or names. */
export function namedByCommand({ subject, text }: { subject: string; text: string }, processing: Settings['processing']): { requests: number[]; addresses: string[]; names: string[] } {
  if (!processing.emailCommand.enabled || !subject.includes(processing.emailCommand.subjectContains)) return { requests: [], addresses: [], names: [] }
  const command = parseEmailCommand({ subject, text: ownWords(text) }, processing)
  const commands = command === null ? [] : [command]
  const people = commands.flatMap(({ fields: { Requester = '', RequesterEmail = '', Technician = '', TechnicianEmail = '' } }) => [Requester, RequesterEmail, Technician, TechnicianEmail])
  return {
    requests: [...new Set(commands.flatMap(({ requestId }) => (requestId === null ? [] : [requestId])))],
    addresses: [...new Set(people.flatMap((value) => firstAddress(value) ?? []))],
    names: [...new Set(people.filter((value) => value !== '' && firstAddress(value) === null))]
  }
}
