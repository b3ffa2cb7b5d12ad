import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { settings as settingsSchema, type Settings } from '#contract/settings.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { migrations } from '../database/migrations/migrations.ts'
import { openDatabase } from '../database/open-database.ts'
import { silentLog } from '../log/create-log.ts'
import { hashOfEntry } from '../model/history-chain.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { createHistoryVersions } from './history-versions.ts'
import { createSettings } from './settings.ts'
import { createVerifyHistory } from './verify-history.ts'

const picture = (bytes = 900_000): string => `data:image/png;base64,${randomBytes(bytes).toString('base64')}`
const withHtml = (html: string, keepSentDays = 7): Settings =>
  settingsSchema.parse({ sending: { keepSentDays }, requestMails: [{ name: 'Thanks', event: 'request-created', to: ['requester'], template: { subject: 'Thanks', text: 'Thanks', html } }] })
const fourPictures = (): string => `<p>Grüße 😀</p>${Array.from({ length: 4 }, () => `<img src="${picture()}">`).join('')}`

test('of changes with 5 MB of pictures the pictures are on disk once', { timeout: 120_000 }, async (context) => {
  const { database, folderSize } = await onDisk(context)
  const { save } = createSettings({ ...createConfiguredConsole().needs, database })
  const html = fourPictures()
  await save({ settings: withHtml(html), reason: null }, administrator)
  await database.checkpoint()
  const before = folderSize()
  for (let days = 8; days < 13; days++) await save({ settings: withHtml(html, days), reason: null }, administrator)
  const written = folderSize() - before
  await save({ settings: withHtml(`<h1>Other words</h1>${html}`), reason: null }, administrator)
  await database.checkpoint()
  const grown = folderSize() - before
  context.diagnostic(`${before} bytes with the pictures; 5 changes write ${written} and leave, with one of the words, ${grown}`)
  assert.ok(before < 6_000_000 && written < 100_000 && grown < 100_000, `${before}, ${written}, ${grown}`)
  assert.equal((await createSettings({ ...createConfiguredConsole().needs, database }).get()).requestMails[0]?.template.html, `<h1>Other words</h1>${html}`)
})

test('an earlier version comes back with its pictures, and what is shown of it has none', async () => {
  const console = createConfiguredConsole()
  const versions = createHistoryVersions({ ...console.needs, restoreIncoming: console.incoming.restore, restoreOutgoing: console.outgoing.restore, savePartition: console.partitions.save, saveSettings: console.settings.save })
  const [first, second] = [withHtml(fourPictures()), withHtml(`<p>Bye</p><img src="${picture()}">`, 9)]
  for (const settings of [first, second]) await console.settings.save({ settings, reason: null }, administrator)
  const shown = await versions.version({ id: 1 })
  assert.match(shown.differences.find(({ field }) => field.endsWith('template.html'))?.then ?? '', /^<p>Grüße 😀<\/p>(<img src="\[picture, 900 KB\]">){4}$/)
  assert.ok(JSON.stringify([shown, await console.history.list({ name: null, limit: 100 })]).length < 20_000)
  await versions.restore({ id: 1, reason: null }, administrator)
  assert.deepEqual(await console.settings.get(), first)
  assert.deepEqual((await configurationTables.history.find(console.database, 2))?.version, second)
  const { yaml } = await console.file.export()
  await console.file.import({ yaml: 'version: 1\nrequestMails: []\n', replace: true, reason: null, fileName: 'x', secrets: [] }, administrator)
  const [{ id } = { id: 0 }] = await console.file.earlier()
  assert.equal((await console.file.earlierFile({ id })).yaml, yaml)
  await console.file.rollback({ id, reason: null }, administrator)
  assert.deepEqual(await console.settings.get(), first)
  assert.equal((await console.database.all('SELECT sha256 FROM shared_texts')).length, 5)
})

test('settings and history of the version before, with whole pictures, are read, verified, restored and gone on with', async () => {
  const html = fourPictures()
  const was = withHtml(html)
  const database = createMemoryDatabase(migrations.slice(0, 5).flat())
  const entry = { id: 1, at: '2026-11-20T08:00:00.000Z', who: 'Ann', what: 'settings', name: 'settings', action: 'changed', changes: '[]', reason: null, version: JSON.stringify(was), previous: null }
  await database.transaction(async (transaction) => {
    await transaction.run('INSERT INTO settings (id, document) VALUES (1, ?)', [JSON.stringify(was)])
    await transaction.run('INSERT INTO history (id, at, who, what, name, action, changes, reason, version, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [...Object.values(entry), hashOfEntry(entry, sha256)])
    for (const statement of migrations.slice(5).flat()) await transaction.run(statement)
  })
  const { save, get } = createSettings({ ...createConfiguredConsole().needs, database })
  assert.deepEqual(await get(), was)
  await save({ settings: withHtml(html, 9), reason: null }, administrator)
  assert.deepEqual([await get(), (await configurationTables.history.find(database, 1))?.version], [withHtml(html, 9), was])
  const anchor = { read: async () => ({ id: 1, head: hashOfEntry(entry, sha256), entries: 1 }) }
  assert.partialDeepStrictEqual(await createVerifyHistory({ database, tables: configurationTables, now: () => new Date(), anchor })(), { isIntact: true, entries: 2 })
  const [sizes] = await database.all<{ settings: number; version: number }>('SELECT (SELECT LENGTH(document) FROM settings) AS settings, (SELECT LENGTH(version) FROM history WHERE id = 2) AS version')
  assert.ok(sizes !== undefined && sizes.settings < 10_000 && sizes.version < 10_000, JSON.stringify(sizes))
})

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

async function onDisk(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-growth-'))
  const database = await openDatabase({ folder, dataKey: randomBytes(32), log: silentLog })
  context.after(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })
  return { database, folderSize: (): number => readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) }
}
