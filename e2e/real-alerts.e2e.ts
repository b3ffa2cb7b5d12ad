import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright'
import { startAddressWorld, type AddressWorld } from '../testbed/address-world.ts'
import { dovecotMissing } from '../testbed/dovecot.ts'
import { openChromium } from './open-chromium.ts'
import { hostMissing } from './open-console.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'

const missing = hostMissing('browser') ?? dovecotMissing()
const address = 'it@office.test'
const canary = 'canary-text-of-the-body'
const mail = `From: Ann <ann@example.com>\r\nTo: ${address}\r\nSubject: Canary subject\r\nMessage-ID: <canary@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\n${canary}\r\n`

describe('transcripts and alerts, on the real core and a real server', { skip: missing ?? false, timeout: 120_000 }, () => {
  let browser: Browser
  let world: AddressWorld
  let console: OwnConsole
  let page: Page
  before(async () => {
    ;[browser, world] = await Promise.all([openChromium(), startAddressWorld()])
    console = await openOwnConsole(browser, world.env)
    page = console.page
  })
  after(async () => {
    await console.close()
    await Promise.all([browser.close(), world.stop()])
    assert.deepEqual(console.complaints, [])
  })
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  test('debug is switched on while a server fetches; its lines appear, with no password and nothing of the mail', async () => {
    await button('Set up from an address…').first().click()
    await page.keyboard.type(address)
    await button('Find settings').click()
    await page.getByRole('dialog').getByRole('radiogroup', { name: 'Ways to reach the mailbox' }).waitFor()
    await page.keyboard.type(world.dovecot.password)
    await button('Save and test').click()
    await button('Start fetching').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('grid', { name: 'Incoming servers' }).getByText(/Listening|Push/).first().waitFor()
    await page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').nth(1).click()
    await button('Transcript').last().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('log').getByText('-- Test').or(dialog.getByRole('log').getByText('Test', { exact: true })).first().waitFor()
    await dialog.getByLabel('Debug on').click()
    await dialog.getByRole('log').getByText(/IDLE/).last().waitFor()
    world.dovecot.deliver(address, mail)
    await dialog.getByRole('log').getByText(/FETCH \(UID \d+ .*\{\d+ bytes\}\)/).last().waitFor()
    const text = await dialog.getByRole('log').innerText()
    for (const hidden of [world.dovecot.password, Buffer.from(world.dovecot.password).toString('base64').slice(0, -2), canary, 'Canary subject']) assert.ok(!text.includes(hidden), hidden)
    await console.picture('transcript-live')
    await button('Pause').click()
    await button('Go on').waitFor()
    await button('Clear').click()
    await dialog.getByText(/^0 lines/).waitFor()
    await button('Close').click()
  })

  test('a notification rule is made and saved, and a test of it says what became of it', async () => {
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Alerts and fetching' }).click()
    await button('Add rule').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Service desk')
    await dialog.getByLabel('No mail comes where it usually does').check()
    await dialog.getByLabel('Mail goes to').fill('desk@office.test')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await button('Save').click()
    await button('Save').and(page.locator(':disabled')).waitFor()
    await page.reload()
    await page.getByRole('grid', { name: 'Notification rules' }).getByText('Service desk').click()
    await button('Send a test notification…').click()
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await dialog.getByText(/desk@office\.test: (the server took it|There is no outgoing server)/).waitFor()
    await console.picture('test-notification')
  })
})
