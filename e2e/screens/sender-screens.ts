import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const enter = async (page: Page, address: string): Promise<void> => {
  await page.getByRole('grid', { name: 'Sender addresses' }).getByText(address).click()
  await button(page, 'Enter the code').click()
  await page.getByRole('dialog').waitFor()
}

/** Verified senders: the list, adding one, its code. */
export const senderScreens: readonly Screen[] = [
  { name: 'senders', hash: 'senders', act: async (page) => { await page.getByText('hr@example.com').click() } },
  { name: 'senders-empty', hash: 'senders', fake: 'empty' },
  { name: 'senders-support', hash: 'senders', fake: 'support' },
  { name: 'senders-add', hash: 'senders', act: async (page) => { await button(page, 'Add').click(); await page.getByRole('dialog').getByLabel('Address', { exact: true }).fill('nobody'); await button(page, 'Add and send the code').click(); await page.getByText('Enter one address').waitFor() } },
  { name: 'senders-code', hash: 'senders', act: async (page) => { await enter(page, 'hr@example.com'); await page.getByLabel('Code').fill('99999999'); await button(page, 'Verify').click(); await page.getByText('That is not the code.').waitFor() } },
  { name: 'senders-code-waits', hash: 'senders', act: (page) => enter(page, 'alerts@example.com') },
  { name: 'senders-code-over', hash: 'senders', act: (page) => enter(page, 'office@example.com') },
  { name: 'access-second-step', hash: 'access', act: async (page) => { await button(page, 'Add a token').click(); await page.getByLabel('Name').fill('Bob'); await page.getByLabel('Second factor').fill('bob@example.com'); await button(page, 'Make the token').click(); await page.getByText('shown this one time').waitFor() } }
]
