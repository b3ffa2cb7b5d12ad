import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { peopleTable, type NewPerson } from './people-table.ts'

const person = (address: string, more: Partial<NewPerson> = {}): NewPerson => ({ name: '', address, user: true, analyst: false, signIn: false, rights: [], format: null, source: 'console', createdAt: '2026-11-20T08:00:00.000Z', ...more })
const withPeople = async (...people: NewPerson[]) => {
  const database = createMemoryDatabase()
  await database.transaction((transaction) => peopleTable.insert(transaction, people))
  return database
}

test('people come back as they were, by an address in any case', async () => {
  const ann = person('Ann@example.com', { name: 'Änn', user: false, analyst: true, signIn: true, rights: ['edit', 'pick-up'], format: 'html', source: 'import' })
  const database = await withPeople(ann, person('bob@example.com'))
  const found = await peopleTable.byAddresses(database, ['ANN@EXAMPLE.COM', 'ann@example.com', 'nobody@example.com'])
  assert.deepEqual([...found], [['ann@example.com', { ...ann, id: 1, undeliverableSince: null }]])
  assert.deepEqual(await peopleTable.get(database, 2), { ...person('bob@example.com'), id: 2, undeliverableSince: null })
  assert.deepEqual([await peopleTable.get(database, 3), await peopleTable.newest(database)], [null, 2])
})

test('an address that is known is not added twice; put changes who is there and keeps where the person came from', async () => {
  const database = await withPeople(person('ann@example.com', { name: 'Ann' }))
  await database.transaction((transaction) => peopleTable.insert(transaction, [person('ANN@example.com', { name: 'Other' }), person('bob@example.com')]))
  assert.deepEqual((await peopleTable.page(database, { query: '', limit: 10, offset: 0 })).map(({ name, address }) => name || address), ['Ann', 'bob@example.com'])
  await database.transaction((transaction) => peopleTable.put(transaction, [person('Ann@example.com', { name: 'Ann B.', rights: ['close'], source: 'import', createdAt: 'later' }), person('cy@example.com', { source: 'import' })]))
  const found = await peopleTable.byAddresses(database, ['ann@example.com', 'cy@example.com'])
  assert.deepEqual(found.get('ann@example.com'), { ...person('Ann@example.com', { name: 'Ann B.', rights: ['close'] }), id: 1, undeliverableSince: null })
  assert.equal(found.get('cy@example.com')?.source, 'import')
})

test('people by their whole name in any case, all of them', async () => {
  const database = await withPeople(person('a@example.com', { name: 'Änn B.' }), person('b@example.com', { name: 'änn b.' }), person('c@example.com', { name: 'Änn B. C.' }), person('d@example.com', { name: '100%_!' }), person('e@example.com'))
  const found = await peopleTable.byNames(database, ['ÄNN B.', '100%_!', '100%', 'e@example.com', '', 'nobody'])
  assert.deepEqual([...found].map(([name, people]) => [name, people.map(({ id }) => id)]), [['änn b.', [1, 2]], ['100%_!', [4]]])
})

test('a page goes by name, those without one by address, and finds text in both as it is', async () => {
  const database = await withPeople(person('z@example.com', { name: 'Ann' }), person('bob_1@example.com'), person('b%b@example.com', { name: 'cy ÄRGER' }))
  const found = async (query: string, limit = 10, offset = 0) => (await peopleTable.page(database, { query, limit, offset })).map(({ id }) => id)
  assert.deepEqual([await found(''), await found('', 1, 1), await found('', 10, 3)], [[1, 2, 3], [2], []])
  assert.deepEqual([await found('ärger'), await found('B_1'), await found('b%b'), await found('example.com'), await found('%')], [[3], [2], [3], [1, 2, 3], [3]])
  assert.deepEqual([await peopleTable.count(database, ''), await peopleTable.count(database, 'bob'), await peopleTable.count(database, 'none')], [3, 1, 0])
})

test('mail that comes back marks an address once, and another address takes the mark away', async () => {
  const database = await withPeople(person('ann@example.com'), person('bob@example.com'))
  const mark = (at: string, ...addresses: string[]) => database.transaction((transaction) => peopleTable.markUndeliverable(transaction, addresses, at))
  const since = async () => (await peopleTable.get(database, 1))?.undeliverableSince
  await mark('monday', 'ANN@example.com', 'nobody@example.com')
  await mark('tuesday', 'ann@example.com')
  assert.deepEqual([await since(), (await peopleTable.get(database, 2))?.undeliverableSince], ['monday', null])
  const update = (draft: NewPerson) => database.transaction((transaction) => peopleTable.update(transaction, 1, draft))
  assert.equal(await update(person('Ann@example.com', { name: 'Ann' })), true)
  assert.equal(await since(), 'monday')
  await update(person('ann@example.org', { name: 'Ann' }))
  assert.equal(await since(), null)
  assert.equal(await database.transaction((transaction) => peopleTable.update(transaction, 9, person('x@example.com'))), false)
})

test('people become users and are deleted by id', async () => {
  const database = await withPeople(person('ann@example.com', { user: false }), person('bob@example.com', { user: false }))
  await database.transaction((transaction) => peopleTable.becomeUser(transaction, [1, 9]))
  assert.deepEqual([(await peopleTable.get(database, 1))?.user, (await peopleTable.get(database, 2))?.user], [true, false])
  assert.equal(await database.transaction((transaction) => peopleTable.delete(transaction, [1, 9])), 1)
  assert.equal(await peopleTable.count(database, ''), 1)
})
