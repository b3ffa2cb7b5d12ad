import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, on: shown } = servedBrowser()
const options = { skip, timeout: 60_000 }

const on = (hash: string, use: (page: Page) => Promise<void>): Promise<void> =>
  shown(hash, 'oauth', async (page) => {
    await page.context().route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><title>Provider</title>' }))
    await use(page)
  })
const signedIn = (page: Page): Promise<void> => page.evaluate(() => { (Reflect.get(window, 'fakeSignedIn') as () => void)() })
const choose = async (page: Page, label: RegExp, option: RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}
const add = async (page: Page, protocol: string): Promise<void> => {
  await page.getByRole('button', { name: 'Add', exact: true }).last().click()
  await page.getByRole('menuitem', { name: protocol }).click()
}

test('“Sign in again” in the row opens the provider’s page in a tab; the row is well afterwards', options, () =>
  on('email-settings', async (page) => {
    const tab = page.context().waitForEvent('page')
    await page.getByRole('button', { name: 'Sign in again: exchange' }).click()
    assert.match((await tab).url() || 'https://login.microsoftonline.com', /^(?:https:\/\/login\.microsoftonline\.com|about:blank)/)
    await page.getByRole('button', { name: 'The browser ended at' }).waitFor()
    await signedIn(page)
    await page.getByText('Signed in.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in again: exchange' }).waitFor({ state: 'hidden' })
  }))

test('the address that a browser elsewhere ended at is taken, and a wrong one is said at the field', options, () =>
  on('email-settings/incoming/exchange/sign-in', async (page) => {
    await page.getByRole('button', { name: 'The browser ended at' }).click()
    const field = page.getByLabel('Paste the address your browser ended at')
    await field.fill('localhost')
    await page.getByRole('button', { name: 'Continue with this address' }).click()
    await page.getByText('Copy the whole address').waitFor()
    await field.fill('http://localhost:47012/?code=another&state=9c1b')
    await page.getByRole('button', { name: 'Continue with this address' }).click()
    await page.getByText('ann@example.com signed in, but the server is set up for').waitFor()
    await field.fill('http://localhost:47012/?code=0.AX&state=9c1b')
    await page.getByRole('button', { name: 'Continue with this address' }).click()
    await page.getByText('Signed in.').waitFor()
  }))

test('a device code is shown large with its page and its time, and Cancel ends it', options, () =>
  on('email-settings/incoming/facility/sign-in', async (page) => {
    await expectSoon(page.getByLabel('Code', { exact: true })).toHaveText('HX4K-9TQW')
    await expectSoon(page.getByLabel('Page', { exact: true })).toHaveValue('https://microsoft.com/devicelogin')
    await page.getByText(/The code counts for 1\d min/).waitFor()
    await page.getByRole('button', { name: 'Cancel sign-in' }).click()
    await page.getByText('The sign-in was cancelled').waitFor()
  }))

test('saving a server that nobody has signed in to leads to the sign-in, and then it is tried again', options, () =>
  on('email-settings/incoming/facility/open', async (page) => {
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('complementary', { name: 'Consequences' }).getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Code', { exact: true }).waitFor()
    await signedIn(page)
    await page.getByRole('dialog', { name: 'Sign in – facility' }).getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByText('The connection works.').waitFor()
  }))

test('Forget sign-in asks, and then somebody has to sign in', options, () =>
  on('email-settings/incoming/cloud/open', async (page) => {
    await page.getByRole('button', { name: 'Forget sign-in' }).click()
    await page.getByRole('dialog', { name: /Forget the sign-in/ }).getByRole('button', { name: 'Forget sign-in' }).click()
    await page.getByRole('group', { name: 'State of the sign-in' }).getByText('Nobody has signed in yet.').waitFor()
  }))

test('the form follows the protocol table: cloud fills endpoint and sign-in host, the flow decides about a secret', options, () =>
  on('email-settings', async (page) => {
    await add(page, 'Microsoft Graph')
    await page.getByRole('combobox', { name: /Cloud/ }).waitFor()
    await expectSoon(page.getByRole('combobox', { name: /Sign in by/ })).toHaveCount(0)
    await expectSoon(page.getByLabel('Server', { exact: true })).toHaveCount(0)
    await choose(page, /Cloud/, /DoD/)
    await expectSoon(page.getByLabel('URL', { exact: true })).toHaveValue('https://dod-graph.microsoft.us')
    await expectSoon(page.getByLabel('Sign-in host')).toHaveValue('https://login.microsoftonline.us')
    await expectSoon(page.getByLabel('Scopes').first()).toHaveValue(/^https:\/\/dod-graph\.microsoft\.us\/Mail\.ReadWrite$/m)
    await expectSoon(page.getByLabel('Redirect URL', { exact: true })).toHaveValue('http://localhost')
    await expectSoon(page.getByLabel('Client secret or certificate')).toHaveCount(0)
    await choose(page, /Who signs in/, /application itself/)
    await page.getByLabel('Client secret or certificate', { exact: true }).waitFor()
    await expectSoon(page.getByLabel('Scopes').first()).toHaveValue(/^https:\/\/dod-graph\.microsoft\.us\/\.default$/)
  }))

test('a service account’s key file is read here and its address filled in; the key is covered', options, () =>
  on('email-settings', async (page) => {
    await add(page, 'Gmail')
    await choose(page, /Sign in by/, /service account/)
    const key = JSON.stringify({ type: 'service_account', client_email: 'mail@desk.iam.gserviceaccount.com', private_key: '-----BEGIN PRIVATE KEY-----\n' })
    await page.locator('input[aria-label="Key of the service account file"]').setInputFiles({ name: 'key.json', mimeType: 'application/json', buffer: Buffer.from(key) })
    await page.getByText('Read from key.json.').waitFor()
    await expectSoon(page.getByLabel('Service account', { exact: true })).toHaveValue('mail@desk.iam.gserviceaccount.com')
    assert.equal(await page.getByLabel('Key of the service account', { exact: true }).evaluate((area) => getComputedStyle(area).getPropertyValue('-webkit-text-security')), 'disc')
  }))

test('the advice names servers and days, and leads to a prefilled Graph server', options, () =>
  on('email-settings', async (page) => {
    await page.getByText('2 servers will stop working: office on 31 Dec 2026, exchange on 1 Apr 2027.').waitFor()
    await page.getByRole('button', { name: 'What to do' }).click()
    await page.getByRole('button', { name: 'Move to Graph: exchange' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add incoming server – Microsoft Graph' })
    await expectSoon(dialog.getByLabel('Name', { exact: true })).toHaveValue('exchange-graph')
    await expectSoon(dialog.getByLabel('URL', { exact: true })).toHaveValue('https://graph.microsoft.com')
  }))

test('a server that a provider will switch off is told while it is typed, before it is saved', options, () =>
  on('email-settings', async (page) => {
    await add(page, 'Exchange Web Services')
    await page.getByRole('combobox', { name: /Cloud/ }).waitFor()
    const advice = page.getByRole('region', { name: 'Provider advice' }).getByText('Exchange Online switches EWS off')
    await expectSoon(page.getByRole('dialog').getByText('Exchange Online switches EWS off')).toHaveCount(0)
    await choose(page, /Cloud/, /worldwide/)
    await advice.last().waitFor()
    await page.getByLabel('URL', { exact: true }).fill('https://mail.example.com/EWS/Exchange.asmx')
    await page.getByRole('dialog').getByText('Exchange Online switches EWS off').waitFor({ state: 'hidden' })
  }))

test('a provider’s delay is told with its time and is no failure', options, () =>
  on('email-settings', async (page) => {
    const cell = page.getByRole('grid', { name: 'Incoming servers' }).getByText(/^Delayed until (?:\d\d:\d\d|.*) by the provider$/)
    await cell.waitFor()
    assert.notEqual(await cell.evaluate((text) => getComputedStyle(text).color), await page.getByText('Sign-in revoked').evaluate((text) => getComputedStyle(text).color))
  }))

test('a round trip shows the way and the time; one that is lost says where to look; Cancel ends it', options, () =>
  on('email-settings/incoming/it/test', async (page) => {
    const part = page.getByRole('region', { name: 'Round trip' })
    await part.getByRole('button', { name: 'Send', exact: true }).click()
    await part.getByText('Sent through main, found after 4.2 s.').waitFor()
    await expectSoon(part.getByRole('row')).toHaveCount(6)
    await choose(page, /Send a probe/, /reserve/)
    await part.getByRole('button', { name: 'Send another' }).click()
    await part.getByText('did not arrive in “it” within 120 seconds').waitFor()
    await part.getByRole('button', { name: 'Send another' }).click()
    await part.getByRole('button', { name: 'Cancel' }).click()
    await part.getByText('A probe that was sent may still arrive.').waitFor()
  }))

test('a fault in Advanced is corrected in place: the section stays open under whoever types', options, () =>
  on('email-settings', async (page) => {
    await add(page, 'IMAP')
    const proxy = page.getByLabel('Proxy', { exact: true })
    await page.getByRole('button', { name: /Advanced/ }).click()
    await proxy.fill('http://ann:secret@proxy.example.com:3128')
    await page.getByRole('button', { name: /Advanced/ }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('without a password.').waitFor()
    await proxy.press('Control+a')
    await page.keyboard.type('http://ann@proxy.example.com:3128')
    await expectSoon(proxy).toHaveValue('http://ann@proxy.example.com:3128')
    await page.getByLabel('Password of the proxy').waitFor()
  }))

test('a file that is no key is told at its field at once, whatever else is wrong', options, () =>
  on('email-settings', async (page) => {
    await add(page, 'Gmail')
    await choose(page, /Sign in by/, /service account/)
    const file = page.locator('input[aria-label="Key of the service account file"]')
    await file.setInputFiles({ name: 'holiday.json', mimeType: 'application/json', buffer: Buffer.from('{"photo":1}') })
    await page.getByText('There is no private key in this.').waitFor()
    await file.setInputFiles({ name: 'key.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ client_email: 'mail@project.iam.gserviceaccount.com', private_key: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n' })) })
    await page.getByText('There is no private key in this.').waitFor({ state: 'hidden' })
    await expectSoon(page.getByLabel('Service account', { exact: true })).toHaveValue('mail@project.iam.gserviceaccount.com')
  }))

test('secrets that a configuration file did not carry are entered together', options, () =>
  on('configuration', async (page) => {
    await page.getByLabel('branch office: password').fill('secret')
    await page.keyboard.press('Enter')
    await page.getByText('The secret is stored.').waitFor()
    await page.getByLabel('branch office: password').waitFor({ state: 'hidden' })
  }))
