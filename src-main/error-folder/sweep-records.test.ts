import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { writeInFolder } from '../data-folder/write-in-folder.ts'
import { errorsTable } from '../database/errors-table.ts'
import { createErrorRecords, type ErrorRecord } from './record.ts'
import { sweepRecords } from './sweep-records.ts'

const record: ErrorRecord = { at: '2026-11-20T08:00:00.000Z', server: 'it', uid: '7', problem: { code: 'message-empty' }, exception: '', steps: [], headers: [] }
const rowOf = (id: number, name: string) => ({ id, serverId: 1, server: 'it', uid: String(id), subject: '', from: '', messageId: null, code: 'message-empty', failedAt: record.at, size: 1, where: 'skipped', request: null, content: null, record: name }) as const

function officeFor(context: TestContext) {
  const folder = join(mkdtempSync(join(tmpdir(), 'mailroom-sweep-')), 'errors')
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  const key = randomBytes(32)
  const needs = { database: createMemoryDatabase(), tables: { errors: errorsTable }, records: createErrorRecords({ folder, write: writeInFolder, dataKey: async () => key, redact: (text) => text }) }
  return { ...needs, folder, needs }
}

test('records that no row names are taken away at start, those with a row stay, and so does whatever else is in the folder', async (context) => {
  const { folder, database, records, needs } = officeFor(context)
  const [named, orphan, other] = [await records.write(record), await records.write(record), await records.write(record)]
  await database.transaction((transaction) => errorsTable.add(transaction, [rowOf(1, named), rowOf(2, other)]))
  writeFileSync(join(folder, 'notes.txt'), 'of a person')
  mkdirSync(join(folder, 'old'))
  assert.equal(await sweepRecords(needs), 1)
  assert.deepEqual(readdirSync(folder).sort(), [named, other, 'notes.txt', 'old'].sort())
  assert.ok(!readdirSync(folder).includes(orphan))
  assert.deepEqual(await records.read(named), record)
  assert.equal(await sweepRecords(needs), 0)
})

test('where nothing ever failed there is no folder to look into', async (context) => {
  assert.equal(await sweepRecords(officeFor(context).needs), 0)
})
