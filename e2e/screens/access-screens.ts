import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()

/** History with versions and proof, access, and a locked window. */
export const accessScreens: readonly Screen[] = [
  { name: 'history', hash: 'history' },
  { name: 'history-empty', hash: 'history', fake: 'empty' },
  { name: 'history-filtered', hash: 'history', act: async (page) => { await page.getByLabel('Search fields, values, reasons').fill('ticket'); await page.getByText('Show everything').waitFor() } },
  { name: 'history-verified', hash: 'history', act: async (page) => { await button(page, 'Verify').click(); await page.getByText(/Intact/).waitFor() } },
  { name: 'history-broken', hash: 'history', fake: 'broken', act: async (page) => { await button(page, 'Verify').click(); await page.getByText(/from entry 871/).waitFor() } },
  { name: 'history-version', hash: 'history', act: async (page) => { await button(page, 'Version 4 of hr').click(); await page.getByText('Inbox/Helpdesk').waitFor() } },
  { name: 'history-version-running', hash: 'history', act: async (page) => { await button(page, 'Version 5 of it').click(); await page.getByText('Inbox/Helpdesk').waitFor() } },
  { name: 'history-version-gone', hash: 'history', act: async (page) => { await button(page, 'Version 3 of HR').click(); await page.getByText('not there any more').waitFor() } },
  { name: 'history-version-locked', hash: 'history', fake: 'locked', act: async (page) => { await button(page, 'Version 4 of hr').click(); await page.getByText('Inbox/Helpdesk').waitFor() } },
  { name: 'access', hash: 'access' },
  { name: 'access-empty', hash: 'access', fake: 'no-pin' },
  { name: 'access-open', hash: 'access', fake: 'pin-open' },
  { name: 'access-locked', hash: 'access', fake: 'locked' },
  { name: 'access-pin', hash: 'access', fake: 'no-pin', act: async (page) => { await button(page, 'Set a PIN').click(); await page.getByLabel('New PIN').fill('12'); await page.getByRole('dialog').getByRole('button', { name: 'Set the PIN' }).click(); await page.getByText('at least 4 characters').waitFor() } },
  { name: 'access-token', hash: 'access', act: async (page) => { await button(page, 'Add a token').click(); await page.getByLabel('Name').fill('Bob'); await button(page, 'Make the token').click(); await page.getByText('shown this one time').waitFor() } },
  { name: 'unlock', hash: 'email-settings', fake: 'locked', act: async (page) => { await button(page, 'Support — locked').click(); await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click(); await page.getByLabel('PIN', { exact: true }).fill('0000'); await page.keyboard.press('Enter'); await page.getByText('not the PIN').waitFor() } },
  { name: 'settings-locked', hash: 'settings', fake: 'locked' }
]
