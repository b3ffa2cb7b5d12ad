import { test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

const { skip, on: shown } = servedBrowser()
const options = { skip, timeout: 60_000 }

const on = (fake: string, use: (page: Page) => Promise<void>): Promise<void> => shown('email-settings', fake, use)
const open = (page: Page) => page.getByRole('button', { name: 'Set up from an address…' }).first().click()
const find = async (page: Page, address: string): Promise<void> => {
  await typeWhereFocusIs(page.getByLabel('E-mail address'), address)
  await page.keyboard.press('Enter')
  await page.getByRole('radiogroup', { name: 'Ways to reach the mailbox' }).waitFor()
}
const signedIn = (page: Page): Promise<void> => page.evaluate(() => { (Reflect.get(window, 'fakeSignedIn') as () => void)() })

test('from an address to a fetching server by keyboard: address, Enter, password, Enter, Enter', options, () =>
  on('empty', async (page) => {
    await open(page)
    await find(page, 'desk@example.com')
    await typeWhereFocusIs(page.getByLabel('Password', { exact: true }), 'secret')
    await page.keyboard.press('Enter')
    await expectSoon(page.getByRole('button', { name: 'Start fetching' })).toBeFocused()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    for (const table of ['Incoming servers', 'Outgoing servers']) await page.getByRole('grid', { name: table }).getByRole('gridcell', { name: 'desk', exact: true }).waitFor()
    await page.getByRole('grid', { name: 'Incoming servers' }).getByText('Polling every 60 s').waitFor()
  }))

test('no password can be entered for a host that nobody has confirmed', options, () =>
  on('', async (page) => {
    await open(page)
    await find(page, 'desk@example.com')
    await page.getByRole('radio', { name: /hosting/ }).check()
    await expectSoon(page.getByLabel('Password', { exact: true })).toBeDisabled()
    await page.getByRole('button', { name: 'Save and test' }).click()
    await page.getByText('Say that you know the host').waitFor()
    await page.getByLabel('I know this host: imap.hosting.example.net').check()
    await page.getByLabel('Password', { exact: true }).fill('secret')
    await page.getByRole('button', { name: 'Save and test' }).click()
    await page.getByRole('button', { name: 'Start fetching' }).waitFor()
  }))

test('a provider by token: saved, signed in to once in each direction, then it works', options, () =>
  on('empty', async (page) => {
    await open(page)
    await find(page, 'desk@contoso.example')
    await page.getByLabel('Client id').fill('7f1c2a90-0c1e-4f7e-9d55-1a2b3c4d5e6f')
    await page.keyboard.press('Enter')
    for (let direction = 0; direction < 2; direction++) {
      const dialog = page.getByRole('dialog', { name: 'Sign in – desk' })
      await dialog.getByRole('link', { name: 'Open the sign-in page' }).waitFor()
      await signedIn(page)
      await dialog.getByText('Signed in.').waitFor()
      await dialog.getByRole('button', { name: 'Close', exact: true }).click()
      await dialog.getByText('Signed in.').waitFor({ state: 'hidden' })
    }
    for (const side of ['Incoming', 'Outgoing']) await page.getByRole('region', { name: `${side} server desk` }).getByText('the connection works').waitFor()
    await page.getByRole('button', { name: 'Start fetching' }).click()
    await page.getByRole('grid', { name: 'Incoming servers' }).getByRole('gridcell', { name: 'Graph', exact: true }).waitFor()
  }))

test('offline, the proposal is kept as a draft and nothing is tried', options, () =>
  on('empty', async (page) => {
    await open(page)
    await page.getByLabel(/Offline/).check()
    await page.getByLabel('E-mail address').focus()
    await find(page, 'desk@contoso.example')
    await page.getByText('not tried').first().waitFor()
    await page.getByRole('button', { name: 'Save as draft' }).click()
    await page.getByText('Kept as a draft.').first().waitFor()
    await expectSoon(page.getByText('Name look-up')).toHaveCount(0)
  }))

test('an address without settings says so, keeps what was typed, and leads to the form of a server', options, () =>
  on('', async (page) => {
    await open(page)
    await typeWhereFocusIs(page.getByLabel('E-mail address'), 'it@unknown.example')
    await page.keyboard.press('Enter')
    await page.getByText('No settings were found for it@unknown.example.').waitFor()
    await expectSoon(page.getByLabel('E-mail address')).toHaveValue('it@unknown.example')
    await page.getByRole('button', { name: 'Add an IMAP server by hand' }).click()
    const form = page.getByRole('dialog', { name: 'Add incoming server – IMAP' })
    await expectSoon(form.getByRole('textbox', { name: 'User name' })).toHaveValue('it@unknown.example')
    await expectSoon(form.getByLabel('Addresses of the mailbox')).toHaveValue('it@unknown.example')
    await expectSoon(form.getByLabel('Name', { exact: true })).not.toHaveValue('')
    await expectSoon(form.getByLabel('Partition')).not.toHaveText('')
  }))
