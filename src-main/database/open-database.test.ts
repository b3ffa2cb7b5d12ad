import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import type { Database } from './database.ts'
import { migrations } from './migrations/migrations.ts'
import { openDatabase } from './open-database.ts'
import { requestsTable } from './requests-table.ts'

let root = ''
let folders = 0
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailroom-database-'))
})
after(() => rm(root, { recursive: true, force: true }))
const dataKey = Buffer.alloc(32, 3)
const log = { warning: () => undefined }
const newFolder = () => join(root, String(++folders))
const open = (folder: string, more: { dataKey?: Buffer; readOnly?: boolean; smallestCheckpoint?: number } = {}) => openDatabase({ folder, dataKey, log, ...more })
const add = (database: Database, name: string, document = '') => database.transaction((transaction) => transaction.run('INSERT INTO partitions (name, document) VALUES (?, ?)', [name, document]))
const names = async (database: Database) => (await database.all<{ name: string }>('SELECT name FROM partitions ORDER BY id')).map(({ name }) => name)
const problem = (code: string) => (error: unknown) => {
  assert.ok(error instanceof ProblemError, String(error))
  assert.equal(error.problem.code, code)
  return true
}
const onlyJournal = async (folder: string) => {
  const files = await readdir(folder)
  assert.deepEqual(files, ['journal-00000000000001', 'newest'])
  return join(folder, 'journal-00000000000001')
}

test('commits are there after opening again; what was rolled back is not', async () => {
  const folder = newFolder()
  const first = await open(folder)
  assert.deepEqual(await add(first, 'a'), { lastId: 1, changes: 1 })
  await assert.rejects(first.transaction(async (transaction) => {
    await transaction.run('INSERT INTO partitions (name, document) VALUES (?, ?)', ['b', ''])
    throw new Error('changed my mind')
  }), /changed my mind/)
  await assert.rejects(add(first, 'a', 'canary-document'), (error: Error) => /UNIQUE/.test(error.message) && !error.message.includes('canary'))
  await add(first, 'c')
  await first.close()
  await assert.rejects(names(first), /closed/)
  const second = await open(folder)
  assert.deepEqual(await names(second), ['a', 'c'])
  await second.close()
})

test('values come back as they were; texts lose only what PostgreSQL cannot keep', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await first.transaction((transaction) => transaction.run('INSERT INTO errors (server, server_name, uid, subject, sender, code, failed_at, size, place, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [-1, 'ä\0\ud800€😀', '1', '', '', '', '', 9_007_199_254_740_991, '', '']))
  await assert.rejects(first.transaction((transaction) => transaction.run('INSERT INTO partitions (name, document) VALUES (?, ?)', ['x', Number.NaN])), TypeError)
  await first.close()
  const second = await open(folder)
  assert.deepEqual(await second.all('SELECT server, server_name, size, content FROM errors'), [{ server: -1, server_name: 'ä\uFFFD\uFFFD€😀', size: 9_007_199_254_740_991, content: null }])
  await second.close()
})

test('transactions run one at a time, and others see only what is committed', async () => {
  const database = await open(newFolder())
  const seen: string[][] = []
  const both = ['a', 'b'].map((name) =>
    database.transaction(async (transaction) => {
      await transaction.run('INSERT INTO partitions (name, document) VALUES (?, ?)', [`${name}1`, ''])
      await new Promise((resolve) => setTimeout(resolve, 20))
      await transaction.run('INSERT INTO partitions (name, document) VALUES (?, ?)', [`${name}2`, ''])
      // A read through the database within the transaction belongs to it and must not wait for its end.
      seen.push(await names(database))
    }))
  const outside = names(database)
  await Promise.all(both)
  assert.deepEqual(seen, [['a1', 'a2'], ['a1', 'a2', 'b1', 'b2']])
  assert.ok([0, 2, 4].includes((await outside).length))
  await assert.rejects(database.transaction(() => database.transaction(async () => 1)), /inside a transaction/)
  for (const sql of ['COMMIT', 'INSERT INTO partitions (name, document) VALUES (random(), 1)', 'PRAGMA page_size']) await assert.rejects(database.transaction((transaction) => transaction.run(sql)), /not allowed/)
  await database.close()
})

test('what is asked at once is one transaction: all of it or nothing, behind what runs, and nothing comes later', async () => {
  const folder = newFolder()
  const first = await open(folder)
  const insert = 'INSERT INTO partitions (name, document) VALUES (?, ?)'
  const slow = first.transaction(async (transaction) => {
    await transaction.run(insert, ['slow', ''])
    await new Promise((resolve) => setTimeout(resolve, 50))
    await transaction.run(insert, ['slower', ''])
  })
  const together = first.transaction(async (transaction) => {
    const changes = await Promise.all([transaction.run(insert, ['a', '']), transaction.run(insert, ['b', '']), transaction.run(`UPDATE partitions SET document = 'x' WHERE name IN ('a', 'b')`)])
    return { changes, read: await transaction.all('SELECT name FROM partitions ORDER BY id') }
  }, 'at-once')
  await slow
  assert.deepEqual(await together, { changes: [{ lastId: 3, changes: 1 }, { lastId: 4, changes: 1 }, { lastId: 0, changes: 2 }], read: [{ name: 'slow' }, { name: 'slower' }, { name: 'a' }, { name: 'b' }] })
  await assert.rejects(first.transaction((transaction) => Promise.all([transaction.run(insert, ['c', '']), transaction.run(insert, ['a', ''])]), 'at-once'), /UNIQUE/)
  await assert.rejects(first.transaction((transaction) => Promise.all([transaction.run(insert, ['d', '']), transaction.run(insert, ['e', Number.NaN])]), 'at-once'), TypeError)
  await assert.rejects(first.transaction(async (transaction) => {
    await transaction.run(insert, ['f', ''])
    await transaction.run(insert, ['g', ''])
  }, 'at-once'), /the transaction is over/)
  assert.equal(await first.transaction(async () => 7, 'at-once'), 7)
  await first.close()
  await assert.rejects(first.transaction((transaction) => transaction.run(insert, ['h', '']), 'at-once'), /closed/)
  const second = await open(folder)
  assert.deepEqual(await names(second), ['slow', 'slower', 'a', 'b', 'f'])
  await second.close()
})

test('a torn record is left out, and the journal goes on', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await add(first, 'kept')
  const file = await onlyJournal(folder)
  const before = (await readFile(file)).length
  await add(first, 'torn')
  await first.close()
  const whole = await readFile(file)
  // Every single byte is tried in journal.test.ts.
  for (const length of [before + 1, before + 30, whole.length - 1]) {
    const copy = newFolder()
    await cp(folder, copy, { recursive: true })
    await truncate(join(copy, 'journal-00000000000001'), length)
    // It was on disk as a whole: this is no crash.
    await assert.rejects(open(copy), problem('data-folder-damaged'))
    await rm(join(copy, 'newest'))
    const database = await open(copy)
    assert.deepEqual(await names(database), ['kept'])
    await add(database, 'later')
    await database.close()
    const again = await open(copy)
    assert.deepEqual(await names(again), ['kept', 'later'])
    await again.close()
    await rm(copy, { recursive: true })
  }
})

test('a zero-filled end, as a power cut leaves it, is torn too', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await add(first, 'kept')
  await first.close()
  const file = await onlyJournal(folder)
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(700_000)]))
  const second = await open(folder)
  assert.deepEqual(await names(second), ['kept'])
  await second.close()
})

test('a flipped byte is damage; the file stays as it is', async () => {
  const folder = newFolder()
  const first = await open(folder)
  for (const name of ['a', 'b', 'c']) await add(first, name, 'x'.repeat(50))
  await first.close()
  const file = await onlyJournal(folder)
  const good = await readFile(file)
  for (const place of [0, 5, 20, 40, 100, good.length - 300, good.length - 3]) {
    const bad = Buffer.from(good)
    bad[place] = (bad[place] ?? 0) ^ 0x40
    await writeFile(file, bad)
    await assert.rejects(open(folder), problem('data-folder-damaged'), `byte ${place}`)
    assert.ok((await readFile(file)).equals(bad))
  }
  await writeFile(file, good)
  await assert.rejects(open(folder, { dataKey: Buffer.alloc(32, 4) }), problem('data-folder-damaged'))
  await (await open(folder)).close()
})

test('reading only changes nothing and refuses transactions', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await add(first, 'a')
  const reader = await open(folder, { readOnly: true })
  assert.deepEqual(await names(reader), ['a'])
  await assert.rejects(add(reader, 'b'), problem('data-folder-unwritable'))
  await reader.close()
  await first.close()
})

test('a schema of a newer version is left alone', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await first.transaction((transaction) => transaction.run('INSERT INTO schema_version (version) VALUES (99)'))
  await first.close()
  await assert.rejects(open(folder), problem('data-folder-newer'))
})

/** Makes the database one of an earlier version again, as far as later versions only add tables, columns and indexes. */
const backTo = (database: Database, version: number) =>
  database.transaction(async (transaction) => {
    const statements = migrations.slice(version).flat()
    const added = statements.flatMap((statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? [])
    for (const statement of statements) {
      const [, index, of = ''] = /^CREATE (?:UNIQUE )?INDEX (\w+) ON (\w+)/.exec(statement) ?? []
      if (index !== undefined && !added.includes(of)) await transaction.run(`DROP INDEX ${index}`)
    }
    for (const table of added) await transaction.run(`DROP TABLE ${table}`)
    for (const statement of statements) {
      const [, changed = '', column] = /^ALTER TABLE (\w+) ADD COLUMN (\w+)/.exec(statement) ?? []
      if (column !== undefined && !added.includes(changed)) await transaction.run(`ALTER TABLE ${changed} DROP COLUMN ${column}`)
    }
    await transaction.run('DELETE FROM schema_version WHERE version > ?', [version])
  })
const allVersions = migrations.map((_, index) => ({ version: index + 1 }))

test('what the first version wrote is brought up to date when it is opened, and only in memory when it is read', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await add(first, 'a')
  await backTo(first, 1)
  await assert.rejects(first.all('SELECT * FROM cursors'), /no such table/)
  await first.close()
  const written = await readFile(await onlyJournal(folder))
  const reader = await open(folder, { readOnly: true })
  assert.deepEqual([await names(reader), await reader.all('SELECT * FROM cursors')], [['a'], []])
  await assert.rejects(add(reader, 'b'), problem('data-folder-unwritable'))
  await reader.close()
  assert.deepEqual(await readFile(await onlyJournal(folder)), written)
  const second = await open(folder)
  await second.transaction((transaction) => transaction.run('INSERT INTO cursors (server, place, value) VALUES (?, ?, ?)', [1, 'inbox', 'x']))
  await second.close()
  const third = await open(folder)
  assert.deepEqual([await names(third), await third.all('SELECT value FROM cursors'), await third.all('SELECT version FROM schema_version')], [['a'], [{ value: 'x' }], allVersions])
  await third.close()
})

test('requests that the second version wrote have no values and no partition, and go on as the others do', async () => {
  const folder = newFolder()
  const first = await open(folder)
  await backTo(first, 2)
  await assert.rejects(first.all('SELECT details FROM requests'), /no such column/)
  await first.transaction((transaction) => transaction.run(
    'INSERT INTO requests (number, subject, status, requester, server, message_id, created_at, replies, attachments, search) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    [7, 'Printer', 'open', 'ann@example.com', 'it', '<a@example.com>', '2026-01-01T00:00:00.000Z', 2, 1, 'printer\nann@example.com']))
  await first.close()
  const second = await open(folder)
  const old = { number: 7, subject: 'Printer', status: 'open', requester: 'ann@example.com', partition: '', server: 'it', messageId: '<a@example.com>', createdAt: '2026-01-01T00:00:00.000Z', replies: 2, attachments: 1, values: {} }
  assert.deepEqual(await requestsTable.page(second, { limit: 10, before: null, query: '', server: null }), [old])
  await second.transaction((transaction) => requestsTable.change(transaction, 7, { values: { urgency: 'High' }, status: 'closed', requester: 'bob@example.com' }))
  await second.close()
  const third = await open(folder)
  assert.deepEqual(await requestsTable.get(third, 7), { ...old, status: 'closed', requester: 'bob@example.com', values: { urgency: 'High' } })
  assert.deepEqual(await third.all('SELECT version FROM schema_version'), allVersions)
  await third.close()
})

test('snapshots take the place of the journal while commits go on', async () => {
  const folder = newFolder()
  const first = await open(folder, { smallestCheckpoint: 20_000 })
  const expected = Array.from({ length: 400 }, (_, index) => `n${index}`)
  for (const name of expected) await add(first, name, 'canary-subject '.repeat(20))
  await first.close()
  const files = await readdir(folder)
  assert.equal(files.filter((name) => name.startsWith('snapshot-')).length, 1)
  assert.ok(files.length <= 3, files.join())
  const second = await open(folder)
  assert.deepEqual(await names(second), expected)
  await second.close()
  for (const name of files) assert.ok(!(await readFile(join(folder, name))).includes('canary'), name)
  const snapshot = join(folder, files.find((name) => name.startsWith('snapshot-')) ?? '')
  const good = await readFile(snapshot)
  for (const bad of [good.subarray(0, good.length - 1), good.subarray(0, 40_000), Buffer.concat([good, Buffer.alloc(1)]), Buffer.from(good).fill(1, 30_000, 30_001)]) {
    await writeFile(snapshot, bad)
    await assert.rejects(open(folder), problem('data-folder-damaged'))
  }
})

test('kill -9 in the middle of commits and snapshots loses nothing that was acknowledged', async () => {
  const folder = newFolder()
  const code = `(async () => {
    const { openDatabase } = await import(${JSON.stringify(import.meta.resolve('./open-database.ts'))})
    const database = await openDatabase({ folder: ${JSON.stringify(folder)}, dataKey: Buffer.alloc(32, 3), log: { warning: console.error }, smallestCheckpoint: 15000 })
    const [{ last }] = await database.all('SELECT COUNT(*) AS last FROM partitions')
    for (let number = last + 1; ; number += 1) {
      await database.transaction((transaction) => transaction.run('INSERT INTO partitions (name, document) VALUES (?, ?)', ['n' + number, 'x'.repeat(300)]))
      process.stdout.write(number + '\\n')
    }
  })()`
  let acknowledged = 0
  for (let round = 0; round < 10; round += 1) {
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk))
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150))
    child.kill('SIGKILL')
    await once(child, 'close')
    acknowledged = Number(said.trimEnd().split('\n').at(said.endsWith('\n') ? -1 : -2))
    const database = await open(folder, { readOnly: true })
    const found = await names(database)
    await database.close()
    assert.deepEqual(found, Array.from({ length: found.length }, (_, index) => `n${index + 1}`))
    assert.ok(found.length === acknowledged || found.length === acknowledged + 1, `${found.length} after ${acknowledged}`)
  }
})
