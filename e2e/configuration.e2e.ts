import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { hostMissing, openConsole, type OpenConsole } from './open-console.ts'
import { seriousFaults } from './serious-faults.ts'
import { program } from './start-headless.ts'

const missing = hostMissing('browser')
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()

describe('configuration file and backup on the real core', { skip: missing ?? false, timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-configuration-'))
  let console: OpenConsole
  let page: Page
  let yaml = ''
  before(async () => {
    console = await openConsole('browser')
    page = console.page
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Configuration and backup' }).click()
  })
  after(async () => {
    await console?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('it is exported, with placeholders for secrets where these are to be asked for', async () => {
    yaml = (await console.saved(() => button(page, 'Download mailroom.yaml').click())).bytes.toString('utf8')
    assert.match(yaml, /^version: 1\n/)
    await page.getByLabel('Ask for secrets on import').check()
    // The button can be pressed again when the other file is there.
    const asking = (await console.saved(() => button(page, 'Download mailroom.yaml').click())).bytes.toString('utf8')
    assert.deepEqual([/secret: ask/.test(asking), /secret: ask/.test(yaml)], [true, false])
    await page.getByLabel('Ask for secrets on import').uncheck()
    assert.deepEqual(await seriousFaults(page), [])
  })

  test('a file stands beside this console, and the keyboard goes from difference to difference', async () => {
    await tab(page, 'Compare')
    const other = yaml.replace('fetchEvery: ', 'fetchEvery: 1').replace('baseDelimiter: "##"', 'baseDelimiter: "%%"')
    await page.locator('input[aria-label="Configuration file to compare"]').setInputFiles({ name: 'other.yaml', mimeType: 'application/yaml', buffer: Buffer.from(other) })
    const table = page.getByRole('table', { name: 'This console beside other.yaml' })
    await table.focus()
    await page.keyboard.press('n')
    await page.getByText(/^1 of \d+, line/).waitFor()
    await table.getByRole('row').filter({ hasText: 'changed' }).first().waitFor()
    await page.keyboard.press('Alt+ArrowDown')
    await page.getByText(/^2 of \d+, line/).waitFor()
    await page.keyboard.press('p')
    await page.getByText(/^1 of \d+, line/).waitFor()
    await page.getByLabel('Only differences').check()
    await table.getByText(/equal lines left out/).first().waitFor()
    await button(page, /differences in meaning/).click()
    await page.getByText('fetchEvery').first().waitFor()
    assert.deepEqual(await seriousFaults(page), [])
  })

  test('a file is imported with its secret, taken back, and is listed as an earlier one', async () => {
    await tab(page, 'Import')
    await button(page, 'Put away').click()
    const file = 'version: 1\nincoming:\n  - { name: branch, protocol: imap, host: imap.branch.example, auth: { user: branch, secret: ask } }\n'
    await page.locator('input[aria-label="Configuration file"]').setInputFiles({ name: 'branch.yaml', mimeType: 'application/yaml', buffer: Buffer.from(file) })
    await page.getByText('What branch.yaml would change').waitFor()
    await page.getByLabel('branch: password').fill('hunter2-of-branch')
    await button(page, 'Import 1 change').click()
    await page.getByText(/^Imported: 1 added/).waitFor()
    await expectSoon(page.getByLabel('branch: password'), 'the secret is stored').toHaveCount(0)
    await button(page, 'Undo import').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click()
    await page.getByText(/^The import is undone: 0 added, 0 changed, 1 deleted/).waitFor()
    await tab(page, 'Earlier')
    await page.getByRole('grid', { name: 'Earlier configurations' }).getByText('import of branch.yaml').waitFor()
    await tab(page, 'Export')
    assert.equal((await console.saved(() => button(page, 'Download mailroom.yaml').click())).bytes.toString('utf8'), yaml)
  })

  test('a wrong file says where it is wrong, and nothing happens', async () => {
    await tab(page, 'Import')
    await page.locator('input[aria-label="Configuration file"]').setInputFiles({ name: 'wrong.yaml', mimeType: 'application/yaml', buffer: Buffer.from('version: 1\nincoming:\n  - { name: x, protocol: imap, host: h, partition: Nowhere, auth: { user: x } }\n') })
    await page.getByRole('alert').getByText(/Line 3, column/).waitFor()
    await page.getByRole('alert').getByText(/Nowhere/).waitFor()
  })

  test('a backup is made in the console, and verified and restored by the commands that it names', async () => {
    await tab(page, 'Backup')
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse')
    await page.getByLabel('Passphrase again').fill('correct horse')
    const saved = await console.saved(() => button(page, 'Download backup').click())
    await page.getByText(/Check the file where it lies/).waitFor()
    assert.match(saved.fileName, /^mailroom-backup-\d{4}-\d\d-\d\d\.mrb$/)
    const file = join(folder, saved.fileName)
    writeFileSync(file, saved.bytes)
    const env = { ...process.env, MAILROOM_BACKUP_PASSPHRASE: 'correct horse', MAILROOM_PASSPHRASE: 'another passphrase', DBUS_SESSION_BUS_ADDRESS: '' }
    const run = async (...words: string[]): Promise<string> => (await promisify(execFile)(process.execPath, [program, ...words], { env })).stdout
    assert.match(await run('backup', 'verify', file), /is whole/)
    const into = join(folder, 'restored')
    assert.match(await run('backup', 'restore', file, '--data', into), /is restored/)
    assert.equal(await run('config', 'export', '--data', into), yaml)
    assert.ok(JSON.parse(await run('requests', 'list', '--json', '--data', into)).length > 0)
    await assert.rejects(run('backup', 'restore', file, '--data', into), /is not empty/)
    assert.deepEqual(readdirSync(folder).sort(), [saved.fileName, 'restored'].sort())
    assert.deepEqual(await seriousFaults(page), [])
  })

  test('the page never broke its own policy or threw', () => {
    assert.deepEqual(console.complaints, [])
  })
})
