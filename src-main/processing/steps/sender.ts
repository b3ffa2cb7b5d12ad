import type { Person } from '#contract/person.ts'
import { originalSender } from '../../model/original-sender.ts'
import { parseAddresses } from '../parsing/parse-addresses.ts'
import type { Step } from '../step.ts'

/** Finds out who wrote the message, also where a mailbox forwarded it, and whether that is somebody we know. */
export const sender: Step = ({ parsed, server, people }) => {
  const { from, replyTo } = parsed.content
  if (from === null) return { outcome: 'pass', detail: 'Nobody is named as its sender.' }
  const forwarders = server === null ? [] : [...server.forwarders, ...server.addresses]
  const original = originalSender({ from, headers: parsed.headers, replyTo, forwardedFrom: parsed.forwardedFrom ?? null, forwarders }, parseAddresses)
  const person = people.byAddress(original.from.address)
  return { outcome: 'pass', detail: `From ${original.from.address}, ${whoIs(person)}. ${original.because}`, found: { sender: original.from, person } }
}

function whoIs(person: Person | null): string {
  if (person === null) return 'whom nobody here knows yet'
  const roles = [person.analyst ? 'an analyst' : '', person.user ? 'a user' : ''].filter((role) => role !== '').join(' and ')
  return [person.name, roles].filter((text) => text !== '').join(', ') || 'a known person'
}
