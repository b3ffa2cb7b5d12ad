import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestRow } from '#contract/request.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { requestChangesTable, type StoredChange } from './request-changes-table.ts'
import { requestsTable } from './requests-table.ts'

const request = (number: number, more: Partial<RequestRow> = {}): RequestRow => ({
  number, subject: `Subject ${number}`, status: 'open', requester: 'ann@example.com', partition: 'IT', server: 'it', messageId: null, createdAt: '2026-11-20T08:00:00.000Z', replies: 0, attachments: 0, values: {}, ...more
})
const everything = { limit: 100, before: null, query: '', server: null }

test('requests come back with their partition and values, whatever is in them', async () => {
  const database = createMemoryDatabase()
  const rows = [request(1), request(2, { partition: '', values: { urgency: 'High', additional: { 'Böse "Feld"': "x'; DROP" }, resources: { res_1: { q_1: ['a', 'b'] } } } })]
  await database.transaction((transaction) => requestsTable.add(transaction, rows))
  assert.deepEqual(await requestsTable.page(database, everything), rows.toReversed())
  assert.deepEqual(await requestsTable.get(database, 2), rows[1])
  assert.deepEqual(await database.all('SELECT number FROM requests WHERE details IS NULL'), [{ number: 1 }])
})

test('of the numbers that are asked for, those that exist are known with what a decision may have to know', async () => {
  const database = createMemoryDatabase()
  await database.transaction((transaction) => requestsTable.add(transaction, Array.from({ length: 1200 }, (_, index) => request(index + 1, { values: { level: String(index + 1) } }))))
  const known = await requestsTable.known(database, Array.from({ length: 1300 }, (_, index) => index))
  assert.equal(known.size, 1200)
  assert.deepEqual(known.get(1200), { number: 1200, subject: 'Subject 1200', status: 'open', partition: 'IT', requester: 'ann@example.com', createdAt: '2026-11-20T08:00:00.000Z', values: { level: '1200' } })
  assert.equal(known.get(0), undefined)
  assert.equal((await requestsTable.known(database, [])).size, 0)
})

test('a changed requester is found by the new address and not by the old one', async () => {
  const database = createMemoryDatabase()
  await database.transaction((transaction) => requestsTable.add(transaction, [request(1), request(2)]))
  const change = (number: number) => database.transaction((transaction) => requestsTable.change(transaction, number, { values: {}, status: 'closed', requester: 'BOB@example.com' }))
  assert.deepEqual([await change(1), await change(3)], [true, false])
  const found = async (query: string) => (await requestsTable.page(database, { ...everything, query })).map(({ number }) => number)
  assert.deepEqual([await found('bob@'), await found('ann@'), await found('subject')], [[1], [2], [2, 1]])
  assert.deepEqual(await requestsTable.get(database, 1), request(1, { status: 'closed', requester: 'BOB@example.com' }))
})

test('changes of a request are listed in their order, those of others are not', async () => {
  const database = createMemoryDatabase()
  const change = (id: number, of: number): StoredChange => ({ id, request: of, at: '2026-11-20T08:00:00.000Z', by: 'ann@example.com', action: 'edited', changes: [{ field: 'urgency', from: '', to: 'High' }], entry: id === 2 ? null : 40 + id })
  assert.equal(await requestChangesTable.newest(database), 0)
  await database.transaction((transaction) => requestChangesTable.add(transaction, [change(3, 1), change(1, 1), change(2, 2)]))
  assert.deepEqual((await requestChangesTable.ofRequest(database, 1)).map(({ id, entry }) => ({ id, entry })), [{ id: 1, entry: 41 }, { id: 3, entry: 43 }])
  const { request: _, ...second } = change(2, 2)
  assert.deepEqual(await requestChangesTable.ofRequest(database, 2), [second])
  assert.equal(await requestChangesTable.newest(database), 3)
})
