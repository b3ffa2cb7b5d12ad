import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { realDisk, snapshotFile } from './database-files.ts'
import { openJournaledDatabase, type JournaledNeeds } from './journaled-database.ts'
import { removeSuperseded, restoreDatabase } from './restore-database.ts'
import { writeSnapshot } from './snapshot.ts'

const root = mkdtempSync(join(tmpdir(), 'mailroom-restore-'))
after(() => rmSync(root, { recursive: true, force: true }))
const key = Buffer.alloc(32, 9)
let folders = 0
const newFolder = () => mkdtempSync(join(root, String(++folders)))
const needs = (folder: string, buildSnapshot: JournaledNeeds['buildSnapshot']): JournaledNeeds => ({ folder, key, disk: realDisk, readOnly: false, buildSnapshot, warn: () => undefined, smallestCheckpoint: 400 })
const values = (sql: Awaited<ReturnType<typeof restoreDatabase>>) => sql.statements.all('SELECT value FROM numbers ORDER BY value', []).rows.flat()

async function fill(folder: string, buildSnapshot: JournaledNeeds['buildSnapshot']): Promise<void> {
  const database = await openJournaledDatabase(needs(folder, buildSnapshot))
  for (let value = 0; value < 12; value += 1) {
    database.begin()
    if (value === 0) database.run('CREATE TABLE numbers (value INTEGER NOT NULL)', [])
    database.run('INSERT INTO numbers (value) VALUES (?)', [value])
    database.commit()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await database.close()
}
const all = Array.from({ length: 12 }, (_, index) => index)

test('a checkpoint that fails or is cut short at any point loses nothing', async () => {
  const real = async (folder: string, upTo: number) => writeSnapshot({ folder, key, disk: realDisk }, upTo, (await restoreDatabase(key, folder, upTo)).sql.export())
  const interrupted: [string, (folder: string) => JournaledNeeds['buildSnapshot']][] = [
    ['before anything was written', () => () => Promise.reject(new Error('killed'))],
    ['in the middle of the file', (folder) => async (upTo) => {
      writeFileSync(`${snapshotFile(folder, upTo)}.tmp`, 'half a snapsh')
      throw new Error('killed')
    }],
    ['before the old files were deleted', (folder) => async (upTo) => {
      await real(folder, upTo)
      throw new Error('killed')
    }],
    ['never', (folder) => (upTo) => real(folder, upTo)]
  ]
  for (const [when, buildSnapshot] of interrupted) {
    const folder = newFolder()
    await fill(folder, buildSnapshot(folder))
    assert.deepEqual(values(await restoreDatabase(key, folder)), all, when)
    const database = await openJournaledDatabase(needs(folder, () => Promise.resolve()))
    await database.close()
    assert.ok(readdirSync(folder).every((name) => !name.endsWith('.tmp')), when)
    assert.deepEqual(values(await restoreDatabase(key, folder)), all, when)
  }
})

test('old files go only when the new snapshot makes them superfluous; a missing one is damage', async () => {
  const folder = newFolder()
  await fill(folder, () => Promise.reject(new Error('none')))
  const before = readdirSync(folder).filter((name) => name !== 'newest')
  assert.ok(before.length >= 2, before.join())
  removeSuperseded(folder)
  assert.deepEqual(readdirSync(folder), [...before, 'newest'])
  for (const name of before.slice(0, -1)) {
    const copy = newFolder()
    cpSync(folder, copy, { recursive: true })
    rmSync(join(copy, name))
    await assert.rejects(restoreDatabase(key, copy), (error) => error instanceof ProblemError && error.problem.code === 'data-folder-damaged')
  }
})

test('a full disk refuses the transaction and nothing of it happened', async () => {
  const folder = newFolder()
  let isFull = false
  const disk = { ...realDisk, write: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
    if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    return realDisk.write(fd, bytes, offset, length, position)
  } }
  const database = await openJournaledDatabase({ ...needs(folder, () => Promise.resolve()), disk, smallestCheckpoint: 1 << 20 })
  const insert = (value: number) => {
    database.begin()
    database.run('INSERT INTO numbers (value) VALUES (?)', [value])
    database.commit()
  }
  database.begin()
  database.run('CREATE TABLE numbers (value INTEGER NOT NULL)', [])
  database.commit()
  insert(1)
  isFull = true
  assert.throws(() => insert(2), (error) => error instanceof ProblemError && error.problem.code === 'disk-full')
  assert.deepEqual(database.all('SELECT value FROM numbers', []).rows, [[1]])
  isFull = false
  insert(3)
  await database.close()
  assert.deepEqual(values(await restoreDatabase(key, folder)), [1, 3])
})
