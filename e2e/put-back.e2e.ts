import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hostMissing, openConsole, type OpenConsole } from './open-console.ts'

const missing = hostMissing('browser')

describe('who changed the port, and mail that is missing since, on the real core', { skip: missing ?? false, timeout: 120_000 }, () => {
  let console: OpenConsole
  before(async () => void (console = await openConsole('browser')))
  after(async () => {
    await console.close()
    assert.deepEqual(console.complaints, [])
  })
  const button = (name: string | RegExp) => console.page.getByRole('button', { name, exact: true })
  const goTo = (hash: string) => console.page.evaluate((to) => void (location.hash = to), hash)

  test('from the entry of a change one comes to the version before it, restores it and starts the server again', async () => {
    const { page } = console
    await goTo('#/email-settings/incoming/it-support/open')
    await button('Stop and edit').click()
    const port = page.getByRole('dialog').getByLabel('Port')
    const before = await port.inputValue()
    await port.fill('9')
    await button('Save').click()
    await page.getByText('The settings are saved, but the connection failed.', { exact: false }).waitFor()
    await button('Close').click()
    await goTo('#/history')
    await page.getByLabel('Search fields, values, reasons').fill('port')
    await page.getByRole('listitem').filter({ hasText: `port: ${before} → 9` }).getByRole('button', { name: /^Version/ }).click()
    await page.getByText('It is like that now: there is nothing to restore.').waitFor()
    await button('Show the version before this change').click()
    await page.getByRole('row', { name: `port 9 ${before}` }).waitFor()
    await button('Restore this version').click()
    await button('Start fetching').click()
    await page.getByText('it-support was started.').waitFor()
  })

  test('from the dashboard to the ledger of a mailbox: nothing is lost', async () => {
    const { page } = console
    await goTo('#/dashboard')
    await page.getByRole('link', { name: 'Ledger of it-support' }).click()
    await button('Reconcile').click()
    await page.getByRole('menuitem', { name: 'it-support' }).click()
    await page.getByText('it-support: Nothing lost').waitFor()
  })
})
