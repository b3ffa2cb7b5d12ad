import { createTransport } from 'nodemailer'
import type { Page } from 'playwright'
import { nativeMailSettings, type NativeMailState } from '../src-contract/native-mail.ts'
import { openChromium } from './open-chromium.ts'
import { openOwnConsole } from './own-console.ts'
import { openConsoleUnderTest } from '../testbed/console-under-test.ts'
import { freePorts } from '../testbed/free-ports.ts'

// How quick the page Outbox is in a browser while so many acknowledgements wait for a server that is away. Times are of what a person does until what they wait for is drawn, in
// milliseconds, the driver's own way to the browser among them. Usage: node e2e/measure-outbox-page.ts [mails]
const [mails = '10000'] = process.argv.slice(2)
const count = Number(mails)
const [away = 0, port = 0] = await freePorts(2)
let to = ''
const browser = await openChromium()
const opened = await openOwnConsole(browser, { DBUS_SESSION_BUS_ADDRESS: '' }, prepare)
try {
  const { page } = opened
  await fill()
  await show(page, 'Requests')
  await show(page, 'Outbox')
  const waiting = page.getByRole('group', { name: 'State' }).getByRole('button', { name: /^Waiting/ })
  while (Number((await waiting.innerText()).replace(/\D/g, '')) < count) await new Promise((resolve) => setTimeout(resolve, 200))
  const grid = page.getByRole('grid', { name: 'Outbox' })
  const rows = grid.getByRole('row')
  const search = page.getByLabel('Search recipient or subject')
  const shown = (): Promise<void> => rows.nth(5).waitFor()
  const anew = async (): Promise<void> => {
    await show(page, 'Requests')
    await page.getByRole('grid', { name: 'Requests' }).waitFor()
  }
  const milliseconds = {
    open: await median(anew, async () => { await show(page, 'Outbox'); await shown() }),
    filter: await median(async () => { await anew(); await show(page, 'Outbox'); await shown() }, async () => { await waiting.click(); await page.locator('[aria-pressed="true"]').filter({ hasText: 'Waiting' }).waitFor(); await shown() }),
    search: await median(async () => { await search.fill(''); await shown() }, async (turn) => { await search.fill(`person-${turn}7@`); await grid.getByText(`person-${turn}7@`).first().waitFor() }),
    toTheLastOfThePage: await median(async () => { await anew(); await show(page, 'Outbox'); await shown(); await rows.nth(1).focus() }, async () => { await page.keyboard.press('End'); await page.locator('[role="row"]:focus:not([aria-rowindex="2"])').waitFor() }),
    detail: await median(async () => { await anew(); await show(page, 'Outbox'); await shown() }, async (turn) => { await rows.nth(turn + 1).click(); await page.getByRole('region', { name: 'Details of the mail' }).waitFor() })
  }
  console.log(JSON.stringify({ what: 'outbox page', mails: count, milliseconds }))
} finally {
  await opened.close()
  await browser.close()
}

async function prepare(folder: string): Promise<void> {
  const core = await openConsoleUnderTest({ DBUS_SESSION_BUS_ADDRESS: '' }, { keptFolder: folder })
  const yaml = JSON.stringify({
    version: 1, partitions: [{ name: 'Desk', outgoing: 'main', default: true }], processing: { answers: { acknowledge: true, mostPerHour: 1000 } },
    outgoing: [{ name: 'main', protocol: 'smtp', host: '127.0.0.1', port: away, security: 'none', auth: { method: 'none' }, replyTo: 'desk@example.com', timeout: '5s' }]
  })
  await core.must('configuration.import', { replace: false, reason: null, yaml })
  to = (await core.must<NativeMailState>('native-mail.activate', { settings: nativeMailSettings.parse({ host: 'localhost', listen: '127.0.0.1', port, authentication: 'ignore' }), reason: null })).supportAddress ?? ''
  await core.stop()
}

async function fill(): Promise<void> {
  const post = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true, maxConnections: 10 })
  await Promise.all(Array.from({ length: count }, (_, index) => post.sendMail({ from: `person-${index}@customer-${index % 100}.example`, to, subject: `Question ${index}`, text: 'It does not print.' })))
  post.close()
}

function show(page: Page, title: string): Promise<void> {
  return page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: title }).click()
}

async function median(before: () => Promise<void>, work: (turn: number) => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let turn = 1; turn <= 5; turn++) {
    await before()
    const began = performance.now()
    await work(turn)
    times.push(performance.now() - began)
  }
  return Math.round(times.sort((a, b) => a - b)[2] ?? Number.NaN)
}
