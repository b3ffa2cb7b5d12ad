import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright'
import { officeAddress, officeMail, officeMissing, openOfficeConsole, type OfficeConsole } from './office-console.ts'

const missing = officeMissing()
const canary = 'canary-text-of-the-body'

describe('transcripts and alerts, on the real core and a real server', { skip: missing ?? false, timeout: 120_000 }, () => {
  let console: OfficeConsole
  let page: Page
  before(async () => {
    console = await openOfficeConsole()
    page = console.page
  })
  after(() => console?.close())
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  test('debug is switched on while a server fetches; its lines appear, with no password and nothing of the mail', async () => {
    await console.fetchFromOffice()
    await page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').nth(1).click()
    await button('Transcript').last().click()
    const { world } = console
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('log').getByText('-- Test').or(dialog.getByRole('log').getByText('Test', { exact: true })).first().waitFor()
    await dialog.getByLabel('Debug on').click()
    await dialog.getByRole('log').getByText(/IDLE/).last().waitFor()
    world.dovecot.deliver(officeAddress, officeMail('Ann <ann@example.com>', 'Canary subject', canary))
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
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Alerts, fetching, sending' }).click()
    await button('Add rule').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Service desk')
    await dialog.getByLabel('No mail comes where it usually does').check()
    await dialog.getByLabel('Mail goes to').fill('desk@office.test')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await button('Save').click()
    // The button cannot be pressed while it saves, either.
    await page.getByText('The settings were saved.').waitFor()
    await button('Save').and(page.locator(':disabled')).waitFor()
    await page.reload()
    await page.getByRole('grid', { name: 'Notification rules' }).getByText('Service desk').click()
    await button('Send a test notification…').click()
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await dialog.getByText(/desk@office\.test: (the server took it|There is no outgoing server)/).waitFor()
    await console.picture('test-notification')
  })
})
