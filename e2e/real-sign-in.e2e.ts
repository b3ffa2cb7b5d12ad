import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright'
import { startDovecot, dovecotMissing, type Dovecot } from '../testbed/dovecot.ts'
import { startEntraAuthority, type EntraAuthority } from '../testbed/entra-authority.ts'
import { startGraphServer, type GraphServer } from '../testbed/graph-server.ts'
import { openChromium } from './open-chromium.ts'
import { hostMissing } from './open-console.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'

const missing = hostMissing('browser') ?? dovecotMissing()
const user = 'helpdesk@contoso.example'
const mail = (subject: string, to: string): string => `From: Ann <ann@example.com>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/ /g, '.')}@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nHello\r\n`

describe('a sign-in at Microsoft, in the browser, against an authority and a Graph server', { skip: missing ?? false, timeout: 240_000 }, () => {
  let browser: Browser
  let entra: EntraAuthority
  let graph: GraphServer
  let dovecot: Dovecot
  let console: OwnConsole
  let page: Page
  before(async () => {
    browser = await openChromium()
    entra = await startEntraAuthority({ user: { account: user } })
    graph = await startGraphServer({
      bearer: (token) => {
        const found = entra.tokenIs(token)
        return found === null ? null : { app: entra.app.clientId, user: found.account ?? '*', rights: found.scope.map((scope) => scope.split('/').at(-1) ?? scope) }
      }
    })
    dovecot = await startDovecot()
    console = await openOwnConsole(browser, { OTHER_PASSWORD: dovecot.password })
    page = console.page
  })
  after(async () => {
    await console?.close()
    await browser.close()
    await Promise.all([entra.close(), graph.stop(), dovecot.stop()])
  })

  const goTo = (title: string) => page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: title }).click()
  const row = (name: string): Locator => page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })
  const asRequest = async (subject: string): Promise<void> => {
    await goTo('Requests')
    await page.getByRole('grid', { name: 'Requests' }).getByText(subject).waitFor({ timeout: 30_000 })
    await goTo('E-mail settings')
  }
  /** Presses what begins the sign-in, and follows the tab that opens until the console's own page says that it may be closed. */
  const signIn = async (button: Locator, picture: string): Promise<void> => {
    const opening = page.context().waitForEvent('page')
    await button.click()
    const tab = await opening
    await tab.waitForURL(/^http:\/\/localhost:\d+\//)
    await tab.getByText(/close/i).first().waitFor()
    await tab.close()
    // As whoever closed the tab has the console before them again; a page in the background is drawn seldom or never.
    await page.bringToFront()
    const dialog = page.getByRole('dialog', { name: 'Sign in – graph-desk' })
    await dialog.getByText('Signed in.').waitFor()
    await dialog.getByText(user).first().waitFor()
    await console.picture(picture)
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  }

  test('the configuration comes by file, authority and endpoint of one’s own among it', async () => {
    const { caFile } = dovecot
    const yaml = `version: 1
incoming:
  - { name: graph-desk, protocol: graph, endpoint: "${graph.url}", fetchEvery: 5s, tls: { caFile: ${caFile} }, auth: { method: oauth2, provider: microsoft, flow: interactive, authority: "${entra.url}", tenant: ${entra.tenant}, clientId: ${entra.app.clientId}, user: ${user} } }
  - { name: other-desk, protocol: imap, host: localhost, port: ${dovecot.ports.imaps}, fetchEvery: 5s, tls: { caFile: ${caFile} }, auth: { method: password, user: other@example.com, secret: "env:OTHER_PASSWORD" }, enabled: true }
`
    await goTo('Configuration and backup')
    await page.getByRole('tab', { name: 'Import' }).click()
    await page.locator('input[aria-label="Configuration file"]').setInputFiles({ name: 'desk.yaml', mimeType: 'application/yaml', buffer: Buffer.from(yaml) })
    await console.picture('sign-in-0-import')
    await page.getByRole('button', { name: /^Import \d/ }).click()
    await page.getByText(/^Imported: 2 added/).waitFor()
    await goTo('E-mail settings')
    await row('other-desk').getByText(/Listening/).waitFor()
    await row('graph-desk').waitFor()
    await console.picture('sign-in-1-imported')
  })

  test('sign in, start, and its mail becomes requests', async () => {
    await console.resetEffort()
    await signIn(page.getByRole('button', { name: 'Sign in: graph-desk' }), 'sign-in-2-done')
    await row('graph-desk').click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    const effort = await console.effort()
    assert.ok(effort.clicks + effort.presses <= 4 && effort.fields.length === 0, JSON.stringify(effort))
    await row('graph-desk').getByText(/every 5 s/).waitFor()
    graph.deliver(user, mail('Through Graph', user))
    await asRequest('Through Graph')
    await row('graph-desk').dblclick()
    await page.getByRole('group', { name: 'State of the sign-in' }).getByText(user).waitFor()
    await page.getByRole('group', { name: 'State of the sign-in' }).scrollIntoViewIfNeeded()
    await console.picture('sign-in-3-server')
    // A key would be lost while the focus is on its way; and what is behind an open dialog has no role.
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  test('withdrawn at Microsoft: this server says so, the bell rings, and the others go on', async () => {
    entra.revoke()
    // Where listening hears of it before a round does, the next round is a while off: somebody asks for one.
    await page.getByRole('button', { name: 'Fetch now', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in again: graph-desk' }).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Notices, 1 unread' }).click()
    const bell = page.getByRole('dialog', { name: 'Notices' })
    await bell.getByRole('button', { name: /revoked.*graph-desk.*unread/ }).first().waitFor()
    await console.picture('sign-in-4-revoked')
    await page.keyboard.press('Escape')
    await bell.waitFor({ state: 'hidden' })
    dovecot.deliver('other@example.com', mail('Meanwhile elsewhere', 'other@example.com'))
    await asRequest('Meanwhile elsewhere')
  })

  test('signed in again: it goes on where it was', async () => {
    graph.deliver(user, mail('Waited at Microsoft', user))
    await signIn(page.getByRole('button', { name: 'Sign in again: graph-desk' }), 'sign-in-5-again')
    await row('graph-desk').getByText(/every 5 s/).waitFor()
    await asRequest('Waited at Microsoft')
    await row('graph-desk').waitFor()
    await console.picture('sign-in-6-well')
  })

  test('the page never broke its own policy or threw', () => {
    assert.deepEqual(console.complaints, [])
  })
})
