import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright'
import { readZip } from '../testbed/read-zip.ts'
import { expectSoon } from './expect-soon.ts'
import { officeAddress, officeMissing, openOfficeConsole, type OfficeConsole } from './office-console.ts'

const missing = officeMissing()
/** Names no sender, so that it fails. */
const bad = (subject: string): string => `From: Ann Meyer\r\nTo: ${officeAddress}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, '.')}@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\nContent-Type: text/plain; charset=x-unknown\r\nContent-Transfer-Encoding: 8bit\r\n\r\nCall me: +49 170 1234567.\r\n`

describe('the error folder, on the real core and a real mailbox', { skip: missing ?? false, timeout: 120_000 }, () => {
  let console: OfficeConsole
  let page: Page
  before(async () => {
    console = await openOfficeConsole()
    page = console.page
    await console.fetchFromOffice()
    for (const subject of ['Scanner mail', 'Second scan', 'Third scan']) console.world.dovecot.deliver(officeAddress, bad(subject))
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: /^Error folder/ }).click()
    await page.getByText('3 messages', { exact: true }).waitFor({ timeout: 30_000 })
  })
  after(() => console?.close())
  const dialog = () => page.getByRole('dialog')
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const row = (text: string): Locator => page.getByRole('grid', { name: 'Messages that failed' }).getByRole('row').filter({ hasText: text })

  test('a copy with a mended sender becomes a request; the mail that goes back to the inbox makes no second one', async () => {
    await row('Scanner mail').click()
    await page.getByText('step by step', { exact: false }).first().waitFor()
    await console.picture('errors-1-what-happened')
    await button('Edit a copy…').click()
    await dialog().getByText('It would go to the error folder.').waitFor()
    const header = dialog().getByLabel('Header fields')
    await header.fill((await header.inputValue()).replace('From: Ann Meyer', 'From: Ann Meyer <ann@example.org>'))
    await dialog().getByText('It would become a new request.').waitFor()
    await console.picture('errors-2-copy')
    await button('Replay copy').click()
    await page.getByText('The copy belongs to request 1.').waitFor()
    await row('Request 1').or(page.getByRole('link', { name: 'Open request 1' })).first().waitFor()
    await button('Back to the list').click()
    await button('Move all to inbox').click()
    await page.getByText(/messages moved back to the inbox/).waitFor()
    // The two others fail again and come back; the replayed one is recognised.
    await page.getByRole('combobox', { name: 'Place' }).click()
    await page.getByRole('option', { name: 'In the error folder' }).click()
    await page.getByText('2 messages', { exact: true }).waitFor({ timeout: 30_000 })
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: /^Requests/ }).click()
    await expectSoon(page.getByRole('grid', { name: 'Requests' }).getByRole('row').filter({ hasText: 'Scanner mail' })).toHaveCount(1)
  })

  test('the bundle without personal data downloads, can be opened, and holds no name, address or number', async () => {
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: /^Error folder/ }).click()
    await page.getByText('3 messages', { exact: true }).waitFor()
    await button('Download bundle').click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Without personal data' }).click()])
    const zip = readZip(readFileSync(await download.path()))
    assert.equal([...zip.keys()].filter((path) => path.endsWith('.eml')).length, 3)
    for (const [path, bytes] of zip) assert.doesNotMatch(bytes.toString('utf8'), /Meyer|it@office\.test|170 ?1234567/, path)
  })

  test('a record is deleted by keyboard, and the question names it', async () => {
    await row('Second scan').focus()
    await page.keyboard.press('Delete')
    await page.getByRole('dialog', { name: 'Delete 1 record' }).getByText('Second scan').waitFor()
    await page.getByRole('dialog', { name: 'Delete 1 record' }).getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('2 messages', { exact: true }).waitFor()
  })
})
