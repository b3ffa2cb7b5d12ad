import type { Settings } from '#contract/settings.ts'
import { firstAddress } from './first-address.ts'
import { ownWords } from './own-words.ts'
import { parseEmailCommand } from './parse-email-command.ts'

/** Numbers of requests and addresses of people that an e-mail command may be about, to be looked up before it is decided on. */
export function namedByCommand({ subject, text }: { subject: string; text: string }, processing: Settings['processing']): { requests: number[]; addresses: string[] } {
  const commands = [false, true].flatMap((isForwarded) => parseEmailCommand({ subject, text: ownWords(text, isForwarded) }, processing) ?? [])
  const fields = commands.flatMap(({ fields: { Requester = '', RequesterEmail = '', TechnicianEmail = '' } }) => [Requester, RequesterEmail, TechnicianEmail])
  return {
    requests: [...new Set(commands.flatMap(({ requestId }) => (requestId === null ? [] : [requestId])))],
    addresses: [...new Set(fields.flatMap((value) => firstAddress(value) ?? []))]
  }
}
