import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CredentialStore } from '../credentials/credential-store.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import type { Database } from '../database/database.ts'
import { noticingHistory } from '../database/notice-history.ts'
import { openDatabase } from '../database/open-database.ts'
import { silentLog } from '../log/create-log.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import type { NewHistoryEntry } from './configuration-tables.ts'
import { anchorAccount, createHistoryAnchor } from './history-anchor.ts'
import { createVerifyHistory } from './verify-history.ts'

const now = (): Date => new Date('2026-11-21T13:00:00Z')
const entryOf = (number: number): NewHistoryEntry => ({ at: now().toISOString(), who: 'ann', what: 'settings', name: 'settings', action: 'changed', changes: [{ field: 'a', from: '', to: String(number) }], reason: null, version: { number } })

function historyOver(stored: Database, secrets = new Map<string, string>()) {
  const warnings: string[] = []
  const credentials: CredentialStore = { get: async (account) => secrets.get(account) ?? null, set: async (account, secret) => void secrets.set(account, secret), delete: async (account) => secrets.delete(account), accounts: async () => [...secrets.keys()] }
  const anchor = createHistoryAnchor({ database: stored, tables: configurationTables, credentials, announce: () => undefined, logWarning: (text) => void warnings.push(text) })
  const database = noticingHistory(stored, anchor.grown)
  const verify = createVerifyHistory({ database, tables: configurationTables, now, anchor })
  const add = async (...entries: NewHistoryEntry[]): Promise<void> => {
    for (const entry of entries) await database.transaction((transaction) => configurationTables.history.add(transaction, entry))
    await anchor.close()
  }
  return { database, secrets, warnings, credentials, verify, add }
}
const five = [1, 2, 3, 4, 5].map(entryOf)

test('a history that nobody touched holds, and its head is what was noted', async () => {
  const { verify, add, secrets } = historyOver(createMemoryDatabase())
  assert.deepEqual(await verify(), { isIntact: true, entries: 0, unchained: 0, head: null, at: now().toISOString(), broken: null })
  await add(...five)
  const proof = await verify()
  assert.deepEqual({ isIntact: proof.isIntact, entries: proof.entries, unchained: proof.unchained }, { isIntact: true, entries: 5, unchained: 0 })
  assert.match(proof.head ?? '', /^[0-9a-f]{64}$/)
  assert.deepEqual(JSON.parse(secrets.get(anchorAccount) ?? ''), { id: 5, head: proof.head, entries: 5 })
})

const tampering: [what: string, statements: string[], entry: number][] = [
  ...['at', 'who', 'what', 'name', 'action', 'changes', 'reason', 'version', 'previous', 'hash'].map((column): [string, string[], number] => [`${column} changed`, [`UPDATE history SET ${column} = '[]' WHERE id = 3`], 3]),
  ['the number changed', ['UPDATE history SET id = 9 WHERE id = 3'], 4],
  ['one deleted', ['DELETE FROM history WHERE id = 3'], 4],
  ['the end cut off', ['DELETE FROM history WHERE id > 3'], 4],
  ['two swapped', ['UPDATE history SET id = 99 WHERE id = 2', 'UPDATE history SET id = 2 WHERE id = 3', 'UPDATE history SET id = 3 WHERE id = 99'], 2],
  ['one forged at the end', [`INSERT INTO history (id, at, who, what, name, action, changes) VALUES (6, '', 'eve', 'settings', 'settings', 'changed', '[]')`], 6]
]
for (const [what, statements, entry] of tampering)
  test(`${what} in the database: entry ${entry} is named`, async () => {
    const { database, verify, add } = historyOver(createMemoryDatabase())
    await add(...five)
    await database.transaction(async (transaction) => { for (const statement of statements) await transaction.run(statement) })
    const proof = await verify()
    assert.deepEqual([proof.isIntact, proof.broken?.id], [false, entry])
  })

const picture = (letter: string): string => `data:image/png;base64,${letter.repeat(20_000)}`
const withPictures = [entryOf(1), { ...entryOf(2), version: { html: `<img src="${picture('A')}">` } }, { ...entryOf(3), version: { html: `<img src="${picture('A')}"><img src="${picture('B')}">${'words '.repeat(4_000)}` } }]
const tamperingWithPictures: [what: string, statement: string, entry: number][] = [
  ['a picture changed', `UPDATE shared_texts SET content = content || 'A' WHERE content LIKE '%BBB%'`, 3],
  ['a picture of two entries removed', `DELETE FROM shared_texts WHERE content LIKE '%AAA%'`, 2],
  ['words changed', `UPDATE shared_texts SET content = replace(content, 'words', 'swords') WHERE content LIKE '%words%'`, 3],
  ['another picture in the version', `UPDATE history SET version = replace(version, (SELECT sha256 FROM shared_texts WHERE content LIKE '%AAA%'), (SELECT sha256 FROM shared_texts WHERE content LIKE '%BBB%')) WHERE id = 2`, 2]
]
for (const [what, statement, entry] of tamperingWithPictures)
  test(`${what}: entry ${entry} is named`, async () => {
    const { database, verify, add } = historyOver(createMemoryDatabase())
    await add(...withPictures)
    assert.equal((await verify()).isIntact, true)
    assert.equal((await database.transaction((transaction) => transaction.run(statement))).changes, 1)
    const proof = await verify()
    assert.deepEqual([proof.isIntact, proof.broken?.id], [false, entry])
  })

test('an older database that is put back is noticed, also after more was changed in it', async () => {
  const { add, secrets } = historyOver(createMemoryDatabase())
  await add(...five)
  const older = historyOver(createMemoryDatabase(), secrets)
  await older.database.transaction(async (transaction) => { for (const entry of five.slice(0, 2)) await configurationTables.history.add(transaction, entry) })
  assert.match((await older.verify()).broken?.reason ?? '', /newest 3 of 5 entries are missing/)
  for (let more = 0; more < 6; more++) await older.add(entryOf(100 + more))
  assert.equal((await older.verify()).broken?.id, 5)
})

test('what failed leaves no entry and no anchor; a credential store that fails makes no change fail', async () => {
  const { database, add, verify, secrets, warnings, credentials } = historyOver(createMemoryDatabase())
  await assert.rejects(database.transaction(async (transaction) => {
    await configurationTables.history.add(transaction, entryOf(1))
    throw new Error('no')
  }))
  assert.deepEqual([(await verify()).entries, secrets.size], [0, 0])
  const set = credentials.set
  credentials.set = async () => { throw new Error('the keychain is locked') }
  await add(entryOf(1))
  assert.match(warnings.join(), /keychain is locked/)
  credentials.set = set
  await add(entryOf(2), entryOf(3))
  assert.equal((await verify()).isIntact, true)
})

test('entries from before the chain are counted, and sealed by the first one after them', async () => {
  const { database, add, verify } = historyOver(createMemoryDatabase())
  await database.transaction(async (transaction) => { for (const id of [1, 2]) await transaction.run(`INSERT INTO history (id, at, who, what, name, action, changes) VALUES (?, '', 'ann', 'settings', 'settings', 'changed', '[]')`, [id]) })
  assert.deepEqual({ ...(await verify()), at: '' }, { isIntact: true, entries: 2, unchained: 2, head: null, at: '', broken: null })
  await add(entryOf(3), entryOf(4))
  assert.partialDeepStrictEqual(await verify(), { isIntact: true, entries: 4, unchained: 2 })
  await database.transaction((transaction) => transaction.run(`UPDATE history SET who = 'eve' WHERE id = 1`))
  assert.equal((await verify()).broken?.id, 3)
})

test('10,000 entries on disk verify in under a second', { timeout: 120_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-history-'))
  const stored = await openDatabase({ folder, dataKey: randomBytes(32), log: silentLog })
  try {
    const { database, verify } = historyOver(stored)
    await database.transaction(async (transaction) => { for (let number = 1; number <= 10_000; number++) await configurationTables.history.add(transaction, { ...entryOf(number), version: { number, text: 'x'.repeat(2_000) } }) })
    const times: number[] = []
    for (let time = 0; time < 3; time++) {
      const began = performance.now()
      const proof = await verify()
      times.push(Math.round(performance.now() - began))
      assert.deepEqual([proof.isIntact, proof.entries], [true, 10_000])
    }
    context.diagnostic(`10,000 entries of 2 KB: ${times.join(', ')} ms`)
    assert.ok(Math.min(...times) < 1_000, `${times.join(', ')} ms`)
  } finally {
    await stored.close()
    rmSync(folder, { recursive: true })
  }
})
