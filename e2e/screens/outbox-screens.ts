import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const details = (page: Page) => page.getByRole('region', { name: 'Details of the mail' }).waitFor()

/** The outbox: states, one mail with its tries, what is asked before something is done, 10 000 that wait. */
export const outboxScreens: readonly Screen[] = [
  { name: 'outbox', hash: 'outbox' },
  { name: 'outbox-empty', hash: 'outbox', fake: 'empty' },
  { name: 'outbox-quiet', hash: 'outbox', fake: 'quiet' },
  { name: 'outbox-sent', hash: 'outbox?state=sent' },
  { name: 'outbox-support', hash: 'outbox/13', fake: 'support', act: details },
  { name: 'outbox-deferred', hash: 'outbox/14', act: details },
  { name: 'outbox-refused', hash: 'outbox/11?state=refused', act: details },
  { name: 'outbox-uncertain', hash: 'outbox/13', act: async (page) => { await details(page); await button(page, 'Send again').click(); await page.getByRole('dialog').waitFor() } },
  { name: 'outbox-cancel', hash: 'outbox', act: async (page) => { await page.getByLabel(/Choose all/).check(); await button(page, /^Take off the list$/).click(); await page.getByRole('dialog').waitFor() } },
  { name: 'outbox-many', hash: 'outbox', fake: 'many', act: async (page) => { await page.getByLabel(/Choose the 200 shown/).check(); await button(page, /Choose all 10/).waitFor() } }
]
