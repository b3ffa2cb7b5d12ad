import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright'
import { startAddressWorld, type AddressWorld } from '../testbed/address-world.ts'
import { dovecotMissing } from '../testbed/dovecot.ts'
import { openChromium } from './open-chromium.ts'
import { hostMissing } from './open-console.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'

const missing = hostMissing('browser') ?? dovecotMissing()
const address = 'it@office.test'
const mail = (subject: string): string => `From: Ann <ann@example.com>\r\nTo: ${address}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, '.')}@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nHelp\r\n`

describe('the ledger, on the real core and a real server', { skip: missing ?? false, timeout: 120_000 }, () => {
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
  const ledger = () => page.getByRole('grid', { name: 'Ledger' })

  test('mail that was read elsewhere is found, taken, becomes a request, and nothing is lost', async () => {
    await button('Set up from an address…').first().click()
    await page.keyboard.type(address)
    await button('Find settings').click()
    await page.getByRole('dialog').getByRole('radiogroup', { name: 'Ways to reach the mailbox' }).waitFor()
    await page.keyboard.type(world.dovecot.password)
    await button('Save and test').click()
    await button('Start fetching').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('grid', { name: 'Incoming servers' }).getByText(/Listening|Push/).first().waitFor()
    // A server tells times in whole seconds.
    await sleep(1_100)
    world.dovecot.deliver(address, mail('Read elsewhere'), { flags: 'S' })
    world.dovecot.deliver(address, mail('Usual mail'))
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Ledger' }).click()
    await button('Reconcile').click()
    await page.getByRole('menuitem', { name: 'All servers' }).click()
    await page.getByText(/: Server and ledger differ$/).waitFor()
    await page.getByText('Read elsewhere').waitFor()
    await console.picture('ledger-differs')
    await button('Take it now').click()
    await page.getByText('1 mail is unread now').waitFor()
    await ledger().getByText('Read elsewhere').waitFor()
    await ledger().getByText('Usual mail').waitFor()
    await button('Again').click()
    await page.getByText(/: Nothing lost$/).waitFor()
    await page.getByText('2 mails in the inbox, 2 of them in the ledger, 0 unread').waitFor()
    await console.picture('ledger-nothing-lost')
    await ledger().getByRole('row').filter({ hasText: 'Read elsewhere' }).getByRole('link').click()
    await page.getByRole('region', { name: /^Request \d+$/ }).getByText('Help').first().waitFor()
  })
})
