import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, on: shown } = servedBrowser()
const options = { skip, timeout: 60_000 }

const on = (hash: string, use: (page: Page) => Promise<void>, fake = ''): Promise<void> => shown(hash, fake, use)
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.slice(0, 40) ?? '')
const arrival = (page: Page): Promise<void> => page.evaluate(() => { (Reflect.get(window, 'fakeArrival') as () => void)() })
const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })

test('arrows walk a table, T tests, Esc closes and the focus comes back to the row', options, () =>
  on('email-settings', async (page) => {
    await rowOf(page, 'it').focus()
    await page.keyboard.press('ArrowDown')
    await expectSoon(rowOf(page, 'hr')).toBeFocused()
    await page.keyboard.press('t')
    await page.getByRole('dialog', { name: /Test incoming mail/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await expectSoon(rowOf(page, 'hr')).toBeFocused()
  }))

test('Esc closes a dialog while nothing in it has the focus, and only the topmost', options, () =>
  on('email-settings/incoming/hr/open', async (page) => {
    const escapeFromNowhere = (): Promise<void> => page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    })
    await page.getByLabel('User name', { exact: true }).fill('somebody')
    await escapeFromNowhere()
    const question = page.getByRole('dialog', { name: 'Discard changes' })
    await question.waitFor()
    await escapeFromNowhere()
    await question.waitFor({ state: 'hidden' })
    await expectSoon(page.getByLabel('User name', { exact: true })).toHaveValue('somebody')
  }))

test('Del asks first, and Cancel changes nothing', options, () =>
  on('email-settings', async (page) => {
    await rowOf(page, 'hr').focus()
    await page.keyboard.press('Delete')
    await page.getByRole('dialog', { name: 'Delete hr' }).getByRole('button', { name: 'Cancel' }).click()
    await rowOf(page, 'hr').waitFor()
  }))

test('what was typed is not lost by Esc without a question', options, () =>
  on('email-settings/incoming/hr/open', async (page) => {
    await page.getByLabel('User name', { exact: true }).fill('somebody')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Discard changes' }).getByRole('button', { name: 'Keep editing' }).click()
    await expectSoon(page.getByLabel('User name', { exact: true })).toHaveValue('somebody')
  }))

test('a field that is wrong takes the focus and says why', options, () =>
  on('email-settings/incoming/hr/open', async (page) => {
    await page.getByLabel('Server', { exact: true }).fill('https://mail.example.com')
    await page.keyboard.press('Enter')
    await page.getByText('Enter only the name or address').waitFor()
    await expectSoon(page.getByLabel('Server', { exact: true })).toBeFocused()
  }))

test('End goes far down a long list with the focus, and new rows wait instead of moving it', options, () =>
  on('requests', async (page) => {
    // Rows come two hundred at a time; the header is row 1.
    const row = (index: number) => page.getByRole('grid', { name: 'Requests' }).locator(`[aria-rowindex="${index}"]`)
    await row(2).focus()
    await page.keyboard.press('End')
    await expectSoon(row(201)).toBeFocused()
    await row(202).waitFor()
    await page.keyboard.press('End')
    await expectSoon(row(401)).toBeFocused()
    const before = await focused(page)
    assert.match(before, /^\d{3}/)
    await arrival(page)
    await page.getByRole('button', { name: 'Show 1 new request' }).waitFor()
    assert.equal(await focused(page), before)
  }))

test('support looks and tests, but has nothing to press that changes', options, () =>
  on('email-settings', async (page) => {
    await rowOf(page, 'hr').click()
    for (const name of ['Delete', 'Start', 'Start all', 'Stop all']) await expectSoon(page.getByRole('button', { name, exact: true }).first()).toBeDisabled()
    await expectSoon(page.getByRole('button', { name: 'Test', exact: true }).last()).toBeEnabled()
  }, 'support'))
