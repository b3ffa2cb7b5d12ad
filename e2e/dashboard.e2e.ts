import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { hostMissing, hosts, openConsole, type OpenConsole } from './open-console.ts'
import { seriousFaults } from './serious-faults.ts'

const goTo = (page: Page, title: string) => page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: title }).click()
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const numberIn = (text: string): number => Number(text.replace(/\D/g, ''))
/** "72 messages: 54 requests, 7 replies, …" by word, in the singular. */
const countsIn = (summary: string): Record<string, number> =>
  Object.fromEntries([...summary.matchAll(/([\d ]+) ([a-z]+)/g)].map(([, count = '', word = '']) => [word.replace(/ies$/, 'y').replace(/s$/, ''), numberIn(count)]))

for (const host of hosts) {
  const missing = hostMissing(host)
  describe(`the dashboard on the ${host} host`, { skip: missing === null ? false : `the ${host} host: ${missing}`, timeout: 240_000 }, () => {
    let console: OpenConsole
    let page: Page
    before(async () => {
      console = await openConsole(host)
      page = console.page
    })
    after(() => console?.close())
    const summary = async (): Promise<string> => (await panel(page, 'Mail per hour').getByText(/\d messages?:/).first().textContent()) ?? ''

    test('the address that Status had leads here, state first', async () => {
      await page.evaluate(() => void (window.location.hash = '#/status'))
      await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
      await panel(page, 'What needs attention').getByText('facilities', { exact: true }).waitFor({ timeout: 30_000 })
      await panel(page, 'Mailboxes').getByText(/last mail/).first().waitFor({ timeout: 30_000 })
    })

    test('it counts by itself what comes in', async () => {
      await panel(page, 'Mail per hour').locator('.MuiBarChart-element:not([height="0"])').first().waitFor({ timeout: 60_000 })
      const before = await summary()
      await page.waitForFunction((text) => ![...document.querySelectorAll('main section')].some((place) => place.textContent?.includes(text)), before, { timeout: 90_000 })
      assert.notEqual(await summary(), before)
    })

    test('its numbers are those of the other pages', async () => {
      await goTo(page, 'E-mail settings')
      await page.getByRole('button', { name: 'Stop all', exact: true }).click()
      // It is said when the last round is over.
      await page.getByText(/^\d+ servers? stopped\.$/).waitFor()
      await page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').filter({ hasText: 'it-support' }).getByText('Stopped').waitFor()
      await goTo(page, 'Requests')
      const total = numberIn((await page.getByRole('status').filter({ hasText: /requests$/ }).textContent()) ?? '')
      await goTo(page, 'Dashboard')
      await panel(page, 'Mail per hour').locator('.MuiBarChart-element:not([height="0"])').first().waitFor()
      const counts = countsIn(await summary())
      const { message = 0, request = 0, reply = 0, command = 0, dropped = 0, error = 0 } = counts
      assert.equal(message, request + reply + command + dropped + error, JSON.stringify(counts))
      // A command may make a request, too.
      assert.ok(total >= request && total <= request + command, `${total} requests on their page, ${JSON.stringify(counts)} here`)
      const fact = async (label: string): Promise<number> => numberIn((await page.getByRole('link', { name: `${label}: ` }).textContent()) ?? '')
      await expectSoon.poll(() => fact('Requests'), 'requests').toBe(total)
      await expectSoon.poll(() => fact('Mail that failed'), 'mail that failed').toBe(error)
      const rows = page.getByRole('table', { name: 'Mail by server' }).locator('tbody tr')
      const messages = await rows.evaluateAll((all) => all.map((row) => Number((row.children[1]?.textContent ?? '').replace(/\D/g, ''))))
      assert.equal(messages.reduce((sum, one) => sum + one, 0), message)
    })

    test('the numbers are there as a table; one server and longer periods too', async () => {
      const whole = countsIn(await summary())
      await page.getByRole('button', { name: 'Show as table: Mail per hour' }).click()
      const hourRows = panel(page, 'Mail per hour').locator('tbody tr')
      await expectSoon(hourRows).toHaveCount(24)
      const cells = await hourRows.evaluateAll((rows) => rows.map((row) => [...row.children].slice(1).map((cell) => Number((cell.textContent ?? '').replace(/\D/g, '')))))
      assert.equal(cells.flat().reduce((sum, one) => sum + one, 0), whole['message'])
      assert.deepEqual(await seriousFaults(page), [])
      await page.getByRole('button', { name: 'Show as plot: Mail per hour' }).click()
      await page.getByRole('button', { name: '30 days', exact: true }).click()
      await panel(page, 'Mail per day').getByText(/\d messages?:/).first().waitFor()
      await page.getByRole('button', { name: /^Server: / }).click()
      await page.getByRole('menuitem', { name: 'hr-desk' }).click()
      await page.getByRole('button', { name: 'Server: hr-desk' }).waitFor()
      await page.waitForFunction(() => document.querySelectorAll('table[aria-label="Mail by server"] tbody tr').length === 1)
      assert.deepEqual(await seriousFaults(page), [])
      assert.deepEqual(console.complaints, [])
    })
  })
}
