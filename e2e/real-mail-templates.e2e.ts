import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { samplePicture } from './fake-main/fake-mail-templates.ts'
import { expectSoon } from './expect-soon.ts'
import { officeAddress, officeMail, officeMissing, openOfficeConsole, type OfficeConsole } from './office-console.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

const missing = officeMissing()
const picture = Buffer.from(samplePicture.split(',')[1] ?? '', 'base64')

describe('mail about requests, on the real core and real servers', { skip: missing ?? false, timeout: 180_000 }, () => {
  let console: OfficeConsole
  let page: Page
  before(async () => {
    console = await openOfficeConsole()
    page = console.page
    await console.fetchFromOffice()
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Answers and notifications' }).click()
  })
  after(() => console?.close())

  const dialog = () => page.getByRole('dialog')
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const box = (name: string) => dialog().getByRole('textbox', { name, exact: true })
  const subjectOf = (raw: string): string => parseMessage(Buffer.from(raw)).content.subject
  const sentTo = (address: string, subject: RegExp) => console.world.sent.map(({ raw }) => raw).filter((raw) => new RegExp(`^To:.*${address.replaceAll('.', '\\.')}`, 'im').test(raw) && subject.test(subjectOf(raw)))
  const chooseHtml = async (): Promise<void> => {
    await page.getByRole('combobox', { name: 'Format' }).click()
    await page.getByRole('option', { name: /HTML/ }).click()
    await box('HTML').waitFor()
  }

  test('an acknowledgement is written with placeholders and a picture; a mail comes in, and the answer goes out with the picture in it', async () => {
    await page.getByLabel('Acknowledge new requests').check()
    await button('Save').click()
    await page.getByText('The settings were saved.').waitFor()
    await button('Write your own…').click()
    await chooseHtml()
    await box('HTML').focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Dear {{requester}}, your mail is request ')
    await button('Insert a placeholder: HTML').click()
    await page.getByRole('menuitem', { name: /^number/ }).click()
    await expectSoon(box('HTML')).toBeFocused()
    await page.keyboard.type('. {{numbre}}')
    await page.getByText('There is no placeholder {{numbre}}.').waitFor()
    await button('Save').last().click()
    await page.getByText('Correct the marked fields.').waitFor()
    await console.picture('mail-template-1-unknown')
    await button('Take {{numbre}} out').click()
    await page.locator('input[aria-label="Pictures to put in"]').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: picture })
    await box('HTML').getByRole('img', { name: 'logo' }).waitFor()
    const shown = page.frameLocator('iframe[title="Preview of the HTML"]')
    await shown.getByRole('img', { name: 'logo' }).waitFor()
    await shown.getByText(/Dear .+, your mail is request \d+\./).waitFor()
    await console.picture('mail-template-2-preview')
    await button('Save').last().click()
    await dialog().waitFor({ state: 'hidden' })
    console.world.dovecot.deliver(officeAddress, officeMail('Ann <ann@example.com>', 'Phone lost', 'In a taxi.'))
    await expectSoon.poll(() => sentTo('ann@example.com', /Received: Phone lost/).length, 'the answer has gone').toBe(1)
    const [raw = ''] = sentTo('ann@example.com', /Received: Phone lost/)
    const { content } = parseMessage(Buffer.from(raw))
    assert.match(content.text ?? '', /Dear Ann, your mail is request \d+\./)
    assert.match(raw, /^Auto-Submitted: auto-replied/im)
    assert.match(raw, /^Content-Type: image\/png/im)
    assert.match(raw, /^Content-ID: </im)
    assert.ok(raw.replace(/\s/g, '').includes(picture.toString('base64')), 'the picture is in the mail')
    assert.doesNotMatch(raw, /\{\{/)
  })

  test('a rule tells the requester when a request is closed; a sample of it is sent before, with the server’s words', async () => {
    await button('Add').click()
    await typeWhereFocusIs(dialog().getByLabel('Name', { exact: true }), 'Done')
    await page.getByRole('combobox', { name: 'When' }).click()
    await page.getByRole('option', { name: 'A request was closed' }).click()
    await dialog().getByLabel('Technician').uncheck()
    await dialog().getByLabel('Requester').check()
    await box('Subject').focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Closed: {{subject}}')
    await box('HTML').focus()
    await page.keyboard.type('Request {{number}} is {{status}}.')
    await page.getByLabel('Sample goes to').fill('me@office.test')
    await button('Send sample').click()
    await dialog().getByText(/The server took it: .*250/).or(dialog().getByText(/The server took it/)).first().waitFor()
    await expectSoon.poll(() => sentTo('me@office.test', /Closed: /).length, 'the sample has gone').toBe(1)
    await console.picture('mail-template-3-sample')
    await button('Save').last().click()
    await dialog().waitFor({ state: 'hidden' })
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: /^Requests/ }).click()
    await page.getByRole('grid', { name: 'Requests' }).getByRole('row').filter({ hasText: 'Phone lost' }).click()
    await button('Close request').click()
    await expectSoon.poll(() => sentTo('ann@example.com', /Closed: Phone lost/).length, 'the requester was told').toBe(1)
    assert.match(parseMessage(Buffer.from(sentTo('ann@example.com', /Closed: Phone lost/)[0] ?? '')).content.text ?? '', /Request \d+ is Closed\./)
  })
})
