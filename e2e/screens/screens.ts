import type { Page } from 'playwright'
import { accessScreens } from './access-screens.ts'
import { senderScreens } from './sender-screens.ts'
import { alertScreens } from './alert-screens.ts'
import { configurationScreens } from './configuration-screens.ts'
import { ledgerScreens } from './ledger-screens.ts'
import { mailScreens } from './mail-screens.ts'
import { outboxScreens } from './outbox-screens.ts'
import { recordScreens } from './record-screens.ts'
import { ruleScreens } from './rule-screens.ts'
import { signInScreens } from './sign-in-screens.ts'

/** One view of the console: where it is, what the stand-in core plays, and what is pressed before it is looked at. */
export type Screen = { name: string; hash: string; fake?: string; act?: (page: Page) => Promise<unknown> }

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text }).first()
const drawn = (page: Page) => page.locator('.MuiBarChart-element:not([height="0"])').first().waitFor()
const toPlots = (page: Page) => page.getByRole('group', { name: 'Period' }).evaluate((place) => place.scrollIntoView({ block: 'start' }))
const dialogStatus = (page: Page, text: RegExp) => page.getByRole('status').filter({ hasText: text }).first().waitFor()
const file = (name: string, bytes: number) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(bytes, 7) })

const tickIncoming = async (page: Page): Promise<void> => {
  for (const name of ['it', 'hr', 'sales']) await page.getByLabel(`Choose ${name}`, { exact: true }).check()
}

/** Every page and dialog. */
export const screens: readonly Screen[] = [
  ...signInScreens,
  ...ruleScreens,
  ...recordScreens,
  ...ledgerScreens,
  ...mailScreens,
  ...outboxScreens,
  { name: 'vault-new', hash: '', fake: 'vault-new', act: async (page) => { await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery'); await button(page, 'Create vault').click() } },
  { name: 'vault-locked', hash: '', fake: 'vault-locked', act: async (page) => { await page.getByLabel('Passphrase').fill('wrong'); await button(page, 'Unlock').click(); await page.getByText('does not open the vault').waitFor() } },
  { name: 'email-settings', hash: 'email-settings', act: (page) => row(page, 'it@example.com').click() },
  { name: 'email-settings-empty', hash: 'email-settings', fake: 'empty' },
  { name: 'email-settings-support', hash: 'email-settings', fake: 'support' },
  { name: 'email-settings-fetching', hash: 'email-settings', fake: 'slow', act: async (page) => { await button(page, 'Fetch now').click(); await page.getByText('Fetching mail').waitFor() } },
  { name: 'email-settings-ticked', hash: 'email-settings', act: tickIncoming },
  { name: 'edit-many', hash: 'email-settings', act: async (page) => { await tickIncoming(page); await button(page, 'Edit 3 servers…').click(); for (const label of ['Fetch mail every', 'Stop after errors', 'Lowest TLS version']) await page.getByLabel(`Change: ${label}`).check() } },
  { name: 'edit-many-preview', hash: 'email-settings', act: async (page) => { await tickIncoming(page); await button(page, 'Edit 3 servers…').click(); await page.getByLabel('Change: Fetch mail every').check(); await page.getByLabel('Change: Stop after errors').check(); await button(page, 'Show what changes').click(); await page.getByText('What would change').waitFor() } },
  { name: 'edit-many-outgoing', hash: 'email-settings', act: async (page) => { for (const name of ['main', 'reserve']) await page.getByLabel(`Choose ${name}`, { exact: true }).check(); await button(page, 'Edit 2 servers…').click() } },
  { name: 'add-menu', hash: 'email-settings', act: (page) => page.getByRole('button', { name: 'Add' }).last().click() },
  { name: 'delete-server', hash: 'email-settings', act: async (page) => { await row(page, 'hr@example.com').click(); await page.keyboard.press('Delete'); await page.getByRole('dialog').waitFor() } },
  { name: 'incoming-running', hash: 'email-settings/incoming/it/open' },
  { name: 'incoming-edit', hash: 'email-settings/incoming/hr/open' },
  { name: 'incoming-draft', hash: 'email-settings/incoming/branch%20office/open', act: async (page) => { await page.getByRole('combobox', { name: /Security/ }).click(); await page.getByRole('option', { name: /None/ }).click() } },
  { name: 'incoming-advanced', hash: 'email-settings/incoming/hr/open', act: async (page) => { await page.getByRole('button', { name: /Advanced/ }).click(); await button(page, 'Look at the certificate').click(); await button(page, 'Pin this certificate').click(); await button(page, 'Pinned').scrollIntoViewIfNeeded() } },
  { name: 'incoming-new', hash: 'email-settings', act: async (page) => { await page.getByRole('button', { name: 'Add' }).last().click(); await page.getByRole('menuitem', { name: 'IMAP' }).click(); await button(page, /^Save$/).click(); await page.getByText(/fields to correct/).waitFor() } },
  { name: 'incoming-saved', hash: 'email-settings/incoming/hr/open', act: async (page) => { await button(page, /^Save$/).click(); await page.getByText('The connection works.').waitFor() } },
  { name: 'incoming-unsaved', hash: 'email-settings/incoming/hr/open', act: async (page) => { await page.getByLabel('User name', { exact: true }).fill('other'); await page.keyboard.press('Escape'); await page.getByText('Discard changes').waitFor() } },
  { name: 'test-incoming-running', hash: 'email-settings/incoming/it/test', fake: 'slow', act: (page) => page.getByText('TLSv1.3, CN=').waitFor() },
  { name: 'test-incoming-ok', hash: 'email-settings/incoming/it/test', act: (page) => dialogStatus(page, /all steps passed/) },
  { name: 'test-incoming-failed', hash: 'email-settings/incoming/sales/test', act: async (page) => { await dialogStatus(page, /failed at sign-in/); await button(page, 'Transcript').click(); await page.getByRole('button', { name: 'Details' }).click() } },
  { name: 'outgoing-edit', hash: 'email-settings/outgoing/reserve/open' },
  { name: 'outgoing-alternate', hash: 'email-settings/outgoing/reserve/open', act: (page) => page.getByRole('combobox', { name: /Embedded images/ }).scrollIntoViewIfNeeded() },
  { name: 'outgoing-sending', hash: 'email-settings/outgoing/reserve/open', act: async (page) => { await page.getByLabel('Sign mail with DKIM').check(); await page.getByLabel('Private key', { exact: true }).scrollIntoViewIfNeeded() } },
  { name: 'outgoing-other-server', hash: 'email-settings/outgoing/main/open', act: async (page) => { await page.getByLabel('Use an alternate when this server cannot be reached').check(); await page.getByLabel('Largest mail').fill('0.001'); await button(page, /^Save$/).click(); await page.getByText(/fields? to correct/).waitFor(); await page.getByLabel('Use an alternate when this server cannot be reached').scrollIntoViewIfNeeded() } },
  { name: 'outgoing-dkim', hash: 'email-settings/outgoing/main/open', act: async (page) => { await page.getByLabel('Sign mail with DKIM').check(); await page.getByLabel('Selector').fill('mailroom'); await page.getByText('mailroom._domainkey.example.com').scrollIntoViewIfNeeded() } },
  { name: 'test-outgoing', hash: 'email-settings/outgoing/reserve/test' },
  { name: 'test-outgoing-refused', hash: 'email-settings/outgoing/main/test', act: async (page) => { await page.getByLabel('To', { exact: true }).fill('nobody@example.com'); await button(page, 'Send a sample mail').click(); await page.getByText('550 5.1.1').waitFor() } },
  { name: 'test-outgoing-too-large', hash: 'email-settings/outgoing/reserve/test', act: async (page) => { await page.getByLabel('To', { exact: true }).fill('ann@example.com'); await page.getByLabel('Attachments').setInputFiles([file('notes.txt', 4_200), file('film of the fault.mp4', 30_000_000)]); await button(page, 'Send a sample mail').click(); await page.getByRole('alert').filter({ hasText: 'this server takes 25 MB' }).scrollIntoViewIfNeeded() } },
  { name: 'test-outgoing-own-html', hash: 'email-settings/outgoing/main/test', act: async (page) => { await page.getByLabel('To', { exact: true }).fill('ann@example.com'); await page.getByRole('combobox', { name: 'HTML' }).click(); await page.getByRole('option', { name: /As typed below/ }).click(); await button(page, 'Send a sample mail').click(); await page.getByText('Enter the HTML, or choose another.').scrollIntoViewIfNeeded() } },
  { name: 'palette', hash: 'email-settings', act: async (page) => { await page.keyboard.press('Control+k'); await page.getByRole('combobox', { name: 'Search or command' }).fill('test'); await page.getByRole('option', { name: /Test incoming mail/ }).first().waitFor() } },
  { name: 'bell', hash: 'email-settings', act: (page) => button(page, /^Notices/).click() },
  { name: 'role-menu', hash: 'email-settings', act: (page) => button(page, 'Administrator').click() },
  { name: 'dashboard', hash: 'status', act: drawn },
  { name: 'dashboard-plots', hash: 'dashboard', act: async (page) => { await drawn(page); await toPlots(page) } },
  { name: 'dashboard-month', hash: 'dashboard', act: async (page) => { await button(page, '30 days').click(); await drawn(page); await toPlots(page) } },
  { name: 'dashboard-table', hash: 'dashboard', act: async (page) => { await drawn(page); await button(page, 'Show as table: Mail per hour').click(); await button(page, 'Show as table: From sent to request').click(); await toPlots(page) } },
  { name: 'dashboard-servers', hash: 'dashboard', act: async (page) => { await drawn(page); await page.getByRole('table', { name: 'Mail by server' }).scrollIntoViewIfNeeded() } },
  { name: 'dashboard-empty', hash: 'dashboard', fake: 'empty' },
  { name: 'dashboard-empty-plots', hash: 'dashboard', fake: 'empty', act: (page) => toPlots(page) },
  { name: 'requests', hash: 'requests' },
  { name: 'requests-empty', hash: 'requests', fake: 'empty' },
  { name: 'requests-search', hash: 'requests', act: async (page) => { await page.getByLabel('Search subject, sender or number').fill('nothing of the kind'); await page.getByText('Nothing was found').waitFor() } },
  { name: 'request', hash: 'requests/1200', act: (page) => page.getByRole('button', { name: /Why it is here/ }).first().click() },
  { name: 'request-outgoing', hash: 'requests/1114', act: (page) => page.getByRole('tab', { name: /Outgoing mail/ }).click() },
  { name: 'request-outgoing-none', hash: 'requests/1000', act: (page) => page.getByRole('tab', { name: /Outgoing mail/ }).click() },
  { name: 'error-folder', hash: 'error-folder' },
  { name: 'error-folder-detail', hash: 'error-folder/3', act: (page) => page.getByRole('tab', { name: 'Headers' }).click() },
  { name: 'error-folder-record', hash: 'error-folder/2' },
  { name: 'error-folder-moved', hash: 'error-folder/2', act: async (page) => { await button(page, 'Move to inbox').click(); await page.getByRole('img', { name: 'Back in the inbox' }).waitFor(); await button(page, 'Back to the list').click() } },
  { name: 'error-folder-preview', hash: 'error-folder/1', act: (page) => page.getByRole('tab', { name: 'Preview' }).click() },
  { name: 'error-folder-many', hash: 'error-folder', fake: 'many', act: async (page) => { await page.getByLabel('Choose the 200 shown').check(); await page.getByRole('button', { name: 'Choose all 1 240 that fit' }).click(); await page.getByText('1 240 of 1 240 messages chosen').waitFor() } },
  { name: 'error-folder-edit', hash: 'error-folder/2', act: async (page) => { await page.getByRole('button', { name: 'Edit a copy…' }).click(); await page.getByText('The message has no sender.').waitFor() } },
  { name: 'error-folder-empty', hash: 'error-folder', fake: 'empty' },
  { name: 'error-folder-delete', hash: 'error-folder', act: async (page) => { await row(page, 'Invoice').focus(); await page.keyboard.press('Delete'); await page.getByRole('dialog').waitFor() } },
  { name: 'partitions', hash: 'partitions' },
  { name: 'partition-dialog', hash: 'partitions', act: (page) => button(page, 'Add').click() },
  ...alertScreens,
  ...accessScreens,
  ...senderScreens,
  ...configurationScreens
]
