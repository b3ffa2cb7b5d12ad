import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { writeInFolder } from '../data-folder/write-in-folder.ts'
import { createErrorRecords, type ErrorRecord } from './record.ts'

const record: ErrorRecord = {
  at: '2026-11-20T08:00:00.000Z', server: 'it', uid: '7', problem: { code: 'message-unreadable', reason: 'why' }, exception: 'TypeError: password=hunter2',
  steps: [{ step: 'readable', outcome: 'error', detail: 'no' }], headers: [{ name: 'subject', value: 'Confidential' }]
}
const folderFor = (context: TestContext): string => {
  const folder = join(mkdtempSync(join(tmpdir(), 'mailroom-records-')), 'errors')
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
const isDamaged = (thrown: unknown): boolean => thrown instanceof ProblemError && thrown.problem.code === 'data-folder-damaged'

test('a record comes back as it was, without secrets, and is not readable on disk', async (context) => {
  const folder = folderFor(context)
  const key = randomBytes(32)
  const records = createErrorRecords({ folder, write: writeInFolder, dataKey: async () => key, redact: (text) => text.replace('hunter2', '•••') })
  const name = await records.write(record)
  assert.deepEqual(await records.read(name), { ...record, exception: 'TypeError: password=•••' })
  assert.deepEqual(readdirSync(folder), [name])
  assert.equal(statSync(join(folder, name)).mode & 0o077, 0)
  assert.doesNotMatch(readFileSync(join(folder, name), 'latin1'), /Confidential|hunter2|unreadable/)
})

test('a changed, cut, exchanged or foreign record is reported as damaged', async (context) => {
  const folder = folderFor(context)
  const key = randomBytes(32)
  const needs = { write: writeInFolder, folder, dataKey: async () => key, redact: (text: string) => text }
  const records = createErrorRecords(needs)
  const [name, other] = [await records.write(record), await records.write({ ...record, uid: '8' })]
  const bytes = readFileSync(join(folder, name))
  for (const changed of [bytes.subarray(0, 20), bytes.subarray(0, -1), Buffer.concat([bytes.subarray(0, 40), Buffer.from([bytes[40]! ^ 1]), bytes.subarray(41)]), readFileSync(join(folder, other)), Buffer.alloc(0)]) {
    writeFileSync(join(folder, name), changed)
    await assert.rejects(records.read(name), isDamaged)
  }
  await assert.rejects(createErrorRecords({ ...needs, dataKey: async () => randomBytes(32) }).read(other), isDamaged)
  await records.discard([name, other, 'never-there.record'])
  await assert.rejects(records.read(other), isDamaged)
  assert.deepEqual(readdirSync(folder), [])
})

test('a folder that cannot be written is a problem with a name', async (context) => {
  const folder = folderFor(context)
  writeFileSync(folder, '')
  const records = createErrorRecords({ folder, write: writeInFolder, dataKey: async () => randomBytes(32), redact: (text) => text })
  await assert.rejects(records.write(record), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'data-folder-unwritable')
})
