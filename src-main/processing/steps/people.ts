import { mailAddress } from '#contract/fields.ts'
import type { Address } from '#contract/message.ts'
import type { Person } from '#contract/person.ts'
import { sameAddress } from '../../model/is-for-mailbox.ts'
import { loggingAnalyst } from '../../model/logging-analyst.ts'
import type { PersonChange } from '../../requests/decide.ts'
import type { Findings, Step, StepInput } from '../step.ts'
import { makesRequest } from './template.ts'

/**
 * Says who becomes known by the message, and who logs a new request. An unknown sender becomes a user, by a reply too; an analyst who
 * makes a request and is no user yet becomes one. Automatic mail and our own addresses make nobody known.
 */
export const people: Step = (input, findings) => {
  const isNew = makesRequest(findings)
  const writers = [{ who: findings.sender, person: findings.person }, ...commandedRequester(input, findings)]
  const found = writers.map(({ who, person }) => becomesUser(input, findings, who, person, isNew))
  const changes = found.flatMap(({ change }) => (change === null ? [] : [change]))
  const told = found.map(({ because }) => because)
  if (!isNew || input.server === null) return { outcome: 'pass', detail: told.join(' '), found: { people: onceEach(changes) } }
  const logging = loggingAnalyst(findings.person, input.server)
  const values = logging.address === null ? findings.values : { ...findings.values, loggingAnalyst: logging.address }
  return { outcome: 'pass', detail: [...told, logging.because].join(' '), found: { people: onceEach(changes), values } }
}

function commandedRequester({ people }: StepInput, { commanded, operation, sender }: Findings): { who: Address; person: Person | null }[] {
  const requester = (operation !== null && operation !== 'add' ? operation.requester : commanded?.requester) ?? null
  return requester === null || sameAddress(requester.address, sender.address) ? [] : [{ who: requester, person: people.byAddress(requester.address) }]
}

function becomesUser({ server }: StepInput, { automatic }: Findings, { address, name }: Address, person: Person | null, isNew: boolean): { change: PersonChange | null; because: string } {
  const stays = (because: string) => ({ change: null, because })
  if (person?.user) return stays(`${address} is known as a user.`)
  if (automatic !== null) return stays(`${address} wrote automatic mail (${automatic.sign}) and does not become a person by it.`)
  if (person !== null && !isNew) return stays(`${address} is known.`)
  if (person !== null) return { change: { address: person.address, name: person.name, user: true, existing: person.id }, because: `${address} is known, but was no user yet, and becomes one.` }
  if ([...(server?.addresses ?? []), server?.auth.user ?? ''].some((own) => sameAddress(own, address))) return stays(`${address} is this mailbox itself and nobody to be known.`)
  if (!mailAddress.safeParse(address).success) return stays(`${address === '' ? 'The sender' : address.slice(0, 100)} has no address that a person could have.`)
  return { change: { address, name: oneLine(name), user: true, existing: null }, because: `${address} was unknown and becomes a user.` }
}

const oneLine = (name: string): string => name.slice(0, 1000).replace(/[\s\p{Cc}]+/gu, ' ').trim().slice(0, 200).toWellFormed()
const onceEach = (changes: readonly PersonChange[]): PersonChange[] => changes.filter(({ address }, index) => changes.findIndex((other) => sameAddress(other.address, address)) === index)
