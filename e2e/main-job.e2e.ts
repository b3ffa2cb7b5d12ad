import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { hostMissing, hosts, openConsole, type OpenConsole } from './open-console.ts'
import { seriousFaults } from './serious-faults.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

const goTo = (page: Page, title: string) => page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: title }).click()
const incomingRow = (page: Page, name: string) => page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })
const outgoingRow = (page: Page, name: string) => page.getByRole('grid', { name: 'Outgoing servers' }).getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })

for (const host of hosts) {
  const missing = hostMissing(host)
  describe(`the main job on the ${host} host`, { skip: missing === null ? false : `the ${host} host: ${missing}`, timeout: 300_000 }, () => {
    let console: OpenConsole
    let page: Page
    before(async () => {
      console = await openConsole(host)
      page = console.page
    })
    after(async () => {
      await console?.close()
    })
    // What a failed test left open must not be in the way of the next one.
    afterEach(async (context) => {
      if ('passed' in context && !context.passed) await page.reload()
    })

    test('the servers of the demo stand in both tables, each with its state', async () => {
      await goTo(page, 'E-mail settings')
      await outgoingRow(page, 'main').getByText('Ready · default').waitFor()
      await incomingRow(page, 'it-support').waitFor()
      await incomingRow(page, 'travel-desk').getByText(/Draft/).waitFor()
      await incomingRow(page, 'facilities').getByText('Sign-in refused').waitFor({ timeout: 30_000 })
    })

    test('the test of an incoming server shows its steps and the newest message', async () => {
      await goTo(page, 'E-mail settings')
      await incomingRow(page, 'it-support').focus()
      await page.keyboard.press('t')
      const dialog = page.getByRole('dialog', { name: /Test incoming mail/ })
      await dialog.getByText('Status: all steps passed').waitFor()
      await dialog.getByRole('region', { name: 'Newest message' }).getByText('From').waitFor()
      assert.deepEqual(await seriousFaults(page), [])
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
    })

    test('a refused sign-in names the cause, the remedy and the server’s own words', async () => {
      await goTo(page, 'E-mail settings')
      await incomingRow(page, 'facilities').focus()
      await page.keyboard.press('t')
      const dialog = page.getByRole('dialog', { name: /Test incoming mail/ })
      await dialog.getByText('Status: failed at sign-in').waitFor()
      await dialog.getByText(/refused the sign-in/).waitFor()
      await dialog.getByRole('button', { name: 'Details' }).click()
      await dialog.getByRole('button', { name: 'Open server' }).click()
      await page.getByRole('dialog', { name: 'Incoming server – facilities' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    })

    test('a running server is stopped, changed, tried, saved and started again', async () => {
      await goTo(page, 'E-mail settings')
      await incomingRow(page, 'hr-desk').focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Incoming server – hr-desk' })
      await dialog.getByRole('button', { name: 'Stop and edit' }).click()
      await dialog.getByLabel('Fetch mail every').fill('15')
      await dialog.getByRole('button', { name: 'Save', exact: true }).click()
      await dialog.getByText('The connection works.').waitFor()
      await dialog.getByRole('button', { name: 'Start fetching' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await incomingRow(page, 'hr-desk').getByText(/every 15 s|Fetching/).waitFor()
    })

    test('a new server with a wrong password is saved and says that the connection failed', async () => {
      await goTo(page, 'E-mail settings')
      await incomingRow(page, 'it-support').focus()
      await page.keyboard.press('Enter')
      const port = await page.getByRole('dialog').getByLabel('Port', { exact: true }).inputValue()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      await page.getByRole('region', { name: 'Incoming servers' }).getByRole('button', { name: 'Add' }).click()
      await page.getByRole('menuitem', { name: 'IMAP' }).click()
      const dialog = page.getByRole('dialog', { name: /incoming server/i })
      await dialog.getByRole('button', { name: 'Save', exact: true }).click()
      await dialog.getByText('3 fields to correct; or save as draft').waitFor()
      await dialog.getByLabel('Name', { exact: true }).fill('second line')
      await dialog.getByLabel('Server', { exact: true }).fill('127.0.0.1')
      await dialog.getByRole('combobox', { name: /Security/ }).click()
      await page.getByRole('option', { name: /None/ }).click()
      await dialog.getByText('Without encryption the password').waitFor()
      await dialog.getByLabel('Port', { exact: true }).fill(port)
      await dialog.getByLabel('User name', { exact: true }).fill('it@demo.example')
      await dialog.getByLabel('Password', { exact: true }).fill('certainly-wrong')
      await dialog.getByRole('button', { name: 'Save', exact: true }).click()
      await dialog.getByText(/saved, but the connection failed/).waitFor()
      await expectSoon(dialog.getByLabel('Password', { exact: true })).toHaveValue('')
      await dialog.getByRole('button', { name: 'Close', exact: true }).click()
      await incomingRow(page, 'second line').getByText('Stopped').waitFor()
    })

    test('deleting names what goes', async () => {
      await goTo(page, 'E-mail settings')
      await incomingRow(page, 'travel-desk').focus()
      await page.keyboard.press('Delete')
      const dialog = page.getByRole('dialog', { name: 'Delete travel-desk' })
      await dialog.getByText('its settings and its stored password').waitFor()
      await dialog.getByRole('button', { name: 'Delete server' }).click()
      await incomingRow(page, 'travel-desk').waitFor({ state: 'detached' })
    })

    test('a sample mail goes out and the server’s answer is shown', async () => {
      await goTo(page, 'E-mail settings')
      await outgoingRow(page, 'main').focus()
      await page.keyboard.press('t')
      const dialog = page.getByRole('dialog', { name: /Test outgoing mail/ })
      await dialog.getByRole('button', { name: 'Test connection' }).click()
      await dialog.getByText('Status: all steps passed').waitFor()
      await dialog.getByLabel('To', { exact: true }).fill('it@demo.example')
      await dialog.getByLabel('Subject').fill(`Probe from the ${host}`)
      await dialog.getByLabel('Attachments').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') })
      await dialog.getByRole('list', { name: 'Attached files' }).getByText('notes.txt').waitFor()
      await dialog.getByRole('button', { name: 'Send a sample mail' }).click()
      await dialog.getByText(/The server took the mail/).waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
    })

    test('the mail becomes a request while one watches, and its conversation opens', async () => {
      await goTo(page, 'Requests')
      const list = page.getByRole('grid', { name: 'Requests' })
      await list.getByRole('row').nth(1).waitFor()
      await page.getByLabel('Search subject, sender or number').fill('VPN drops')
      await list.getByText('VPN drops every ten minutes').first().click()
      const request = page.getByRole('region', { name: /^Request \d+$/ })
      await request.getByRole('button', { name: /Why it is here/ }).first().click()
      await request.getByRole('button', { name: /^Download .*vpn-error/ }).waitFor()
      const file = await console.saved(() => request.getByRole('button', { name: /^Download .*vpn-error/ }).click())
      assert.match(file.fileName, /vpn-error/)
      assert.ok(file.bytes.length > 100)
      assert.deepEqual(await seriousFaults(page), [])
      await button(page, 'Back to the list').click()
    })

    test('new requests come in without a reload', async () => {
      await goTo(page, 'Requests')
      await page.getByLabel('Search subject, sender or number').fill('')
      // Until the list is whole again, the count is that of what was searched for.
      await page.getByRole('grid', { name: 'Requests' }).getByRole('row').filter({ hasNotText: 'VPN drops' }).nth(1).waitFor()
      const count = page.getByRole('status').filter({ hasText: /requests?$/ })
      const before = await count.innerText()
      await page.waitForFunction((text) => [...document.querySelectorAll('[role="status"]')].some((place) => /^[\d ]+ requests?$/.test(place.textContent ?? '') && place.textContent !== text), before, { timeout: 60_000 })
    })

    test('what could not be processed waits in the error folder, and the bundle downloads', async () => {
      await goTo(page, 'Error folder')
      const list = page.getByRole('grid', { name: 'Messages that failed' })
      await list.getByRole('row').nth(1).click()
      await page.getByRole('region', { name: 'Failed message' }).getByText('Step by step').waitFor()
      await page.getByRole('tab', { name: 'Headers' }).click()
      assert.deepEqual(await seriousFaults(page), [])
      const bundle = await console.saved(async () => {
        await button(page, 'Download bundle').click()
        await page.getByRole('menuitem', { name: 'Without personal data' }).click()
      })
      assert.match(bundle.fileName, /\.zip$/)
      assert.equal(bundle.bytes.subarray(0, 2).toString('latin1'), 'PK')
    })

    test('a message from a file is tried without leaving a trace', async () => {
      await goTo(page, 'Try a message')
      const raw = 'From: Ann <ann@example.com>\r\nTo: it@demo.example\r\nSubject: Tried only\r\nMessage-ID: <tried@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nHello\r\n'
      await page.locator('input[aria-label="Message file"]').setInputFiles({ name: 'tried.eml', mimeType: 'message/rfc822', buffer: Buffer.from(raw) })
      await page.getByText('It would become a new request.').waitFor()
    })

    test('the history names who changed what, and the configuration exports without a secret', async () => {
      await goTo(page, 'History')
      await page.getByText('hr-desk').first().waitFor()
      await goTo(page, 'Configuration and backup')
      const file = await console.saved(() => button(page, 'Download mailroom.yaml').click())
      const yaml = file.bytes.toString('utf8')
      assert.match(yaml, /name: hr-desk/)
      assert.doesNotMatch(yaml, /certainly-wrong/)
    })

    test('Ctrl-K reaches a server, and focus comes back to the page', async () => {
      await page.keyboard.press('Control+k')
      await typeWhereFocusIs(page.getByRole('combobox', { name: 'Search or command' }), 'open it-support')
      await page.getByRole('option', { name: /it-support/ }).first().waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Incoming server – it-support' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    })

    test('Ctrl-K says where a field is that another console calls otherwise, and goes to its page', async () => {
      await page.keyboard.press('Control+k')
      await typeWhereFocusIs(page.getByRole('combobox', { name: 'Search or command' }), 'email address override')
      await page.getByRole('option', { name: /Send all mail to one address instead.*Outgoing server › Delivery/ }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'E-mail settings', level: 1 }).waitFor()
    })

    test('the page never broke its own policy or threw', () => {
      assert.deepEqual(console.complaints, [])
    })
  })
}
