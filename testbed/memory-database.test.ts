import { test } from 'node:test'
import assert from 'node:assert/strict'
import { createMemoryDatabase } from './memory-database.ts'

test('a transaction that rejects leaves nothing behind, the next one runs', async () => {
  const database = createMemoryDatabase()
  await assert.rejects(database.transaction(async (transaction) => {
    await transaction.run('INSERT INTO partitions (id, name, document) VALUES (?, ?, ?)', [1, 'IT', '{}'])
    throw new Error('stop')
  }), /stop/)
  assert.deepEqual(await database.all('SELECT name FROM partitions'), [])
  const done = await database.transaction((transaction) => transaction.run('INSERT INTO partitions (id, name, document) VALUES (?, ?, ?)', [7, 'HR', '{}']))
  assert.deepEqual(done, { lastId: 7, changes: 1 })
  assert.deepEqual(await database.all('SELECT name FROM partitions WHERE id = ?', [7]), [{ name: 'HR' }])
})
