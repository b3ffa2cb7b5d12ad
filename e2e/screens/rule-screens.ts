import type { Page } from 'playwright'
import type { Screen } from './screens.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text }).first()
const eml = (name: string, subject: string, text = 'To unsubscribe, click here.') => ({ name, mimeType: 'message/rfc822', buffer: Buffer.from(`From: offers@promo.example\r\nSubject: ${subject}\r\n\r\n${text}`) })
const pick = (page: Page, label: string, ...files: ReturnType<typeof eml>[]) => page.locator(`input[aria-label="${label}"]`).setInputFiles(files)
const openRule = async (page: Page, name: string): Promise<void> => {
  await row(page, name).dblclick()
  await page.getByRole('dialog').waitFor()
}
const choose = async (page: Page, label: string, option: string | RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}
const three = [eml('printer.eml', 'Printer on the 3rd floor shows error 59.F0'), eml('prize.eml', 'Win a prize today'), eml('scan.eml', 'Broken scan')]

/** Spam filter, e-mail command, conversations, attachments and answers, trying messages. */
export const ruleScreens: readonly Screen[] = [
  { name: 'spam-filter', hash: 'spam-filter', act: (page) => row(page, 'Newsletters').click() },
  { name: 'spam-filter-empty', hash: 'spam-filter', fake: 'empty' },
  { name: 'spam-filter-support', hash: 'spam-filter', fake: 'support' },
  { name: 'spam-rule', hash: 'spam-filter', act: (page) => openRule(page, 'Newsletters') },
  { name: 'spam-rule-support', hash: 'spam-filter', fake: 'support', act: (page) => openRule(page, 'Out of office') },
  { name: 'spam-rule-tried', hash: 'spam-filter', act: async (page) => { await openRule(page, 'Newsletters'); await pick(page, 'Message to try the rule on', eml('prize.eml', 'Win')); await page.getByText('The rule fits').waitFor() } },
  { name: 'spam-rule-size', hash: 'spam-filter', act: (page) => openRule(page, 'Huge mail') },
  { name: 'spam-rule-new-faults', hash: 'spam-filter', act: async (page) => { await button(page, 'Add').click(); await button(page, 'Add a criterion').click(); await choose(page, 'Look at Sender', /Header field/); await button(page, /^Save$/).click(); await page.getByText(/fields to correct/).waitFor() } },
  { name: 'spam-rule-pattern', hash: 'spam-filter', act: async (page) => { await openRule(page, 'Marked by'); await choose(page, 'Condition is', /matches/); await page.getByLabel('Expressions').fill('^\\[ad'); await page.keyboard.press('Enter'); await page.getByLabel('Expressions').fill('[oops'); await button(page, /^Save$/).click(); await page.getByText('missing closing').waitFor() } },
  { name: 'spam-rule-delete', hash: 'spam-filter', act: async (page) => { await row(page, 'Out of office').click(); await page.keyboard.press('Delete'); await page.getByRole('dialog').waitFor() } },
  { name: 'email-command', hash: 'email-command' },
  { name: 'email-command-support', hash: 'email-command', fake: 'support' },
  { name: 'email-command-tried', hash: 'email-command', act: async (page) => { await page.getByLabel('Carry out e-mail commands').check(); await button(page, /^Save$/).click(); await page.getByText('The settings were saved').waitFor(); await page.getByRole('tab', { name: 'Change' }).click(); await button(page, 'Put it in the try box').click(); await button(page, 'Try it').click(); await page.getByText('Request 123 is changed').first().waitFor(); await page.getByText('Request 123 is changed').first().scrollIntoViewIfNeeded() } },
  { name: 'email-command-fault', hash: 'email-command', act: async (page) => { await page.getByLabel('Delimiter', { exact: true }).fill('aa'); await button(page, /^Save$/).click(); await page.getByText('Use one special character').waitFor() } },
  { name: 'conversations', hash: 'conversations' },
  { name: 'conversations-unsaved', hash: 'conversations', act: (page) => page.getByLabel('Base delimiter').fill('##~') },
  { name: 'attachments', hash: 'attachments' },
  { name: 'attachments-limited', hash: 'attachments', act: async (page) => { await page.getByLabel('Extensions that are taken off').fill('exe, bat, .js'); await page.keyboard.press('Enter'); await page.getByLabel('Limit how much').check(); await page.getByLabel('Mails within an hour').scrollIntoViewIfNeeded() } },
  { name: 'try-message', hash: 'try-message' },
  { name: 'try-message-tried', hash: 'try-message', act: async (page) => { await pick(page, 'Message file', eml('printer.eml', 'Printer on the 3rd floor shows error 59.F0')); await page.getByText('It would become a new request.').waitFor() } },
  { name: 'try-message-several', hash: 'try-message', act: async (page) => { await pick(page, 'Message file', ...three); await row(page, 'scan.eml').waitFor() } },
  { name: 'try-message-compared', hash: 'try-message', act: async (page) => { await choose(page, 'As if fetched by', 'it'); await choose(page, 'Compare with', 'hr'); await pick(page, 'Message file', ...three); await row(page, 'scan.eml').waitFor(); await page.getByText('differences between').waitFor() } }
]
