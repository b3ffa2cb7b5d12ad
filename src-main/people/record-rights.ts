import type { PersonDraft } from '#contract/person.ts'
import type { Transaction } from '../database/database.ts'
import { formDifference, type Form } from '../model/configuration-difference.ts'
import type { HistoryTable } from '../servers/configuration-tables.ts'

export type RightsChange = { at: string; who: string; was: PersonDraft | null; now: PersonDraft | null }

/** Writes down what a person may do from now on by mail that they might not before, or no more. What else is known of people is no configuration. */
export async function recordRights(history: Pick<HistoryTable, 'add'>, transaction: Transaction, { at, who, was, now }: RightsChange): Promise<void> {
  const changes = formDifference(rightsOf(was), rightsOf(now))
  const name = now?.address ?? was?.address ?? ''
  if (changes.length > 0) await history.add(transaction, { at, who, what: 'access', name, action: now === null ? 'deleted' : 'changed', changes, reason: null })
}

/** Whoever is not known, or whose commands are not carried out, may do nothing. */
const rightsOf = (person: PersonDraft | null): Form => (person?.signIn === true ? { analyst: person.analyst, signIn: true, rights: [...person.rights].sort() } : { analyst: false, signIn: false, rights: [] })
