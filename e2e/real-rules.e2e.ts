import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTransport } from 'nodemailer'
import type { Locator, Page } from 'playwright'
import { freePorts } from '../testbed/free-ports.ts'
import { expectSoon } from './expect-soon.ts'
import { officeAddress, officeMail, officeMissing, openOfficeConsole, type OfficeConsole } from './office-console.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

const missing = officeMissing()
const away = officeMail('Ann <ann@example.com>', 'Automatic reply: Your request', 'I am away until Monday.')

describe('rules, commands and native mail, on the real core and real servers', { skip: missing ?? false, timeout: 120_000 }, () => {
  let console: OfficeConsole
  let page: Page
  before(async () => {
    console = await openOfficeConsole()
    page = console.page
    await console.fetchFromOffice()
  })
  after(() => console?.close())

  const dialog = () => page.getByRole('dialog')
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const go = (name: string | RegExp) => page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name }).click()
  const row = (grid: string, text: string): Locator => page.getByRole('grid', { name: grid }).getByRole('row').filter({ hasText: text })

  test('a spam rule is tried on a message, drops what comes, and counts it; the message tells why it is no request', async () => {
    await go('Spam filter')
    await button('Add the first rule').click()
    await console.resetEffort()
    await typeWhereFocusIs(dialog().getByLabel('Name', { exact: true }), 'Automatic replies')
    await dialog().getByLabel('Values', { exact: true }).fill('automatic reply')
    await page.keyboard.press('Enter')
    await page.locator('input[aria-label="Message to try the rule on"]').setInputFiles({ name: 'away.eml', mimeType: 'message/rfc822', buffer: Buffer.from(away) })
    await dialog().getByText('The rule fits: it would be dropped.').waitFor()
    await button('Save').click()
    await dialog().waitFor({ state: 'hidden' })
    assert.deepEqual((await console.effort()).fields, ['Name', 'Values'])
    console.world.dovecot.deliver(officeAddress, away)
    await row('Spam rules', 'Automatic replies').getByText('1', { exact: true }).nth(1).waitFor()
    await page.getByText('1 message dropped so far').waitFor()
    await go('Outbox')
    await page.getByText('Nothing waits to be sent').waitFor()
    await console.picture('rules-1-counted')
    await go('Try a message')
    await page.locator('main input[type="file"]').setInputFiles({ name: 'away.eml', mimeType: 'message/rfc822', buffer: Buffer.from(away) })
    await page.getByText(/^This message came at .* and was dropped: The spam rule `Automatic replies` matches/).waitFor()
    await console.picture('rules-2-why')
  })

  test('a colleague who is allowed to closes a request by mail, and its history says who and by which mail', async () => {
    console.world.dovecot.deliver(officeAddress, officeMail('Ann <ann@example.com>', 'Phone lost', 'In a taxi.'))
    await go(/^Requests/)
    await row('Requests', 'Phone lost').waitFor()
    const number = (await row('Requests', 'Phone lost').getByRole('gridcell').first().innerText()).trim()
    await go('E-mail command')
    await page.getByLabel('Carry out e-mail commands').check()
    await button('Save').click()
    await page.getByText('The settings were saved.').waitFor()
    await go('People')
    await button('Add').click()
    await dialog().getByLabel('Name', { exact: true }).fill('Priya Nair')
    await dialog().getByLabel('Address', { exact: true }).fill('priya@office.test')
    await dialog().getByLabel(/^Analyst/).check()
    await dialog().getByLabel('Carry out e-mail commands of this person').check()
    await button('Save').click()
    await dialog().waitFor({ state: 'hidden' })
    console.world.dovecot.deliver(officeAddress, officeMail('Priya <priya@office.test>', '@@command@@ found', `$Operation=CloseRequest$\r\n$RequestID=${number}$\r\n$Resolution=It was found$`))
    await go(/^Requests/)
    await row('Requests', 'Phone lost').getByText('Closed').waitFor()
    await row('Requests', 'Phone lost').click()
    await page.getByRole('tab', { name: 'History 1' }).click()
    await page.getByText('It was found').first().waitFor()
    await page.getByText('priya@office.test').first().waitFor()
    await page.getByText('@@command@@ found').first().waitFor()
    await console.picture('rules-3-history')
  })

  test('mail by SMTP to the support address is a request at once; other addresses are refused', async () => {
    const [port] = await freePorts(1)
    assert.ok(port !== undefined)
    await go('Native mail')
    await button('Activate').click()
    await console.resetEffort()
    await typeWhereFocusIs(dialog().getByLabel('Name of this mail server'), 'mail.office.test')
    await dialog().getByLabel('Listen at').fill('127.0.0.1')
    await dialog().getByLabel('Port', { exact: true }).fill(String(port))
    await dialog().getByLabel('Left side of the support address').fill('support')
    await button('Activate').last().click()
    await dialog().waitFor({ state: 'hidden' })
    await page.getByText('Receiving mail').waitFor()
    assert.ok((await console.effort()).clicks <= 2)
    const smtp = createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
    try {
      await smtp.sendMail({ from: 'lars@example.org', to: 'support@mail.office.test', subject: 'Projector of room 4', text: 'It hums.' })
      await assert.rejects(smtp.sendMail({ from: 'lars@example.org', to: 'somebody@example.com', subject: 'Relay', text: 'No.' }), { responseCode: 550 })
    } finally {
      smtp.close()
    }
    await page.getByText(/^1 message, the last .* · 1 refused/).waitFor()
    await go(/^Requests/)
    await expectSoon(row('Requests', 'Projector of room 4')).toHaveCount(1)
    await console.picture('rules-4-native')
    await go('Native mail')
    await button('Deactivate').click()
    await dialog().getByRole('button', { name: 'Deactivate', exact: true }).click()
    await page.getByText('Not active').first().waitFor()
  })
})
