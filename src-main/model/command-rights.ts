import type { Person, RequestRight } from '#contract/person.ts'
import type { RequestTemplate } from '#contract/request-values.ts'
import { sameAddress } from './is-for-mailbox.ts'

type Rights = Pick<Person, 'analyst' | 'user' | 'rights' | 'address' | 'name'>

/**
 * Why a person may not do something to a request by e-mail command, as a sentence; null where they may. An analyst whose rights are
 * empty may do all to every request, another only what is named. Who is no analyst may do only what is named, and to requests of
 * their own.
 */
export function whyNot(person: Rights, right: RequestRight, request: { number: number; requester: string }): string | null {
  const has = person.rights.includes(right) || (person.analyst && person.rights.length === 0)
  if (!has) return `${shown(person)} does not have the right to ${words[right]} requests.`
  return person.analyst || sameAddress(request.requester, person.address) ? null : `Request ${request.number} is not a request of ${shown(person)}, who may ${words[right]} their own alone.`
}

/** Whether a template lets a person set a field by e-mail command: the name of a documented field or the label of an additional one. */
export function maySet(person: Rights, template: Pick<RequestTemplate, 'requesterFields' | 'technicianFields'>, field: string): boolean {
  const asRequester = person.user || !person.analyst ? template.requesterFields : []
  const asTechnician = person.analyst ? template.technicianFields : []
  return [...asRequester, ...asTechnician].some((one) => one.trim().toLowerCase() === field.trim().toLowerCase())
}

const words: Record<RequestRight, string> = { edit: 'edit', close: 'close', 'pick-up': 'pick up' }
const shown = ({ name, address }: Rights): string => (name === '' ? address : name)
