import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { Person } from '#contract/person.ts'
import { ProblemError } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Caller } from '../servers/configuration-needs.ts'
import type { HistoryTable } from '../servers/configuration-tables.ts'
import type { Works } from '../work/works.ts'
import { importPeople } from './import-people.ts'
import { recordRights } from './record-rights.ts'

export type PeopleNeeds = {
  database: Database
  tables: Pick<MailTables, 'people'>
  works: Works
  history: Pick<HistoryTable, 'add'>
  announce: EventListener
  now: () => Date
}

/** Use cases on the people who write and answer requests, one for each call `people.…`. An address belongs to one person, whatever its case. */
export function createPeople(needs: PeopleNeeds) {
  const { database, tables: { people }, announce } = needs

  const list = async ({ query, limit, offset }: ParsedInput<'people.list'>): Promise<CallAnswer<'people.list'>> => {
    const total = await people.count(database, query)
    const rows = await people.page(database, { query, limit, offset })
    return { rows, total, next: offset + rows.length < total && rows.length > 0 ? offset + rows.length : null }
  }

  /** Throws ProblemError `name-taken` where the address is that of another person, `not-found`. */
  const save = async ({ id, person }: ParsedInput<'people.save'>, { who }: Pick<Caller, 'who'>): Promise<Person> => {
    const saved = await database.transaction(async (transaction) => {
      const owner = await personAt(transaction, person.address)
      if (owner !== null && owner.id !== id) throw new ProblemError({ code: 'name-taken', what: 'person', name: person.address })
      const at = needs.now().toISOString()
      const was = id === null ? null : ((await people.byIds(transaction, [id]))[0] ?? null)
      await recordRights(needs.history, transaction, { at, who, was, now: person })
      if (id === null) await people.insert(transaction, [{ ...person, source: 'console', createdAt: at }])
      else if (!(await people.update(transaction, id, person))) throw new ProblemError({ code: 'not-found', what: 'person', name: String(id), nearest: null })
      return personAt(transaction, person.address)
    })
    if (saved === null) throw new Error('a person that was stored cannot be found')
    announce('people-changed', {})
    return saved
  }

  /** Their requests stay. People who are no longer there are passed over. */
  const remove = async ({ ids }: ParsedInput<'people.delete'>, { who }: Pick<Caller, 'who'>): Promise<CallAnswer<'people.delete'>> => {
    const deleted = await database.transaction(async (transaction) => {
      for (const was of await people.byIds(transaction, ids)) await recordRights(needs.history, transaction, { at: needs.now().toISOString(), who, was, now: null })
      return people.delete(transaction, ids)
    })
    if (deleted > 0) announce('people-changed', {})
    return { deleted }
  }

  const personAt = async (transaction: Transaction, address: string): Promise<Person | null> => (await people.byAddresses(transaction, [address])).get(address.toLowerCase()) ?? null

  return { list, save, delete: remove, import: importPeople(needs) }
}
