import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click()
const pick = (page: Page, label: string, text: string): Promise<void> => page.locator(`input[aria-label="${label}"]`).setInputFiles({ name: 'mailroom.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) })
const importing = async (page: Page, text: string): Promise<void> => {
  await pick(page, 'Configuration file', text)
  await page.getByText(/What mailroom.yaml would change|nothing was changed/).waitFor()
}

/** The configuration file, compared, imported and gone back from, and the backup of the data folder. */
export const configurationScreens: readonly Screen[] = [
  { name: 'configuration', hash: 'configuration' },
  { name: 'configuration-compare-empty', hash: 'configuration/compare', fake: 'empty' },
  { name: 'configuration-compare', hash: 'configuration/compare?earlier=2', act: async (page) => { await button(page, 'Next difference').click(); await page.getByText(/1 of \d/).waitFor() } },
  { name: 'configuration-compare-only', hash: 'configuration/compare?earlier=2', act: async (page) => { await page.getByLabel('Only differences').check(); await button(page, /differences in meaning/).click() } },
  { name: 'configuration-import-empty', hash: 'configuration/import' },
  { name: 'configuration-import', hash: 'configuration/import', act: (page) => importing(page, 'version: 1') },
  { name: 'configuration-import-replace', hash: 'configuration/import', act: async (page) => { await importing(page, 'version: 1'); await page.getByLabel('Also delete what is only here').check() } },
  { name: 'configuration-faults', hash: 'configuration/import', act: (page) => importing(page, 'hots: x') },
  { name: 'configuration-imported', hash: 'configuration/import', act: async (page) => { await importing(page, 'version: 1'); await button(page, /^Import \d/).click(); await button(page, 'Undo import').waitFor() } },
  { name: 'configuration-import-csv', hash: 'configuration/import', act: async (page) => { await page.locator('input[aria-label="Configuration file"]').setInputFiles({ name: 'servers.csv', mimeType: 'text/csv', buffer: Buffer.from('kind,name,protocol\nincoming,it,imap\n') }); await page.getByText(/What servers.csv would change/).waitFor() } },
  { name: 'configuration-support', hash: 'configuration/import', fake: 'support', act: (page) => importing(page, 'version: 1') },
  { name: 'configuration-earlier', hash: 'configuration/earlier', act: (page) => page.getByRole('row').filter({ hasText: 'customer.yaml' }).click() },
  { name: 'configuration-earlier-empty', hash: 'configuration/earlier', fake: 'empty' },
  { name: 'configuration-backup', hash: 'configuration', act: async (page) => { await tab(page, 'Backup'); await page.getByLabel('Passphrase', { exact: true }).fill('correct horse'); await page.getByLabel('Passphrase again').fill('correct h') } },
  { name: 'configuration-backup-running', hash: 'configuration/backup', fake: 'slow', act: async (page) => { await page.getByLabel('Passphrase', { exact: true }).fill('correct horse'); await page.getByLabel('Passphrase again').fill('correct horse'); await button(page, 'Download backup').click(); await button(page, 'Cancel').waitFor() } }
]
