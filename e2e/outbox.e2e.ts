import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTransport } from 'nodemailer'
import type { Browser, Page } from 'playwright'
import { nativeMailSettings, type NativeMailState } from '../src-contract/native-mail.ts'
import { openConsoleUnderTest } from '../testbed/console-under-test.ts'
import { freePorts } from '../testbed/free-ports.ts'
import { startSwitchedSink, type SwitchedSink } from '../testbed/switched-sink.ts'
import { expectSoon } from './expect-soon.ts'
import { hostMissing } from './open-console.ts'
import { openChromium } from './open-chromium.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'
import { seriousFaults } from './serious-faults.ts'

const missing = hostMissing('browser')
const password = 'switched-password'
const env = { SWITCHED: password, DBUS_SESSION_BUS_ADDRESS: '' }

describe('the outbox and an alternate server, on the real core', { skip: missing ?? false, timeout: 180_000 }, () => {
  let browser: Browser
  let console: OwnConsole
  let page: Page
  let main: SwitchedSink
  let reserve: SwitchedSink
  let write: (from: string) => Promise<void>
  before(async () => {
    ;[main, reserve] = await Promise.all([startSwitchedSink(password), startSwitchedSink(password)])
    browser = await openChromium()
    console = await openOwnConsole(browser, env, async (folder) => void (write = await prepare(folder, main, reserve)))
    page = console.page
  })
  after(async () => {
    await console?.close()
    await browser?.close()
    await Promise.all([main?.stop(), reserve?.stop()])
  })
  const grid = () => page.getByRole('grid', { name: 'Outbox' })
  const row = (to: string) => grid().getByRole('row').filter({ hasText: to })
  const button = (name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
  const chip = (name: RegExp) => page.getByRole('group', { name: 'State' }).getByRole('button', { name })
  const banner = () => page.getByRole('region', { name: 'Alternate servers in use' })

  test('an empty outbox says what it is for', async () => {
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Outbox' }).click()
    await page.getByText('Nothing waits to be sent').waitFor()
    assert.deepEqual(await seriousFaults(page), [])
  })

  test('a mail is sent, and stands among the sent with the words of the server', async () => {
    await write('ann@example.org')
    await chip(/^Sent 1$/).click()
    await row('ann@example.org').click()
    const mail = page.getByRole('region', { name: 'Details of the mail' })
    await mail.getByText('Went through').waitFor()
    await mail.getByText(/^250 /).waitFor()
    assert.deepEqual(main.taken.map(({ to }) => to), ['ann@example.org'])
    assert.ok((await mail.innerText()).includes(main.taken[0]?.messageId ?? '-'))
    assert.deepEqual(await seriousFaults(page), [])
    await console.picture('outbox-sent')
    await page.keyboard.press('Escape')
  })

  test('what is refused for good stays with the reason, and is taken off by a person', async () => {
    await write('nobody@example.org')
    await chip(/^Not sent 1$/).click()
    await row('nobody@example.org').click()
    await page.getByRole('region', { name: 'Details of the mail' }).getByText('550 5.1.1 No such user').first().waitFor()
    await console.picture('outbox-refused')
    await button('Take off the list').click()
    await page.getByRole('dialog').getByText('nobody@example.org').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Take off' }).click()
    await page.getByText('1 mail taken off.').waitFor()
    await chip(/^Not sent 0$/).waitFor()
  })

  test('the primary goes away: mail goes through the alternate, and every page says so', async () => {
    await main.down()
    await write('bob@example.org')
    await banner().getByText(/Mail of “main” goes through its alternate reserve since/).waitFor()
    await expectSoon.poll(() => reserve.taken.map(({ to }) => to)).toEqual(['bob@example.org'])
    await chip(/^Sent 2$/).click()
    await row('bob@example.org').getByText('main (alternate)').waitFor()
    await button(/^Notices/).click()
    await page.getByRole('dialog', { name: 'Notices' }).getByText('Mail of “main” goes through its alternate reserve.').waitFor()
    assert.deepEqual(await seriousFaults(page), [])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Notices' }).waitFor({ state: 'hidden' })
    await console.picture('outbox-on-alternate')
  })

  test('one click brings it back, and the next mail goes through the primary', async () => {
    await main.up()
    await banner().getByRole('button', { name: 'Return to main' }).click()
    await banner().getByText(/Mail of “main”/).waitFor({ state: 'detached' })
    await write('joy@example.org')
    await expectSoon.poll(() => main.taken.map(({ to }) => to)).toEqual(['ann@example.org', 'joy@example.org'])
    await chip(/^Sent 3$/).waitFor()
  })

  test('both are away: mail waits with the reason and the time of the next try, and is sent at once when somebody says so', async () => {
    await Promise.all([main.down(), reserve.down()])
    await write('tom@example.org')
    await chip(/^Waiting 1$/).click()
    await row('tom@example.org').getByText(/refused the connection|could not be reached|Nothing answers|refuses/i).first().waitFor()
    await console.picture('outbox-waiting')
    await Promise.all([main.up(), reserve.up()])
    await row('tom@example.org').click()
    await button('Send now').click()
    await expectSoon.poll(() => main.taken.at(-1)?.to).toBe('tom@example.org')
    await chip(/^Waiting 0$/).waitFor()
    const ids = [...main.taken, ...reserve.taken].map(({ messageId }) => messageId)
    assert.equal(new Set(ids).size, ids.length)
    assert.deepEqual(console.complaints, [])
  })
})

/** A desk that acknowledges what its receiver takes, through `main`, or else `reserve`. Answers what writes to it. */
async function prepare(folder: string, main: SwitchedSink, reserve: SwitchedSink): Promise<(from: string) => Promise<void>> {
  const core = await openConsoleUnderTest(env, { keptFolder: folder })
  const plain = { protocol: 'smtp', host: '127.0.0.1', security: 'none', auth: { method: 'password', user: 'desk', secret: 'env:SWITCHED' }, replyTo: 'desk@example.com', senderName: 'Service desk', timeout: '5s' }
  await core.must('configuration.import', {
    replace: false, reason: null,
    yaml: JSON.stringify({
      version: 1, partitions: [{ name: 'Desk', outgoing: 'main', default: true }], processing: { answers: { acknowledge: true, mostPerHour: 100 } },
      outgoing: [{ ...plain, name: 'main', port: main.port, alternate: { server: 'reserve' } }, { ...plain, name: 'reserve', port: reserve.port }]
    })
  })
  const [port = 0] = await freePorts(1)
  const { supportAddress } = await core.must<NativeMailState>('native-mail.activate', { settings: nativeMailSettings.parse({ host: 'localhost', listen: '127.0.0.1', port, authentication: 'ignore' }), reason: null })
  await core.stop()
  const post = createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
  return async (from) => void (await post.sendMail({ from, to: supportAddress ?? '', subject: `Question of ${from}`, text: 'It does not print.' }))
}
