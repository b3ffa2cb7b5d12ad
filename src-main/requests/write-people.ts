import type { NewPerson } from '../database/people-table.ts'
import type { DecidedMessage } from './message-fate.ts'
import { columnText, type WriteNeeds } from './write-needs.ts'

/** Makes senders known who were not, and marks the addresses that our mail came back from. */
export async function writePeople({ transaction, tables, at }: WriteNeeds, decided: readonly DecidedMessage[]): Promise<void> {
  const changes = decided.flatMap(({ people }) => people)
  const added = new Map<string, NewPerson>()
  for (const { address, name, existing } of changes)
    if (existing === null && !added.has(address.toLowerCase()))
      added.set(address.toLowerCase(), { name: columnText(name).slice(0, 200), address: columnText(address), user: true, analyst: false, signIn: false, rights: [], format: null, source: 'mail', createdAt: at })
  if (added.size > 0) await tables.people.insert(transaction, [...added.values()])
  const becoming = [...new Set(changes.flatMap(({ existing }) => (existing === null || existing === 0 ? [] : [existing])))]
  if (becoming.length > 0) await tables.people.becomeUser(transaction, becoming)
  const failed = decided.flatMap(({ bounce }) => bounce?.recipients ?? []).filter(({ action, status }) => action === 'failed' && !status.startsWith('4.'))
  if (failed.length > 0) await tables.people.markUndeliverable(transaction, failed.map(({ address }) => address), at)
}
