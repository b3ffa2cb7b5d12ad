import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const reconcile = async (page: Page, server: string): Promise<void> => {
  await page.getByRole('button', { name: 'Reconcile' }).click()
  await page.getByRole('menuitem', { name: server, exact: true }).click()
}

/** The ledger, and what a reconciliation finds. */
export const ledgerScreens: readonly Screen[] = [
  { name: 'ledger', hash: 'ledger' },
  { name: 'ledger-empty', hash: 'ledger', fake: 'empty' },
  { name: 'ledger-found', hash: 'ledger?server=hr', act: async (page) => { await page.getByLabel('Search subject, sender, number').fill('prize'); await page.getByRole('grid', { name: 'Ledger' }).getByText('New laptop').first().waitFor({ state: 'hidden' }) } },
  { name: 'ledger-running', hash: 'ledger', fake: 'slow', act: async (page) => { await reconcile(page, 'it'); await page.getByText('Reconciling it').waitFor() } },
  { name: 'ledger-nothing-lost', hash: 'ledger/reconcile?server=it', act: (page) => page.getByText('it: Nothing lost').waitFor() },
  { name: 'ledger-differs', hash: 'ledger', act: async (page) => { await reconcile(page, 'hr'); await page.getByText('hr: Server and ledger differ').waitFor() } },
  { name: 'ledger-differs-support', hash: 'ledger', fake: 'support', act: async (page) => { await reconcile(page, 'hr'); await page.getByText('hr: Server and ledger differ').waitFor() } },
  { name: 'ledger-all', hash: 'ledger', act: async (page) => { await reconcile(page, 'All servers'); await page.getByText('sales: Could not be compared').waitFor() } }
]
