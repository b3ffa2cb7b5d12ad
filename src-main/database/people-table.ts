import type { Person, PersonDraft, RequestRight } from '#contract/person.ts'
import { likePattern } from './conditions.ts'
import type { Queryable, Row, SqlValue, Transaction } from './database.ts'
import { insertRows, placeholders, portions } from './insert-rows.ts'

export type NewPerson = Omit<Person, 'id' | 'undeliverableSince'>
export type PeopleFilter = { query: string; limit: number; offset: number }

const columns = 'id, name, address, is_user AS "user", is_analyst AS "analyst", may_sign_in AS "signIn", rights, format, source, created_at AS "createdAt", undeliverable_since AS "undeliverableSince"'
type PersonSqlRow = Omit<Person, 'user' | 'analyst' | 'signIn' | 'rights'> & { user: number; analyst: number; signIn: number; rights: string } & Row
const drafted = ['name', 'address', 'address_key', 'is_user', 'is_analyst', 'may_sign_in', 'rights', 'format', 'search']

/** People by their addresses, whose case makes no difference. */
export const peopleTable = {
  /** Adds those whose address is new; others are left as they are. */
  async insert(transaction: Transaction, people: readonly NewPerson[]): Promise<void> {
    await insertRows(transaction, 'people', [...drafted, 'source', 'created_at'], people.map((one) => [...draftValues(one), one.source, one.createdAt]), 'ON CONFLICT (address_key) DO NOTHING')
  },

  /** Adds people; those whose address is known become as given and keep their id, source and time. */
  async put(transaction: Transaction, people: readonly NewPerson[]): Promise<void> {
    const overwritten = drafted.filter((column) => column !== 'address_key').map((column) => `${column} = excluded.${column}`)
    await insertRows(transaction, 'people', [...drafted, 'source', 'created_at'], people.map((one) => [...draftValues(one), one.source, one.createdAt]), `ON CONFLICT (address_key) DO UPDATE SET ${overwritten.join(', ')}`)
  },

  /** With another address, mail is no longer known not to arrive. Returns whether there is such a person. */
  async update(transaction: Transaction, id: number, person: PersonDraft): Promise<boolean> {
    const undeliverable = 'undeliverable_since = CASE WHEN address_key = ? THEN undeliverable_since ELSE NULL END'
    const { changes } = await transaction.run(`UPDATE people SET ${undeliverable}, ${drafted.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`, [keyOf(person.address), ...draftValues(person), id])
    return changes > 0
  },

  async get(queryable: Queryable, id: number): Promise<Person | null> {
    const [row] = await queryable.all<PersonSqlRow>(`SELECT ${columns} FROM people WHERE id = ?`, [id])
    return row === undefined ? null : asPerson(row)
  },

  /** Those of the given people that are known. */
  async byIds(queryable: Queryable, ids: readonly number[]): Promise<Person[]> {
    const found: Person[] = []
    for (const some of portions(ids)) found.push(...(await queryable.all<PersonSqlRow>(`SELECT ${columns} FROM people WHERE id IN ${placeholders(some.length)} ORDER BY id`, some)).map(asPerson))
    return found
  },

  /** Those of the given addresses that are known, by the address in lower case. */
  async byAddresses(queryable: Queryable, addresses: readonly string[]): Promise<Map<string, Person>> {
    const found = new Map<string, Person>()
    for (const some of portions([...new Set(addresses.map(keyOf))])) {
      const rows = await queryable.all<PersonSqlRow>(`SELECT ${columns} FROM people WHERE address_key IN ${placeholders(some.length)}`, some)
      for (const row of rows) found.set(keyOf(row.address), asPerson(row))
    }
    return found
  },

  /** Those of the given names, which are at most 200 characters long and have no regard to case, by the name in lower case. */
  async byNames(queryable: Queryable, names: readonly string[]): Promise<Map<string, Person[]>> {
    const found = new Map<string, Person[]>()
    const wanted = [...new Set(names.map((name) => name.slice(0, 200).toLowerCase()).filter((name) => name !== ''))]
    for (const some of portions(wanted)) {
      const conditions = some.map(() => `search LIKE ? ESCAPE '!'`).join(' OR ')
      const rows = await queryable.all<PersonSqlRow>(`SELECT ${columns} FROM people WHERE name <> '' AND (${conditions})`, some.map((name) => `${literal(name)}\n%`))
      for (const row of rows) found.set(row.name.toLowerCase(), [...(found.get(row.name.toLowerCase()) ?? []), asPerson(row)])
    }
    return found
  },

  /** By name, those without one by address; `query` is looked for in both. */
  async page(queryable: Queryable, { query, limit, offset }: PeopleFilter): Promise<Person[]> {
    const where = condition(query)
    return (await queryable.all<PersonSqlRow>(`SELECT ${columns} FROM people ${where.text} ORDER BY search, id LIMIT ? OFFSET ?`, [...where.values, limit, offset])).map(asPerson)
  },

  async count(queryable: Queryable, query: string): Promise<number> {
    const where = condition(query)
    const [row] = await queryable.all<{ total: number }>(`SELECT COUNT(*) AS total FROM people ${where.text}`, where.values)
    return row?.total ?? 0
  },

  /** Returns how many there were. */
  async delete(transaction: Transaction, ids: readonly number[]): Promise<number> {
    let deleted = 0
    for (const some of portions(ids)) deleted += (await transaction.run(`DELETE FROM people WHERE id IN ${placeholders(some.length)}`, some)).changes
    return deleted
  },

  /** Mail to these addresses came back; one that is marked already keeps its time. */
  async markUndeliverable(transaction: Transaction, addresses: readonly string[], at: string): Promise<void> {
    for (const some of portions([...new Set(addresses.map(keyOf))]))
      await transaction.run(`UPDATE people SET undeliverable_since = ? WHERE undeliverable_since IS NULL AND address_key IN ${placeholders(some.length)}`, [at, ...some])
  },

  async becomeUser(transaction: Transaction, ids: readonly number[]): Promise<void> {
    for (const some of portions(ids)) await transaction.run(`UPDATE people SET is_user = 1 WHERE id IN ${placeholders(some.length)}`, some)
  },

  /** The highest id; 0 when there is none. */
  async newest(queryable: Queryable): Promise<number> {
    const [row] = await queryable.all<{ newest: number | null }>('SELECT MAX(id) AS newest FROM people')
    return row?.newest ?? 0
  }
}
export type PeopleTable = typeof peopleTable

const literal = (text: string): string => text.replace(/[!%_]/g, '!$&')
const keyOf = (address: string): string => address.toLowerCase()
const flag = (is: boolean): number => (is ? 1 : 0)

/** In the order of `drafted`. */
const draftValues = ({ name, address, user, analyst, signIn, rights, format }: PersonDraft): SqlValue[] =>
  [name, address, keyOf(address), flag(user), flag(analyst), flag(signIn), rights.join(' '), format, `${name === '' ? address : name}\n${address}`.toLowerCase()]

const asPerson = (row: PersonSqlRow): Person =>
  ({ ...row, user: row.user === 1, analyst: row.analyst === 1, signIn: row.signIn === 1, rights: row.rights === '' ? [] : (row.rights.split(' ') as RequestRight[]) })

function condition(query: string): { text: string; values: SqlValue[] } {
  const wanted = query.trim().toLowerCase()
  return wanted === '' ? { text: '', values: [] } : { text: `WHERE search LIKE ? ESCAPE '!'`, values: [likePattern(wanted)] }
}
