import { test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, on } = servedBrowser()
const options = { skip, timeout: 60_000 }
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
const grid = (page: Page, name: string) => page.getByRole('grid', { name, exact: true })
const row = (page: Page, table: string, text: string) => grid(page, table).getByRole('row').filter({ hasText: text })
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })
const choose = async (page: Page, label: RegExp, option: string | RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}
const openRow = async (page: Page, table: string, text: string): Promise<void> => {
  await row(page, table, text).first().focus()
  await page.keyboard.press('Enter')
}

test('people: found, changed by keyboard, and a doubled address is told at its field', options, () =>
  on('people', '', async (page) => {
    await page.getByLabel('Search name or address').fill('novak')
    await page.getByText('1–1 of 1').waitFor()
    await openRow(page, 'People', 'Tomas Novak')
    await dialog(page, 'Person – Tomas Novak').getByLabel('Address', { exact: true }).fill('ann.meyer@example.com')
    await page.keyboard.press('Enter')
    await page.getByText('There is a person with that address already.').waitFor()
    await page.getByLabel('Address', { exact: true }).fill('t.novak@example.com')
    await page.getByLabel('Close requests').uncheck()
    await page.keyboard.press('Enter')
    await dialog(page, /Person/).waitFor({ state: 'hidden' })
    await row(page, 'People', 't.novak@example.com').getByText('add, edit, pick up').waitFor()
  }))

test('people: what was typed is not lost without a question', options, () =>
  on('people', '', async (page) => {
    await button(page, 'Add').click()
    await page.getByLabel('Name', { exact: true }).fill('Somebody')
    await page.keyboard.press('Escape')
    await dialog(page, 'Discard changes').getByRole('button', { name: 'Keep editing' }).click()
    await expectSoon(page.getByLabel('Name', { exact: true })).toHaveValue('Somebody')
    await page.keyboard.press('Escape')
    await button(page, 'Discard').click()
    await dialog(page, 'Add person').waitFor({ state: 'hidden' })
  }))

test('people: several are chosen over pages and deleted together, and the question names them', options, () =>
  on('people', '', async (page) => {
    await page.getByLabel('Choose Joy Okafor').check()
    await button(page, 'Next').click()
    await page.getByText('101–200 of 240').waitFor()
    await page.getByLabel('Choose Employee 101').check()
    await button(page, 'Delete 2').click()
    await dialog(page, 'Delete 2 people').getByText('Joy Okafor <j.okafor@example.com>').waitFor()
    await dialog(page, 'Delete 2 people').getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('2 people deleted.').waitFor()
    await page.getByText('of 238').waitFor()
  }))

const file = (text: string, encoding: BufferEncoding = 'utf8') => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text, encoding) })
const pick = (page: Page, csv: ReturnType<typeof file>) => page.locator('input[aria-label="CSV file"]').setInputFiles(csv)

test('people: an import is looked at first; a line that is wrong is named; then it runs', options, () =>
  on('people', '', async (page) => {
    await button(page, 'Import…').click()
    await pick(page, file('name,address\nAnn,ann@example.com\nBob,bob\nJoy,joy@example.com\n'))
    await page.getByText('This would happen').waitFor()
    await expectSoon(page.getByLabel('Encoding of the file')).toHaveCount(0)
    await expectSoon(page.getByRole('region', { name: 'Lines that are left out' })).toContainText(/3\s+address\s+Enter one address/, { useInnerText: true })
    await button(page, 'Import 3 people').click()
    await page.getByText('Imported', { exact: true }).waitFor()
  }))

test('people: an import can be cancelled and done again', options, () =>
  on('people', 'slow', async (page) => {
    await button(page, 'Import…').click()
    await pick(page, file('name,address\nAnn,ann@example.com\n'))
    await button(page, 'Import 2 people').click()
    await page.getByText('Importing people').waitFor()
    await dialog(page, 'Import people').getByRole('status').getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Cancelled. What was imported before is kept').waitFor()
    await expectSoon(button(page, 'Import 2 people')).toBeEnabled()
  }))

test('people: an encoding is asked for only where the file does not tell it', options, () =>
  on('people', '', async (page) => {
    await button(page, 'Import…').click()
    await pick(page, file('name,address\nJ\u00f6rg,joerg@example.com\n', 'latin1'))
    await page.getByRole('region', { name: 'First lines of the file' }).getByText('Jörg').waitFor()
    await choose(page, /Encoding of the file/, /Cyrillic/)
    await page.getByRole('region', { name: 'First lines of the file' }).getByText('Jцrg').waitFor()
    await pick(page, file('name;mail\n'))
    await page.getByText('Nothing of this file can be imported.').waitFor()
    await expectSoon(button(page, 'Import')).toBeDisabled()
  }))

test('request templates: a field of one’s own keeps its tick when it is renamed, and a fault shows its tab', options, () =>
  on('templates', '', async (page) => {
    await openRow(page, 'Request templates', 'Hardware')
    const shown = dialog(page, 'Request template – Hardware')
    await shown.getByRole('tab', { name: 'E-mail command' }).click()
    await shown.getByLabel('Additional field 1').fill('Cost unit')
    await expectSoon(shown.getByLabel('Cost unit by technicians')).toBeChecked()
    await shown.getByLabel('Priority by requesters').check()
    await shown.getByRole('tab', { name: 'Resources' }).click()
    await shown.getByLabel('Key').first().fill('1 wrong')
    await shown.getByRole('tab', { name: 'Values' }).click()
    await shown.getByRole('button', { name: 'Save' }).click()
    await shown.getByText('Letters, digits and underscores').waitFor()
    await shown.getByLabel('Key').first().fill('res_5')
    await shown.getByRole('button', { name: 'Save' }).click()
    await shown.waitFor({ state: 'hidden' })
    await openRow(page, 'Request templates', 'Hardware')
    await page.getByRole('tab', { name: 'E-mail command' }).click()
    await expectSoon(page.getByLabel('Cost unit by technicians')).toBeChecked()
    await expectSoon(page.getByLabel('Priority by requesters')).toBeChecked()
  }))

test('request templates: a name that is taken is told, also in other letters', options, () =>
  on('templates', '', async (page) => {
    await button(page, 'Add').click()
    await page.getByLabel('Name', { exact: true }).fill('HARDWARE')
    await page.keyboard.press('Enter')
    await page.getByText('There is a template of that name already.').waitFor()
  }))

test('partitions: the usual matrix, one pair without priority, and a renamed priority keeps its pairs', options, () =>
  on('partitions', '', async (page) => {
    await openRow(page, 'Partitions', 'HR')
    await button(page, 'Fill with the usual 3×3').click()
    await page.getByText('Every pair has a priority.').waitFor()
    await choose(page, /impact Low and urgency Low/, 'none')
    await page.getByText('1 pair of 9 has no priority: such a request gets none.').waitFor()
    await page.getByLabel('Priority 1', { exact: true }).fill('P1')
    await page.getByRole('combobox', { name: 'Priority for impact High and urgency High: P1' }).waitFor()
    await page.getByLabel('Urgency 2', { exact: true }).fill('high')
    await button(page, 'Save').click()
    await page.getByText('This name is given twice.').waitFor()
    await page.getByLabel('Urgency 2', { exact: true }).fill('Soon')
    await button(page, 'Save').click()
    await row(page, 'Partitions', 'HR').getByText('3 × 3, 5 priorities').waitFor()
    await openRow(page, 'Partitions', 'HR')
    await page.getByRole('combobox', { name: 'Priority for impact High and urgency Soon: High' }).waitFor()
    await page.getByRole('combobox', { name: 'Priority for impact Low and urgency Low: none' }).waitFor()
  }))

test('an incoming server: template, logging analyst and sender check, with what they mean', options, () =>
  on('email-settings/incoming/hr/open', '', async (page) => {
    const consequences = page.getByRole('complementary', { name: 'Consequences' })
    await choose(page, /Request template/, 'Personnel')
    await page.getByLabel('Use linked analyst').check()
    await page.getByLabel('Default logging analyst').fill('nobody')
    await button(page, /^Senders/).click()
    await choose(page, /Sender check/, /Drop the message/)
    await page.getByText('Dropped mail is not kept by Mailroom.').waitFor()
    await page.getByLabel('Mailboxes that forward here').fill('old@example.com')
    for (const words of ['They begin with the values of Personnel.', 'Mail of an analyst is logged by that analyst, other mail by nobody.', 'Mail whose sender is doubtful is dropped and not kept.', 'What old@example.com forwards belongs to its original sender.']) await consequences.getByText(words).waitFor()
    await button(page, 'Save').click()
    await page.getByText('Enter one address, such as it@example.com.').waitFor()
    await page.getByLabel('Default logging analyst').fill('tomas.novak@example.com')
    await button(page, 'Save').click()
    await page.getByText('The connection works.').waitFor()
  }))

test('native mail: activated, tested, finished, deactivated', options, () =>
  on('native-mail', '', async (page) => {
    await button(page, 'Switch and configure').click()
    await button(page, 'Activate').last().click()
    await page.getByText('Enter the name under which mail servers reach this computer.').waitFor()
    await page.getByLabel('Name of this mail server').fill('desk.example.com')
    await page.getByLabel('Port', { exact: true }).fill('25000')
    await page.keyboard.press('Enter')
    await dialog(page, 'Activate native mail').getByText(/Mail cannot be received at/).waitFor()
    await page.getByLabel('Port', { exact: true }).fill('25')
    await page.keyboard.press('Enter')
    await dialog(page, 'Activate native mail').waitFor({ state: 'hidden' })
    await page.getByText('Receiving mail').waitFor()
    await page.getByRole('tabpanel').getByText('desk-7f3k@desk.example.com under “Map to address”').waitFor()
    await choose(page, /Sent through/, /reserve/)
    await button(page, 'Send a test mail').click()
    await page.getByText(/The test mail did not arrive/).waitFor()
    await choose(page, /Sent through/, /main/)
    await button(page, 'Send a test mail').click()
    await page.getByText('It arrived after 640 ms, over 3 servers.').waitFor()
    await page.getByLabel('sales stops fetching').uncheck()
    await button(page, 'Finish configuration').click()
    const question = dialog(page, 'Finish configuration')
    await question.getByText('it – it@example.com, helpdesk@example.com').waitFor()
    await expectSoon(question.getByText('sales')).toHaveCount(0)
    await question.getByRole('button', { name: 'Finish', exact: true }).click()
    await page.getByText('Still fetching: sales.').waitFor()
    await button(page, 'Deactivate').click()
    await dialog(page, 'Deactivate native mail').getByText(/desk-7f3k@desk.example.com is not received any more/).waitFor()
    await dialog(page, 'Deactivate native mail').getByRole('button', { name: 'Deactivate' }).click()
    await page.getByText('Not active').waitFor()
  }))

test('hand-over: a help desk needs its secret before it is started, and never shows it again', options, () =>
  on('hand-over', 'empty', async (page) => {
    await button(page, 'Add').click()
    await page.getByLabel('Name', { exact: true }).fill('central desk')
    await page.getByLabel('URL', { exact: true }).fill('https://hooks.example.com/in')
    await button(page, 'Save').click()
    await page.getByText('Enter the signing secret, or save it stopped.').waitFor()
    await button(page, 'Make a new secret').click()
    await expectSoon(page.getByLabel('Signing secret', { exact: true })).toHaveValue(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await button(page, 'Test').click()
    await page.getByText('Answered 200 after 84 ms.').waitFor()
    await button(page, 'Save').click()
    await row(page, 'Help desks', 'central desk').getByText('Up to date').waitFor()
    await openRow(page, 'Help desks', 'central desk')
    await expectSoon(page.getByLabel('Signing secret', { exact: true })).toHaveValue('')
    await page.getByText('Stored; it is never shown again.').waitFor()
    await page.getByLabel('URL', { exact: true }).fill('https://wrong.example.com/in')
    await button(page, 'Test').click()
    await page.getByText('signature does not match').waitFor()
  }))

test('hand-over: the reason of a refusal stands below, one is tried again, then all', options, () =>
  on('hand-over', '', async (page) => {
    await row(page, 'Hand-over queue', 'central desk refused').click()
    await page.getByText('Look at its answer under Details').waitFor()
    await page.getByRole('region', { name: 'Queue' }).getByRole('button', { name: 'Try again', exact: true }).click()
    await page.getByText('1 event is tried again now.').waitFor()
    await page.getByText('3 waiting, 0 refused').waitFor()
    await choose(page, /State/, 'Waiting')
    await expectSoon(grid(page, 'Hand-over queue').getByRole('row')).toHaveCount(4)
    await button(page, 'Try all again').click()
    await page.getByText('0 waiting, 0 refused').waitFor()
    await page.getByText('Nothing fits').waitFor()
  }))

test('hand-over: renaming a help desk says what is dropped with its old name', options, () =>
  on('hand-over', '', async (page) => {
    await openRow(page, 'Help desks', 'audit log')
    await page.getByLabel('Name', { exact: true }).fill('ledger')
    await page.getByText('Secrets are kept by name').waitFor()
    await page.getByLabel('Signing secret', { exact: true }).fill('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    await button(page, 'Save').click()
    await dialog(page, 'Call audit log ledger').getByText('3 events that wait for audit log will not be handed over').waitFor()
    await button(page, 'Rename').click()
    await row(page, 'Help desks', 'ledger').waitFor()
  }))

test('a request: its values in words, who changed what by which mail, and the way to the person', options, () =>
  on('requests/1200', '', async (page) => {
    await button(page, /values/).click()
    await page.getByText('Laptop: Accessories').waitFor()
    for (const mark of ['S/MIME signed; the signature was not checked.', '23 Nov 2026 09:30 – 10:00, Room 3.17', 'A report on mail that we sent.']) await page.getByText(mark).waitFor()
    await expectSoon(page.getByText('$Priority=High$')).toHaveCount(0)
    await page.getByRole('tab', { name: 'History 2' }).click()
    await page.getByRole('tabpanel').getByText('4711').waitFor()
    await button(page, /The mail that commanded it/).click()
    await page.getByText('$Priority=High$').waitFor()
    await page.getByRole('link', { name: 'ann.meyer@example.com' }).click()
    await page.getByText('1–1 of 1').waitFor()
    await row(page, 'People', 'Ann Meyer').waitFor()
  }))

test('support looks at everything and changes nothing', options, async () => {
  await on('people', 'support', async (page) => {
    for (const name of ['Add', 'Import…', 'Delete']) await expectSoon(button(page, name)).toBeDisabled()
    await openRow(page, 'People', 'Ann Meyer')
    await page.getByRole('dialog').getByText('You look as support.').waitFor()
    await expectSoon(button(page, 'Save')).toHaveCount(0)
  })
  await on('partitions', 'support', async (page) => {
    await openRow(page, 'Partitions', '3 × 3')
    await expectSoon(page.getByLabel('Impact 1', { exact: true })).toBeDisabled()
    await expectSoon(button(page, 'Fill with the usual 3×3')).toHaveCount(0)
  })
  await on('native-mail', 'support,native', async (page) => {
    await page.getByText('Receiving mail').waitFor()
    for (const name of ['Deactivate', 'Change settings', 'Send a test mail']) await expectSoon(button(page, name)).toHaveCount(0)
  })
  await on('hand-over', 'support', async (page) => {
    await row(page, 'Hand-over queue', 'central desk refused').click()
    await expectSoon(page.getByRole('region', { name: 'Queue' }).getByRole('button', { name: 'Try again', exact: true })).toBeDisabled()
  })
})

test('history: a search is typed on while its first answer comes, and is empty again after all is shown', options, () =>
  on('history', '', async (page) => {
    const search = page.getByLabel('Search fields, values, reasons')
    await search.click()
    await page.keyboard.type('po')
    await button(page, 'Show everything').waitFor()
    await page.keyboard.type('rt')
    await expectSoon(search).toHaveValue('port')
    await button(page, 'Show everything').click()
    await expectSoon(search).toHaveValue('')
  }))

test('verified senders: a code that is typed while an earlier one is looked at stays', options, () =>
  on('senders', 'slow', async (page) => {
    await openRow(page, 'Sender addresses', 'hr@example.com')
    const field = dialog(page, 'Verify hr@example.com').getByLabel('Code', { exact: true })
    await field.fill('11111111')
    await button(page, 'Verify').click()
    await button(page, 'Looking…').waitFor()
    await field.fill('1234')
    await page.getByText('That is not the code').waitFor()
    await expectSoon(field).toHaveValue('1234')
    await field.fill('22222222')
    await button(page, 'Verify').click()
    await expectSoon(field, 'a refused code stands there still').toHaveValue('')
  }))

test('a request shows the mail that went out about it, also what was sent, with the way to the outbox', options, () =>
  on('requests/1114', '', async (page) => {
    await page.getByRole('tab', { name: 'Outgoing mail 2' }).click()
    const mails = page.getByRole('list', { name: 'Outgoing mail' }).getByRole('listitem')
    await mails.filter({ hasText: 'Waiting' }).getByText('did not take the mail for now').waitFor()
    await mails.filter({ hasText: 'Acknowledgement' }).getByText('Sent').waitFor()
    await mails.getByRole('link', { name: 'Received: request 1114' }).click()
    await page.getByRole('region', { name: 'Details of the mail' }).getByText('Went through').waitFor()
    await row(page, 'Outbox', 'Received: request 1114').waitFor()
  }))
