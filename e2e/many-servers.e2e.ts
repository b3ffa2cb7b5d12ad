import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { hostMissing, openConsole, type OpenConsole } from './open-console.ts'
import { seriousFaults } from './serious-faults.ts'

const missing = hostMissing('browser')
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
const goTo = (page: Page, name: string) => page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name }).click()
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()
const rowOf = (page: Page, name: string) => page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })
const pick = (page: Page, name: string, bytes: Buffer) => page.locator('input[aria-label="Configuration file"]').setInputFiles({ name, mimeType: 'text/csv', buffer: bytes })

describe('many servers at once on the real core', { skip: missing ?? false, timeout: 300_000 }, () => {
  let console: OpenConsole
  let page: Page
  before(async () => {
    console = await openConsole('browser')
    page = console.page
  })
  after(() => console?.close())

  test('a spreadsheet with a server a row is imported, after what is wrong with it was said by line', async () => {
    await goTo(page, 'Configuration and backup')
    await tab(page, 'Import')
    const template = await console.saved(() => button(page, 'Download a CSV template').click())
    assert.equal(template.fileName, 'servers.csv')
    assert.match(template.bytes.toString('utf8'), /^kind,name,protocol,host,/)
    const rows = ['name;protocol;host;auth.user;auth.secret;partition;fetchEvery;senderName', 'München;imap;imap.example.com;muc;ask;IT;5m;', 'Köln;imap;imap.example.com;cgn;ask;IT;5;']
    await pick(page, 'servers.csv', Buffer.from(rows.join('\r\n'), 'latin1'))
    await page.getByRole('alert').getByText(/Line 3, column 7/).waitFor()
    await button(page, 'Choose another file').waitFor()
    await page.locator('input[aria-label="Another configuration file"]').setInputFiles({ name: 'servers.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${rows.join('\r\n').replace(';5;', ';10m;')}`, 'utf16le') })
    await page.getByText('What servers.csv would change').waitFor()
    await page.getByLabel('München: password').fill('hunter2-of-muc')
    assert.deepEqual(await seriousFaults(page), [])
    await button(page, 'Import 2 changes').click()
    await page.getByText(/^Imported: 2 added/).waitFor()
    await tab(page, 'Export')
    const servers = (await console.saved(() => button(page, 'Download servers.csv').click())).bytes.toString('utf8')
    assert.match(servers, /incoming,München,IT,imap,imap\.example\.com/)
    assert.doesNotMatch(servers, /hunter2/)
  })

  test('servers that are ticked are changed together, those that run are stopped and started for it, and it is taken back', async () => {
    await goTo(page, 'E-mail settings')
    for (const name of ['it-support', 'München', 'Köln']) await page.getByLabel(`Choose ${name}`, { exact: true }).check()
    await button(page, 'Edit 3 servers…').click()
    const dialog = page.getByRole('dialog', { name: 'Edit 3 incoming servers' })
    await dialog.getByLabel('Change: Fetch mail every').check()
    await dialog.getByLabel('Fetch mail every', { exact: true }).fill('1')
    await button(page, 'Show what changes').click()
    await dialog.getByText('Fetch at most every 5 seconds').waitFor()
    await dialog.getByLabel('Fetch mail every', { exact: true }).fill('45')
    assert.deepEqual(await seriousFaults(page), [])
    await button(page, 'Show what changes').click()
    await dialog.getByText('5m → 45s').waitFor()
    await dialog.getByText('One of them runs').waitFor()
    assert.deepEqual(await seriousFaults(page), [])
    await dialog.getByLabel('Reason for this change (optional)').fill('quarterly audit')
    await button(page, 'Change 3 servers').click()
    await page.getByText(/3 servers changed/).waitFor()
    await expectSoon(rowOf(page, 'it-support').getByText('Stopped'), 'it runs again').toHaveCount(0)
    await rowOf(page, 'it-support').getByText(/every 45 s/).waitFor()
    await rowOf(page, 'it-support').dblclick()
    await expectSoon(page.getByRole('dialog').getByLabel('Fetch mail every')).toHaveValue('45')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await goTo(page, 'History')
    const changes = page.getByRole('list', { name: 'Changes, newest first' }).getByRole('listitem')
    for (const name of ['it-support', 'München', 'Köln']) await changes.filter({ hasText: name }).filter({ hasText: 'quarterly audit' }).first().waitFor()
    await goTo(page, 'Configuration and backup')
    await tab(page, 'Earlier')
    await page.getByRole('grid', { name: 'Earlier configurations' }).getByText('change of 3 incoming servers').click()
    await button(page, 'Go back to this…').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click()
    await goTo(page, 'E-mail settings')
    await rowOf(page, 'München').dblclick()
    await expectSoon(page.getByRole('dialog').getByLabel('Fetch mail every')).toHaveValue('300')
  })

  test('the page never broke its own policy or threw', () => {
    assert.deepEqual(console.complaints, [])
  })
})
