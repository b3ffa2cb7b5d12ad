import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const oauth = 'oauth'
const add = async (page: Page, table: 'first' | 'last', protocol: string): Promise<void> => {
  const menus = page.getByRole('button', { name: 'Add', exact: true })
  await (table === 'first' ? menus.first() : menus.last()).click()
  await page.getByRole('menuitem', { name: protocol }).click()
  await page.getByRole('dialog').waitFor()
}
const choose = async (page: Page, label: RegExp, option: RegExp | string): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}
const find = async (page: Page, address: string): Promise<void> => {
  await page.getByLabel('E-mail address').fill(address)
  await page.keyboard.press('Enter')
  await page.getByRole('radiogroup').waitFor()
}
const part = (page: Page, label: string) => page.getByLabel(label).first().scrollIntoViewIfNeeded()

/** Protocols by token, sign-in, set-up from an address, advice, expiries, round trip. */
export const signInScreens: readonly Screen[] = [
  { name: 'oauth-tables', hash: 'email-settings', fake: oauth },
  { name: 'oauth-advice', hash: 'email-settings', fake: oauth, act: (page) => button(page, 'What to do').click() },
  { name: 'oauth-graph', hash: 'email-settings/incoming/cloud/open', fake: oauth, act: (page) => part(page, 'State of the sign-in') },
  { name: 'oauth-graph-top', hash: 'email-settings/incoming/cloud/open', fake: oauth },
  { name: 'oauth-refused', hash: 'email-settings/incoming/exchange/open', fake: oauth, act: (page) => part(page, 'State of the sign-in') },
  { name: 'oauth-service-account', hash: 'email-settings/incoming/workspace/open', fake: oauth, act: (page) => part(page, 'State of the sign-in') },
  { name: 'oauth-new-ews', hash: 'email-settings', fake: oauth, act: async (page) => { await add(page, 'last', 'Exchange Web Services'); await choose(page, /Sign in by/, /NTLM/) } },
  { name: 'oauth-new-app', hash: 'email-settings', fake: oauth, act: async (page) => { await add(page, 'last', 'Microsoft Graph'); await choose(page, /Cloud/, /China/); await choose(page, /Who signs in/, /application itself/); await button(page, /^Save$/).click(); await page.getByText(/fields to correct/).waitFor() } },
  { name: 'oauth-new-other', hash: 'email-settings', fake: oauth, act: async (page) => { await add(page, 'last', 'IMAP'); await choose(page, /Sign in by/, /OAuth/); await choose(page, /Provider/, /Another/); await part(page, 'Redirect URL') } },
  { name: 'oauth-new-smtp', hash: 'email-settings', fake: oauth, act: async (page) => { await add(page, 'first', 'SMTP'); await choose(page, /Sign in by/, /OAuth/); await part(page, 'Redirect URL') } },
  { name: 'oauth-advanced', hash: 'email-settings/incoming/facility/open', fake: oauth, act: async (page) => { await button(page, /Advanced/).click(); await page.getByLabel('Proxy', { exact: true }).fill('http://ann@proxy.example.com:3128'); await page.getByLabel('Its private key').fill('/etc/mailroom/key.pem'); await part(page, 'Passphrase of the key') } },
  { name: 'oauth-saved-unsigned', hash: 'email-settings/incoming/facility/open', fake: oauth, act: async (page) => { await button(page, /^Save$/).click(); await page.getByText('but the connection failed').waitFor() } },
  { name: 'add-menu-outgoing', hash: 'email-settings', act: (page) => page.getByRole('button', { name: 'Add', exact: true }).first().click() },
  { name: 'sign-in-browser', hash: 'email-settings/incoming/exchange/sign-in', fake: oauth, act: async (page) => { await page.getByRole('button', { name: 'The browser ended at' }).click() } },
  { name: 'sign-in-code', hash: 'email-settings/incoming/facility/sign-in', fake: oauth, act: (page) => page.getByLabel('Code', { exact: true }).waitFor() },
  { name: 'sign-in-done', hash: 'email-settings/incoming/facility/sign-in', fake: oauth, act: async (page) => { await page.getByLabel('Code', { exact: true }).waitFor(); await page.evaluate(() => { (Reflect.get(window, 'fakeSignedIn') as () => void)() }); await page.getByText('Signed in.').waitFor() } },
  { name: 'sign-in-cancelled', hash: 'email-settings/incoming/facility/sign-in', fake: oauth, act: async (page) => { await page.getByLabel('Code', { exact: true }).waitFor(); await button(page, 'Cancel sign-in').click(); await page.getByText('was cancelled').waitFor() } },
  { name: 'set-up-address', hash: 'email-settings/set-up' },
  { name: 'set-up-nothing', hash: 'email-settings/set-up', act: async (page) => { await page.getByLabel('E-mail address').fill('it@unknown.example'); await page.keyboard.press('Enter'); await page.getByText('No settings were found').waitFor() } },
  { name: 'set-up-password', hash: 'email-settings/set-up', act: (page) => find(page, 'desk@example.com') },
  { name: 'set-up-unconfirmed', hash: 'email-settings/set-up', act: async (page) => { await find(page, 'desk@example.com'); await page.getByRole('radio').last().click(); await button(page, 'Save and test').click() } },
  { name: 'set-up-oauth', hash: 'email-settings/set-up', act: (page) => find(page, 'desk@contoso.example') },
  { name: 'set-up-offline', hash: 'email-settings/set-up', act: async (page) => { await page.getByLabel(/Offline/).click(); await find(page, 'desk@contoso.example') } },
  { name: 'set-up-done', hash: 'email-settings/set-up', act: async (page) => { await find(page, 'desk@example.com'); await page.getByLabel('Password', { exact: true }).fill('secret'); await button(page, 'Save and test').click(); await button(page, 'Start fetching').waitFor() } },
  { name: 'set-up-sign-in', hash: 'email-settings/set-up', act: async (page) => { await find(page, 'desk@contoso.example'); await page.getByLabel('Client id').fill('7f1c2a90'); await button(page, 'Save and test').click(); await page.getByRole('dialog', { name: /Sign in/ }).waitFor(); await page.getByRole('link', { name: 'Open the sign-in page' }).waitFor() } },
  { name: 'graph-twin', hash: 'email-settings', fake: oauth, act: async (page) => { await button(page, 'What to do').click(); await button(page, 'Move to Graph: exchange').click(); await page.getByRole('dialog').waitFor() } },
  { name: 'test-graph', hash: 'email-settings/incoming/cloud/test', fake: oauth, act: (page) => page.getByRole('status').filter({ hasText: 'all steps passed' }).waitFor() },
  { name: 'round-trip', hash: 'email-settings/incoming/it/test', act: async (page) => { await page.getByRole('status').filter({ hasText: 'all steps passed' }).waitFor(); await page.getByRole('button', { name: 'Send', exact: true }).click(); await page.getByText('found after').waitFor() } },
  { name: 'round-trip-lost', hash: 'email-settings/incoming/it/test', act: async (page) => { await page.getByRole('status').filter({ hasText: 'all steps passed' }).waitFor(); await choose(page, /Send a probe/, 'reserve'); await page.getByRole('button', { name: 'Send', exact: true }).click(); await page.getByText('did not arrive').waitFor() } },
  { name: 'expiries', hash: 'expiries' },
  { name: 'expiries-empty', hash: 'expiries', fake: 'empty' },
  { name: 'configuration-secrets', hash: 'configuration', fake: oauth }
]
