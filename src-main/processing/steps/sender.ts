import { originalSender } from '../../model/original-sender.ts'
import type { Step } from '../step.ts'

/** Finds out who wrote the message, also where a mailbox forwarded it, and whether that is somebody we know. */
export const sender: Step = ({ parsed, server, people }) => {
  const from = parsed.content.from
  if (from === null) return { outcome: 'pass', detail: 'Nobody is named as its sender.' }
  const original = originalSender({ from, headers: parsed.headers, replyTo: parsed.content.replyTo, forwardedFrom: parsed.forwardedFrom ?? null, forwarders: server?.forwarders ?? [] })
  const person = people.byAddress(original.from.address)
  const who = person === null ? 'nobody known here yet' : [person.analyst ? 'an analyst' : '', person.user ? 'a user' : ''].filter((role) => role !== '').join(' and ') || 'a person without a role'
  const name = person !== null && person.name !== '' ? `${person.name} <${original.from.address}>` : original.from.address
  return { outcome: 'pass', detail: `${original.because === '' ? 'From' : `${original.because} From`} ${name}, ${who}.`, found: { sender: original.from, person } }
}
