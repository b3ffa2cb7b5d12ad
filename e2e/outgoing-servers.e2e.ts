import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright'
import { closedPort } from '../testbed/free-ports.ts'
import { hostMissing, openConsole, type OpenConsole } from './open-console.ts'
import { seriousFaults } from './serious-faults.ts'

const missing = hostMissing('browser')
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const goTo = (page: Page, name: string) => page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name }).click()
const rowOf = (page: Page, name: string) => page.getByRole('grid', { name: 'Outgoing servers' }).getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })
const field = (page: Page, name: string) => page.locator(`[data-field="${name}"]`)
const choose = async (page: Page, name: string, option: string | RegExp): Promise<void> => {
  await field(page, name).getByRole('combobox').click()
  await page.getByRole('option', { name: option }).click()
}

describe('outgoing servers on the real core', { skip: missing ?? false, timeout: 300_000 }, () => {
  let console: OpenConsole
  let page: Page
  before(async () => {
    console = await openConsole('browser')
    page = console.page
    await goTo(page, 'E-mail settings')
  })
  after(() => console?.close())

  test('a new one begins as a copy of the default; what is typed wrong is said at its field, and it is kept with all that it has', async () => {
    await button(page, 'Add').first().click()
    await page.getByRole('menuitem', { name: 'Copy of main (default)' }).click()
    const dialog = page.getByRole('dialog', { name: /Add outgoing server/ })
    await dialog.getByLabel('Name', { exact: true }).fill('reserve')
    assert.notEqual(await dialog.getByLabel('Server', { exact: true }).inputValue(), '')
    await dialog.getByLabel('Use an alternate when this server cannot be reached').check()
    await dialog.getByLabel('Largest mail').fill('0.001')
    await dialog.getByLabel('Connections at most').fill('60')
    await dialog.getByLabel('After failures in a row').fill('3')
    await button(page, 'Save').click()
    await field(page, 'alternate.server').getByText('Choose the other server.').waitFor()
    await field(page, 'maxMailSize').getByText('At least 10 kB.').waitFor()
    await field(page, 'mostConnections').getByText('At most 50 connections.').waitFor()
    assert.deepEqual(await seriousFaults(page), [])
    await choose(page, 'alternate.server', 'main')
    await dialog.getByLabel('Largest mail').fill('25')
    await dialog.getByLabel('Connections at most').fill('2')
    await choose(page, 'whenUncertain', /^Send it again/)
    await dialog.getByLabel('Sign mail with DKIM').check()
    await dialog.getByLabel('Selector').fill('mailroom')
    await dialog.getByLabel('Private key', { exact: true }).fill('hunter2')
    await button(page, 'Save as draft').click()
    await field(page, 'dkimKey').getByText(/no private key/).waitFor()
    await dialog.getByLabel('Private key', { exact: true }).fill(key)
    await button(page, 'Save as draft').click()
    await page.getByText('Saved without trying the connection.').waitFor()
    await button(page, 'Close').click()
    await rowOf(page, 'reserve').dblclick()
    const again = page.getByRole('dialog', { name: /reserve/ })
    await again.getByText('After 3 failures in a row, mail goes through main until you return to the primary.').waitFor()
    assert.deepEqual([await again.getByLabel('Largest mail').inputValue(), await again.getByLabel('Connections at most').inputValue(), await again.getByLabel('Private key', { exact: true }).inputValue()], ['25', '2', ''])
    await button(page, 'Close').click()
  })

  test('an address that names another server shows that one, never under its name what stood in the dialog before; the search stays away meanwhile', async () => {
    await page.evaluate(() => void (location.hash = '#/email-settings/outgoing/main/open'))
    await page.getByRole('dialog', { name: 'Outgoing server – main' }).getByLabel('Sender name').fill('Typed for main')
    await page.keyboard.press('Control+k')
    await page.evaluate(() => void (location.hash = '#/email-settings/outgoing/hr-mail/open'))
    const other = page.getByRole('dialog', { name: 'Outgoing server – hr-mail' })
    await other.waitFor()
    assert.equal(await other.getByLabel('Name', { exact: true }).inputValue(), 'hr-mail')
    assert.notEqual(await other.getByLabel('Sender name').inputValue(), 'Typed for main')
    assert.equal(await page.getByRole('combobox', { name: 'Search or command' }).count(), 0)
    await page.keyboard.press('Escape')
    await other.waitFor({ state: 'hidden' })
  })

  test('two servers cannot stand in for each other, and the way that would lead back is named', async () => {
    await rowOf(page, 'main').dblclick()
    const dialog = page.getByRole('dialog', { name: /main/ })
    await dialog.getByLabel('Use an alternate when this server cannot be reached').check()
    await choose(page, 'alternate.server', 'reserve')
    await button(page, 'Save').click()
    await field(page, 'alternate.server').getByText('main → reserve → main'.replaceAll(/\w+/g, '`$&`')).waitFor()
    await button(page, 'Cancel').click()
    await button(page, 'Discard').click()
    await dialog.waitFor({ state: 'detached' })
  })

  test('a block says what becomes of mail; a test leaves its result in the table until it is cleared', async () => {
    await rowOf(page, 'main').dblclick()
    const dialog = page.getByRole('dialog', { name: /main/ })
    await dialog.getByLabel('Block outgoing mail (receive only)').check()
    await dialog.getByText(/Mail is held in the outbox and goes out once the block is gone/).waitFor()
    await dialog.getByLabel('Block outgoing mail (receive only)').uncheck()
    await button(page, 'Save').click()
    await dialog.getByText('The connection works.').waitFor()
    await button(page, 'Close').click()
    await rowOf(page, 'main').getByText(/^ok, /).waitFor()
    await button(page, 'Clear the test result of main').click()
    await rowOf(page, 'main').getByText('not tested').waitFor()
  })

  test('a second host that does not answer is named when the server is saved, in its row and in its test; the server itself is well', async () => {
    const port = await closedPort()
    await rowOf(page, 'main').dblclick()
    const dialog = page.getByRole('dialog', { name: /main/ })
    await dialog.getByLabel('Use an alternate when this server cannot be reached').check()
    await choose(page, 'alternate.kind', /^A second host of this server/)
    await dialog.getByRole('textbox', { name: 'Alternate server' }).fill('127.0.0.1')
    await choose(page, 'alternate.security', 'None')
    await dialog.getByLabel('Alternate port').fill(String(port))
    await button(page, 'Save').click()
    await dialog.getByText(`the server works, but its alternate 127.0.0.1:${port} failed.`).waitFor()
    await dialog.getByRole('heading', { name: `Alternate 127.0.0.1:${port}` }).waitFor()
    await dialog.getByText(`127.0.0.1, port ${port} refused the connection.`).waitFor()
    assert.deepEqual(await seriousFaults(page), [])
    await button(page, 'Close').click()
    await rowOf(page, 'main').getByText('Alternate failed').waitFor()
    await rowOf(page, 'main').getByText(`failed at connection of alternate 127.0.0.1:${port}, `).waitFor()
  })

  test('a new partition may begin with a copy of the default’s server, which then stands in the table', async () => {
    await goTo(page, 'Partitions')
    await button(page, 'Add').click()
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Legal')
    await choose(page, 'outgoing', /^A copy of the default’s server/)
    assert.deepEqual(await seriousFaults(page), [])
    await button(page, 'Save').click()
    await page.getByRole('grid', { name: 'Partitions' }).getByRole('row').filter({ hasText: 'Legal' }).getByRole('gridcell', { name: 'Legal', exact: true }).nth(1).waitFor()
    await goTo(page, 'E-mail settings')
    await rowOf(page, 'Legal').getByText('Ready').waitFor()
    assert.deepEqual(console.complaints, [])
  })
})
