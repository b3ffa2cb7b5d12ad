import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright'
import { dataKeyOf } from '../src-main/credentials/data-key.ts'
import { openCredentialStore } from '../src-main/credentials/open-credential-store.ts'
import { openDataFolder } from '../src-main/data-folder/open-data-folder.ts'
import { openDatabase } from '../src-main/database/open-database.ts'
import { openChromium } from './open-chromium.ts'
import { hostMissing } from './open-console.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'
import { passphrase, program } from './start-headless.ts'

const missing = hostMissing('browser')
const mail = (subject: string): string =>
  [`From: Ann <ann@example.com>`, 'To: it@example.com', `Subject: ${subject}`, `Message-ID: <${subject.replace(/\W/g, '.')}@example.com>`, 'Date: Fri, 20 Nov 2026 08:00:00 +0000', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
    '--b', 'Content-Type: text/plain; charset=utf-8', '', `${subject}, since this morning.`, '--b', 'Content-Type: application/pdf; name=invoice.pdf', 'Content-Disposition: attachment; filename=invoice.pdf', 'Content-Transfer-Encoding: base64', '', Buffer.from(`%PDF-1.4 ${'x'.repeat(20_000)}`).toString('base64'), '--b--', ''].join('\r\n')

/** Two requests, the first as if it had come forty days ago. */
async function twoRequests(dataFolder: string): Promise<void> {
  for (const subject of ['An old invoice', 'A new invoice'])
    execFileSync(process.execPath, [program, 'process', '-', '--commit', '--data', dataFolder], { input: mail(subject), env: { ...process.env, MAILROOM_PASSPHRASE: passphrase }, stdio: ['pipe', 'ignore', 'ignore'] })
  const folder = await openDataFolder(dataFolder)
  const dataKey = await dataKeyOf(await openCredentialStore({ folder, passphrase, preferKeychain: false }), folder)
  const database = await openDatabase({ folder: folder.databaseFolder, dataKey, log: { warning: () => undefined } })
  const before = new Date(Date.now() - 40 * 86_400_000).toISOString()
  await database.transaction((transaction) => transaction.run('UPDATE entries SET received_at = ? WHERE request = 1', [before]))
  await database.close()
  await folder.close()
}

describe('retention, on the real core', { skip: missing ?? false, timeout: 120_000 }, () => {
  let browser: Browser
  let console: OwnConsole
  let page: Page
  before(async () => {
    browser = await openChromium()
    console = await openOwnConsole(browser, {}, twoRequests)
    page = console.page
  })
  after(async () => {
    await console.close()
    await browser.close()
    assert.deepEqual(console.complaints, [])
  })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const go = (name: string | RegExp) => page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name }).click()
  const openRequest = async (subject: string): Promise<void> => {
    await go(/^Requests/)
    await page.getByRole('grid', { name: 'Requests' }).getByRole('row').filter({ hasText: subject }).click()
  }

  test('a period is set, what is past it is counted before it goes, and the request says what was removed', async () => {
    await openRequest('An old invoice')
    await page.getByRole('button', { name: /^Download invoice\.pdf/ }).waitFor()
    await go('Storage')
    await page.getByText('Nothing is past its period.').waitFor()
    await page.getByLabel('Attachments and originals').fill('30')
    await page.getByText(/Removed from the disk for good.*attachments and original messages after 30 days/).waitFor()
    await button('Save').click()
    await page.getByText('Past their period: the attachments and originals of 1 message.').waitFor()
    await console.picture('storage-1-due')
    await button('Clean up now…').click()
    await page.getByRole('dialog').getByText(/cannot be undone/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Clean up', exact: true }).click()
    await page.getByText(/^Removed: attachments and originals of 1 message/).first().waitFor()
    await page.getByText('Nothing is past its period.').waitFor()
    await console.picture('storage-2-cleaned')
    await openRequest('An old invoice')
    await page.getByText('An old invoice, since this morning.').waitFor()
    await page.getByText(/^invoice\.pdf, 20 KB, removed on /).waitFor()
    await console.picture('storage-3-request')
    await openRequest('A new invoice')
    await page.getByRole('button', { name: /^Download invoice\.pdf/ }).waitFor()
  })

  test('a partition has periods of its own, shown beside those of all', async () => {
    await go('Partitions')
    await page.getByRole('button', { name: /^(Add the first partition|Add partition|Add)/ }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('HR')
    await dialog.getByRole('combobox', { name: /Mail of this partition is kept/ }).click()
    await page.getByRole('option', { name: 'for periods of its own' }).click()
    await dialog.getByLabel('Texts', { exact: true }).fill('365')
    await console.picture('storage-4-partition')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await go('Storage')
    await page.getByText('own periods: attachments and originals 30 days, texts 365 days, error records for ever').waitFor()
  })
})
