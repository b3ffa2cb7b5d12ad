import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text }).first()
const openMail = async (page: Page, name: string): Promise<void> => {
  await row(page, name).dblclick()
  await page.getByRole('dialog').getByRole('region', { name: 'Preview' }).locator('[data-preview="subject"]').waitFor()
}
const closed = 'Tell who asked'
const html = (page: Page) => page.getByRole('textbox', { name: 'HTML', exact: true })

/** Mail about requests that goes out by itself. */
export const mailScreens: readonly Screen[] = [
  { name: 'mail-templates', hash: 'mail-templates', act: (page) => row(page, closed).click() },
  { name: 'mail-templates-empty', hash: 'mail-templates', fake: 'empty' },
  { name: 'mail-templates-support', hash: 'mail-templates', fake: 'support' },
  { name: 'mail-template', hash: 'mail-templates', act: (page) => openMail(page, closed) },
  { name: 'mail-template-support', hash: 'mail-templates', fake: 'support', act: (page) => openMail(page, closed) },
  { name: 'mail-template-text', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await page.getByRole('tab', { name: 'Text' }).click(); await button(page, 'Make it from the HTML').waitFor() } },
  { name: 'mail-template-plain', hash: 'mail-templates', act: (page) => openMail(page, 'Replies to') },
  { name: 'mail-template-source', hash: 'mail-templates', act: (page) => openMail(page, 'Opened again') },
  { name: 'mail-template-placeholders', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await button(page, 'Insert a placeholder: HTML').click(); await page.getByRole('menuitem', { name: /senderName/ }).waitFor() } },
  { name: 'mail-template-picture', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await html(page).getByRole('img', { name: 'Logo' }).click(); await page.getByLabel('Description of the picture').waitFor() } },
  { name: 'mail-template-link', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await button(page, 'Link').click(); await page.getByLabel('Address of the link').fill('no address'); await button(page, 'Set link').click(); await page.getByText('Enter an address that begins').waitFor() } },
  { name: 'mail-template-table', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await html(page).click(); await button(page, 'Table').click(); await page.getByRole('menuitem', { name: 'Put a table in' }).click(); await html(page).locator('table').waitFor(); await button(page, 'Table').click(); await page.getByRole('menuitem', { name: 'Row below' }).waitFor() } },
  { name: 'mail-template-unknown', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await html(page).click(); await page.keyboard.press('Control+End'); await page.keyboard.type(' {{numbre}} {{whatever}}'); await page.getByText('The preview waits').waitFor() } },
  { name: 'mail-template-sample', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await page.getByLabel('Sample goes to').fill('ann@example.com'); await button(page, 'Send sample').click(); await page.getByText('The server took it').waitFor() } },
  { name: 'mail-template-sample-refused', hash: 'mail-templates', act: async (page) => { await openMail(page, closed); await page.getByLabel('Sample goes to').fill('nobody@example.com'); await button(page, 'Send sample').click(); await page.getByText('550 5.1.1').waitFor() } },
  { name: 'mail-template-new', hash: 'mail-templates', act: async (page) => { await button(page, 'Add').click(); await html(page).waitFor(); await button(page, /^Save$/).click(); await page.getByText('Correct the marked').waitFor() } },
  { name: 'mail-template-acknowledgement', hash: 'mail-templates', act: async (page) => { await button(page, 'Write your own').click(); await page.getByRole('textbox', { name: 'Text', exact: true }).waitFor(); await page.locator('[data-preview="subject"]').waitFor() } },
  { name: 'settings-categories', hash: 'settings', act: (page) => page.getByRole('group', { name: 'Second factor' }).scrollIntoViewIfNeeded() },
  { name: 'settings-sending', hash: 'settings', act: async (page) => { await page.getByLabel('Send only under verified').check(); await page.getByLabel('Keep what was sent').scrollIntoViewIfNeeded() } }
]
