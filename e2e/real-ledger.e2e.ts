import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright'
import { officeAddress, officeMail, officeMissing, openOfficeConsole, type OfficeConsole } from './office-console.ts'

const missing = officeMissing()
const mail = (subject: string): string => officeMail('Ann <ann@example.com>', subject, 'Help')

describe('the ledger, on the real core and a real server', { skip: missing ?? false, timeout: 120_000 }, () => {
  let console: OfficeConsole
  let page: Page
  before(async () => {
    console = await openOfficeConsole()
    page = console.page
  })
  after(() => console?.close())
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const ledger = () => page.getByRole('grid', { name: 'Ledger' })

  test('mail that was read elsewhere is found, taken, becomes a request, and nothing is lost', async () => {
    await console.fetchFromOffice()
    // A server tells times in whole seconds.
    await sleep(1_100)
    console.world.dovecot.deliver(officeAddress, mail('Read elsewhere'), { flags: 'S' })
    console.world.dovecot.deliver(officeAddress, mail('Usual mail'))
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
