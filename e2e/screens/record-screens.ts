import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text }).first()
const open = async (page: Page, text: string): Promise<void> => {
  await row(page, text).click()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
}
const csv = (text: string, encoding: BufferEncoding = 'utf8') => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text, encoding) })
const picked = (page: Page, file: ReturnType<typeof csv>) => page.locator('input[aria-label="CSV file"]').setInputFiles(file)
const importing = async (page: Page, file: ReturnType<typeof csv>): Promise<void> => {
  await button(page, 'Import…').click()
  await picked(page, file)
  await page.getByRole('dialog').getByText(/This would happen|Nothing of this file/).waitFor()
}

/** People, request templates, partitions, the server's requests, native mail, hand-over, a request's values and history. */
export const recordScreens: readonly Screen[] = [
  { name: 'people', hash: 'people', act: async (page) => { await page.getByLabel('Choose Joy Okafor').check(); await page.getByLabel('Choose Lucas Martin').check() } },
  { name: 'people-empty', hash: 'people', fake: 'empty' },
  { name: 'people-support', hash: 'people', fake: 'support' },
  { name: 'people-found', hash: 'people?query=novak' },
  { name: 'person', hash: 'people', act: (page) => open(page, 'Tomas Novak') },
  { name: 'person-new', hash: 'people', act: async (page) => { await button(page, 'Add').click(); await button(page, /^Save$/).click(); await page.getByText('Enter one address').waitFor() } },
  { name: 'people-import', hash: 'people', act: (page) => button(page, 'Import…').click() },
  { name: 'people-import-preview', hash: 'people', act: (page) => importing(page, csv('name,address\nAnn,ann@example.com\nBob,bob\nJoy,joy@example.com\n')) },
  { name: 'people-import-encoding', hash: 'people', act: (page) => importing(page, csv('name,address\nJörg,joerg@example.com\n', 'latin1')) },
  { name: 'people-import-refused', hash: 'people', act: (page) => importing(page, csv('name;mail\n')) },
  { name: 'storage', hash: 'storage' },
  { name: 'storage-empty', hash: 'storage', fake: 'empty' },
  { name: 'storage-support', hash: 'storage', fake: 'support' },
  { name: 'storage-clean-up', hash: 'storage', act: async (page) => { await page.getByLabel('Texts', { exact: true }).fill('365'); await button(page, 'Clean up now…').click(); await page.getByRole('dialog').waitFor() } },
  { name: 'templates', hash: 'templates', act: (page) => row(page, 'Hardware').click() },
  { name: 'templates-empty', hash: 'templates', fake: 'empty' },
  { name: 'template-values', hash: 'templates', act: (page) => open(page, 'Hardware') },
  { name: 'template-fields', hash: 'templates', act: async (page) => { await open(page, 'Hardware'); await page.getByRole('tab', { name: 'E-mail command' }).click() } },
  { name: 'template-resources', hash: 'templates', act: async (page) => { await open(page, 'Hardware'); await page.getByRole('tab', { name: 'Resources' }).click() } },
  { name: 'template-support', hash: 'templates', fake: 'support', act: (page) => open(page, 'Personnel') },
  { name: 'partition-matrix', hash: 'partitions', act: (page) => open(page, '3 × 3') },
  { name: 'partition-usual', hash: 'partitions', act: async (page) => { await open(page, 'HR'); await button(page, 'Fill with the usual 3×3').click() } },
  { name: 'incoming-requests', hash: 'email-settings/incoming/hr/open', act: async (page) => { await page.getByLabel('Use linked analyst').check(); await button(page, /^Senders/).click(); await page.getByRole('combobox', { name: /Sender check/ }).click(); await page.getByRole('option', { name: /Drop the message/ }).click(); await page.getByLabel('Default logging analyst').scrollIntoViewIfNeeded() } },
  { name: 'native-mail', hash: 'native-mail' },
  { name: 'native-mail-configured', hash: 'native-mail', fake: 'native' },
  { name: 'native-mail-failed', hash: 'native-mail', fake: 'native,native-failed' },
  { name: 'native-mail-support', hash: 'native-mail', fake: 'support' },
  { name: 'native-mail-activate', hash: 'native-mail', act: async (page) => { await button(page, 'Switch and configure').click(); await button(page, /^Activate$/).click(); await page.getByText('Enter the name under which').waitFor() } },
  { name: 'native-mail-finish', hash: 'native-mail', fake: 'native', act: async (page) => { await button(page, 'Send a test mail').click(); await button(page, 'Finish configuration').scrollIntoViewIfNeeded() } },
  { name: 'native-mail-forwarding', hash: 'native-mail', fake: 'native', act: async (page) => { await page.getByRole('tab', { name: /Microsoft/ }).click(); await button(page, /^Sources/).click(); await page.getByRole('tabpanel').scrollIntoViewIfNeeded() } },
  { name: 'hand-over', hash: 'hand-over', act: (page) => page.getByRole('grid', { name: 'Hand-over queue' }).getByRole('row').filter({ hasText: 'central desk refused' }).first().click() },
  { name: 'hand-over-empty', hash: 'hand-over', fake: 'empty' },
  { name: 'hand-over-target', hash: 'hand-over', act: async (page) => { await open(page, 'audit log'); await button(page, 'Make a new secret').click(); await button(page, /^Test$/).click(); await page.getByText('Answered 200').waitFor() } },
  { name: 'hand-over-new', hash: 'hand-over', act: async (page) => { await button(page, 'Add').click(); await page.getByLabel('URL', { exact: true }).fill('http://wrong'); await button(page, /^Save$/).click(); await page.getByText('Correct the marked fields.').waitFor() } },
  { name: 'request-values', hash: 'requests/1200', act: (page) => button(page, /values/).click() },
  { name: 'request-history', hash: 'requests/1200', act: async (page) => { await page.getByRole('tab', { name: /History/ }).click(); await button(page, /The mail that commanded it/).click() } }
]
