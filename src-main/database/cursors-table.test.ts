import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { cursorsTable } from './cursors-table.ts'
import { incomingServersTable } from './incoming-servers-table.ts'
import { newIncomingServer } from '#contract/incoming-server.ts'

test('a cursor is kept for one place of each server; another place, or forgetting, ends it', async () => {
  const database = createMemoryDatabase()
  const write = (server: number, place: string, value: string) => database.transaction((transaction) => cursorsTable.write(transaction, server, place, value))
  assert.equal(await cursorsTable.read(database, 1, 'inbox'), null)
  await write(1, 'inbox', 'a')
  await write(2, 'inbox', 'b')
  await write(1, 'inbox', 'c')
  assert.deepEqual([await cursorsTable.read(database, 1, 'inbox'), await cursorsTable.read(database, 2, 'inbox'), await cursorsTable.read(database, 1, 'other')], ['c', 'b', null])
  await write(1, 'other', 'd')
  assert.deepEqual([await cursorsTable.read(database, 1, 'inbox'), await cursorsTable.read(database, 1, 'other')], [null, 'd'])
  await database.transaction((transaction) => cursorsTable.forget(transaction, 1))
  assert.deepEqual([await cursorsTable.read(database, 1, 'other'), await cursorsTable.read(database, 2, 'inbox')], [null, 'b'])
})

test('a new server never takes over the cursor of a deleted one', async () => {
  const database = createMemoryDatabase()
  await database.transaction((transaction) => cursorsTable.write(transaction, 7, 'inbox', 'a'))
  assert.equal(await database.transaction((transaction) => incomingServersTable.insert(transaction, { ...newIncomingServer('graph', 'Main'), name: 'it' })), 8)
})
