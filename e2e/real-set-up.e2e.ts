import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright'
import { startAddressWorld, type AddressWorld } from '../testbed/address-world.ts'
import { dovecotMissing } from '../testbed/dovecot.ts'
import { expectSoon } from './expect-soon.ts'
import { openChromium } from './open-chromium.ts'
import { hostMissing } from './open-console.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

const missing = hostMissing('browser') ?? dovecotMissing()
const mail = (subject: string, to: string): string => `From: Ann <ann@example.com>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/ /g, '.')}@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nHello\r\n`

describe('set-up from an address, on real servers', { skip: missing ?? false, timeout: 240_000 }, () => {
  let browser: Browser
  let world: AddressWorld
  let console: OwnConsole
  let page: Page
  before(async () => {
    browser = await openChromium()
    world = await startAddressWorld()
  })
  after(async () => {
    await browser.close()
    await world.stop()
  })
  beforeEach(async () => {
    console = await openOwnConsole(browser, world.env)
    page = console.page
  })
  afterEach(async () => {
    await console.close()
    assert.deepEqual(console.complaints, [])
  })

  const dialog = () => page.getByRole('dialog', { name: 'Set up from an address' })
  const open = () => page.getByRole('button', { name: 'Set up from an address…' }).first().click()
  const find = async (address: string): Promise<void> => {
    await typeWhereFocusIs(dialog().getByLabel('E-mail address'), address)
    await dialog().getByRole('button', { name: 'Find settings' }).click()
    await dialog().getByRole('radiogroup', { name: 'Ways to reach the mailbox' }).waitFor()
  }
  const works = (name: string) => Promise.all(['Incoming', 'Outgoing'].map((side) => dialog().getByRole('region', { name: `${side} server ${name}` }).getByText('the connection works').waitFor()))

  for (const [domain, source] of [['office.test', 'Published by the domain'], ['branch.test', 'DNS service records']] as const) {
    test(`it@${domain}: address, password and four clicks until its mail becomes requests`, async () => {
      const address = `it@${domain}`
      await console.picture(`online-0-${domain}`)
      await console.resetEffort()
      await open()
      await console.picture(`online-1-${domain}-address`)
      await find(address)
      await dialog().getByText(source).first().waitFor()
      await console.picture(`online-2-${domain}-candidates`)
      await typeWhereFocusIs(dialog().getByLabel('Password', { exact: true }), world.dovecot.password)
      await dialog().getByRole('button', { name: 'Save and test' }).click()
      await works('it')
      await console.picture(`online-3-${domain}-tested`)
      await dialog().getByRole('button', { name: 'Start fetching' }).click()
      await dialog().waitFor({ state: 'hidden' })
      const effort = await console.effort()
      assert.deepEqual(effort.fields, ['E-mail address', 'Password'])
      assert.ok(effort.clicks + effort.presses <= 4, JSON.stringify(effort))

      const row = page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').filter({ hasText: address })
      await row.getByText(/Listening|Push/).first().waitFor()
      await console.picture(`online-4-${domain}-fetching`)
      world.dovecot.deliver(address, mail(`Printer of ${domain}`, address))
      await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Requests' }).click()
      await page.getByRole('grid', { name: 'Requests' }).getByText(`Printer of ${domain}`).waitFor()
      await console.picture(`online-5-${domain}-request`)
    })
  }

  test('by keyboard alone', async () => {
    await page.getByRole('button', { name: 'Set up from an address…' }).first().focus()
    await console.resetEffort()
    await page.keyboard.press('Enter')
    await typeWhereFocusIs(dialog().getByLabel('E-mail address'), 'keys@office.test')
    await page.keyboard.press('Enter')
    await dialog().getByRole('radiogroup', { name: 'Ways to reach the mailbox' }).waitFor()
    await typeWhereFocusIs(dialog().getByLabel('Password', { exact: true }), world.dovecot.password)
    await page.keyboard.press('Enter')
    await works('keys')
    await expectSoon(dialog().getByRole('button', { name: 'Start fetching' })).toBeFocused()
    await page.keyboard.press('Enter')
    await dialog().waitFor({ state: 'hidden' })
    assert.deepEqual(await console.effort(), { clicks: 0, presses: 4, fields: ['E-mail address', 'Password'] })
  })

  test('a wrong password says so at its step, and is corrected where it was typed', async () => {
    await open()
    await find('wrong@office.test')
    await typeWhereFocusIs(dialog().getByLabel('Password', { exact: true }), 'not-the-password')
    await dialog().getByRole('button', { name: 'Save and test' }).click()
    const half = dialog().getByRole('region', { name: 'Incoming server wrong' })
    await half.getByText('it does not work yet').waitFor()
    await dialog().getByRole('region', { name: 'Outgoing server wrong' }).getByText('Waits for the incoming server').waitFor()
    await console.picture('wrong-1-password')
    await dialog().getByRole('button', { name: 'Back to the settings' }).click()
    await dialog().getByLabel('Password').fill(world.dovecot.password)
    await page.keyboard.press('Enter')
    await works('wrong')
  })

  test('offline: a known provider is drafted from the built-in table, and nobody is asked', async () => {
    const before = world.asked().length
    await console.resetEffort()
    await open()
    await dialog().getByLabel(/^Offline/).check()
    await dialog().getByLabel('E-mail address').click()
    await find('someone@gmail.com')
    await console.picture('offline-1-candidates')
    await dialog().getByRole('button', { name: 'Save as draft' }).click()
    await dialog().getByText('Kept as a draft.').first().waitFor()
    await console.picture('offline-2-kept')
    await dialog().getByRole('button', { name: 'Close', exact: true }).last().click()
    const effort = await console.effort()
    assert.deepEqual(effort.fields, ['E-mail address'])
    assert.ok(effort.clicks <= 6, JSON.stringify(effort))
    await page.getByRole('grid', { name: 'Incoming servers' }).getByText(/Draft/).first().waitFor()
    await console.picture('offline-3-draft')
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Configuration and backup' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download mailroom.yaml' }).click()])
    const yaml = readFileSync(await download.path(), 'utf8')
    assert.match(yaml, /user: someone@gmail\.com/)
    assert.match(yaml, /protocol: gmail/)
    assert.equal(world.asked().length, before, world.asked().slice(before).join('\n'))
  })

  test('a host of another domain gets no password before somebody says that it is known', async () => {
    const address = 'it@firm.test'
    const attempts = (): number => (world.dovecot.log().match(/it@firm\.test/g) ?? []).length
    await open()
    await find(address)
    await dialog().getByLabel('I know this host: imap.hoster.test').waitFor()
    await console.picture('foreign-1-unconfirmed')
    await expectSoon(dialog().getByLabel('Password')).toBeDisabled()
    await dialog().getByRole('button', { name: 'Save and test' }).click()
    await dialog().getByText('Say that you know the host').waitFor()
    await console.picture('foreign-2-refused')
    await dialog().getByLabel('I know this host: imap.hoster.test').check()
    await expectSoon(dialog().getByLabel('Password')).toBeDisabled()
    assert.equal(attempts(), 0)
    await dialog().getByLabel('I know this host: smtp.hoster.test').check()
    await dialog().getByLabel('Password').fill(world.dovecot.password)
    assert.equal(attempts(), 0)
    await dialog().getByRole('button', { name: 'Save and test' }).click()
    await works('it')
    await expectSoon.poll(attempts, 'the log would have told of an attempt').toBeGreaterThan(0)
  })
})
