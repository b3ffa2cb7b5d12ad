import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, on } = servedBrowser()
const options = { skip, timeout: 60_000 }
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
const row = (page: Page, text: string) => page.getByRole('grid', { name: 'Messages that failed' }).getByRole('row').filter({ hasText: text })
const choose = async (page: Page, label: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: new RegExp(`^${label} `) }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('error folder: server, place, period and words narrow the list down, and what does not fit says so', options, () =>
  on('error-folder', '', async (page) => {
    await page.getByText('6 messages', { exact: true }).waitFor()
    await choose(page, 'Place', 'Left on the server')
    await page.getByText('2 messages', { exact: true }).waitFor()
    await choose(page, 'Server', 'sales')
    await page.getByText('No message fits').waitFor()
    await choose(page, 'Server', 'All servers')
    await choose(page, 'Place', 'All places')
    await choose(page, 'Period', 'Last 7 days')
    await page.getByLabel('Search subject or sender').fill('invoice')
    await page.getByText('1 message', { exact: true }).waitFor()
  }))

test('error folder: all that fit are chosen beyond what is shown, and an action tells how many', options, () =>
  on('error-folder', 'many', async (page) => {
    await page.getByLabel('Choose the 200 shown').check()
    await button(page, 'Choose all 1 240 that fit').click()
    await page.getByText('1 240 of 1 240 messages chosen').waitFor()
    await button(page, 'Choose none').click()
    await row(page, 'Invoice').first().focus()
    await page.keyboard.press('Space')
    await page.getByText('1 of 1 240 messages chosen').waitFor()
    await button(page, 'Move to inbox').click()
    await page.getByText('1 message moved back to the inbox').waitFor()
    await row(page, 'Back in the inbox').first().waitFor()
  }))

test('error folder: a copy gets a sender and a character set, is tried while one types, and becomes a request', options, () =>
  on('error-folder/2', '', async (page) => {
    await button(page, 'Edit a copy…').click()
    const dialog = page.getByRole('dialog', { name: 'Edit a copy' })
    await dialog.getByText('It would go to the error folder.').waitFor()
    await dialog.getByText('The declared character set is not known').waitFor()
    await dialog.getByRole('combobox', { name: 'Character set' }).click()
    await page.getByRole('option', { name: 'Western (Windows-1252, ISO-8859-1)' }).click()
    await expectSoon(dialog.getByLabel('Text', { exact: true })).toHaveValue(/^Grüße aus der Werkstatt/)
    await dialog.getByLabel('Header fields').fill(`From: Ann <ann@example.com>\n${await dialog.getByLabel('Header fields').inputValue()}`)
    await dialog.getByText('It would become a new request.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Discard changes' }).getByRole('button', { name: 'Keep editing' }).click()
    await button(page, 'Replay copy').click()
    await page.getByText('The copy belongs to request 1205.').waitFor()
    await page.getByRole('link', { name: 'Open request 1205' }).waitFor()
    await expectSoon(button(page, 'Edit a copy…')).toBeDisabled()
    // In the list it is told apart, beside the message and alone.
    const settled = page.getByRole('grid', { name: 'Messages that failed' })
    await settled.getByRole('img', { name: 'Replayed' }).waitFor()
    await button(page, 'Back to the list').click()
    await settled.getByText('Request 1205').waitFor()
    await choose(page, 'Place', 'Replayed')
    await page.getByText('1 message', { exact: true }).waitFor()
  }))

test('error folder: what fails again stays open and says why; a message that was never downloaded cannot be edited', options, () =>
  on('error-folder/2', '', async (page) => {
    await button(page, 'Replay').click()
    await page.getByText('It failed again: The message has no sender. Nothing was changed.').waitFor()
    await row(page, 'Scan from device').click()
    await button(page, 'Edit a copy…').click()
    await page.getByText('it was never downloaded').waitFor()
  }))

test('error folder: the bundle comes in pieces and is saved', options, () =>
  on('error-folder', '', async (page) => {
    await button(page, 'Download bundle').click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Without personal data' }).click()])
    assert.equal(download.suggestedFilename(), 'mailroom-support-redacted.zip')
    assert.ok(readFileSync(await download.path()).length > 0)
    await page.getByText(/holds 6 messages without personal data/).waitFor()
  }))

test('error folder: HTML is shown behind glass, or as text', options, () =>
  on('error-folder/1', '', async (page) => {
    await page.getByRole('tab', { name: 'Preview' }).click()
    await page.frameLocator('iframe').getByText('Do not answer this message.').waitFor()
    await button(page, 'Show as text').click()
    await page.getByRole('tabpanel').getByText('The scan is attached.').waitFor()
  }))

test('mail that is back in the inbox waits for nobody: the dashboard does not count it as failed', options, () =>
  on('error-folder', '', async (page) => {
    await button(page, 'Move all to inbox').click()
    await page.getByText(/moved back to the inbox/).waitFor()
    await page.evaluate(() => void (location.hash = '#/dashboard'))
    await page.getByRole('link', { name: 'Mail that failed: 0', exact: true }).waitFor({ timeout: 10_000 })
  }))
