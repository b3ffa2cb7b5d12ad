import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'playwright'
import { SMTPServer } from 'smtp-server'
import { newOutgoingServer } from '../src-contract/outgoing-server.ts'
import { chromiumMissing, openChromium } from './open-chromium.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'
import { seriousFaults } from './serious-faults.ts'

const missing = chromiumMissing()

/** A mail server that keeps what comes. */
async function startSink(): Promise<{ port: number; mails: { to: string; text: string }[]; codeTo(address: string): Promise<string>; stop(): Promise<void> }> {
  const mails: { to: string; text: string }[] = []
  const server = new SMTPServer({
    logger: false, disableReverseLookup: true, authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], hideSTARTTLS: true,
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      stream.on('end', () => {
        for (const { address } of envelope.rcptTo) mails.push({ to: address, text })
        done(null, 'taken')
      })
    }
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port, mails,
    async codeTo(address) {
      for (let tries = 0; tries < 300; tries++) {
        const code = /\b(\d{4} \d{4})\b/.exec(mails.findLast(({ to }) => to === address)?.text ?? '')?.[1]
        if (code !== undefined) return code
        await wait(100)
      }
      return assert.fail(`no code came to ${address}`)
    },
    stop: () => new Promise((resolve) => server.close(() => resolve()))
  }
}

describe('codes by mail, on the real core and a real mail server', { skip: missing ?? false, timeout: 240_000 }, () => {
  let browser: Browser
  let own: OwnConsole
  let page: Page
  let sink: Awaited<ReturnType<typeof startSink>>
  before(async () => {
    sink = await startSink()
    browser = await openChromium()
    own = await openOwnConsole(browser, {})
    page = own.page
    const server = { ...newOutgoingServer('smtp'), name: 'main', host: '127.0.0.1', port: sink.port, security: 'none' as const, auth: { method: 'none' as const, user: '', secret: 'keychain' }, replyTo: 'it@example.com', senderName: 'IT' }
    assert.equal((await call('outgoing.save', { was: null, server, secret: null, proxySecret: null, clientKeySecret: null, dkimKey: null, draft: false, makeDefault: true, reason: null, workId: 'save-main' })).ok, true)
  })
  after(async () => {
    await own?.close()
    await browser?.close()
    await sink?.stop()
  })
  const call = (name: string, input: unknown) => page.evaluate(async (asked) => (await (await fetch('/call', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) })).json()) as { ok: boolean; value: unknown }, { name, input })
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first()

  test('an address is added, five wrong codes end its code, and a new one verifies it', async () => {
    await page.getByRole('navigation', { name: 'Explorer' }).getByRole('link', { name: 'Verified senders' }).click()
    await button('Add').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Address', { exact: true }).fill('it@Example.com')
    await dialog.getByRole('button', { name: 'Add and send the code' }).click()
    await dialog.getByText('Verify it@example.com').waitFor()
    const first = await sink.codeTo('it@example.com')
    await own.picture('senders-code')
    for (let turn = 0; turn < 5; turn++) {
      await dialog.getByLabel('Code', { exact: true }).fill(`${first.startsWith('9') ? '8888888' : '9999999'}${turn}`)
      await dialog.getByRole('button', { name: 'Verify', exact: true }).click()
      await dialog.getByText(turn === 4 ? 'That was the last try' : `${4 - turn} tr${turn === 3 ? 'y' : 'ies'} left.`).first().waitFor()
    }
    await dialog.getByText('The code holds no more.').waitFor()
    await dialog.getByRole('button', { name: 'Send a new code', exact: true }).click({ timeout: 70_000 })
    await dialog.getByLabel('Code', { exact: true }).waitFor()
    await assert.doesNotReject(async () => { while (sink.mails.length < 2) await wait(100) })
    const second = await sink.codeTo('it@example.com')
    await dialog.getByLabel('Code', { exact: true }).fill(second)
    await dialog.getByRole('button', { name: 'Verify', exact: true }).click()
    await page.getByRole('grid', { name: 'Sender addresses' }).getByText('Verified', { exact: true }).first().waitFor()
    await own.picture('senders-verified')
    const kept = JSON.stringify(await call('outbox.list', { state: 'sent' })) + JSON.stringify(await call('outbox.show', { id: 1 })) + JSON.stringify(await call('outbox.show', { id: 2 })) + own.said()
    for (const code of [first, second]) assert.ok(!kept.includes(code) && !kept.includes(code.replace(' ', '')), 'a code stayed behind')
  })

  test('a test mail goes under a verified address alone', async () => {
    const settings = (await call('settings.get', {})).value as { sending: object }
    assert.deepEqual(await call('settings.save', { settings: { ...settings, sending: { ...settings.sending, requireVerifiedSenders: true } }, reason: null }), { ok: true })
    const sent = await call('outgoing.send', { name: 'main', mail: { to: ['ann@example.org'] }, workId: 'send-verified' })
    assert.ok(sent.ok, JSON.stringify(sent))
    await call('senders.delete', { address: 'it@example.com', reason: null })
    const refused = (await call('outgoing.send', { name: 'main', mail: { to: ['ann@example.org'] }, workId: 'send-unverified' })) as unknown as { problem: { code: string } }
    assert.equal(refused.problem.code, 'sender-unverified')
  })

  test('a token with a second step opens the console with the code alone', async () => {
    const { token } = (await call('access.add-token', { name: 'Bob', role: 'support', secondFactor: 'bob@example.com', reason: null })).value as { token: string }
    const context = await browser.newContext()
    const other = await context.newPage()
    await other.goto(`${new URL(page.url()).origin}/?token=${token}`)
    await other.getByRole('heading', { name: 'Enter the code' }).waitFor({ timeout: 30_000 })
    assert.ok(!other.url().includes(token))
    assert.deepEqual(await seriousFaults(other), [])
    await other.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await seriousFaults(other, ['color-contrast']), [])
    const code = await sink.codeTo('bob@example.com')
    await other.getByLabel('Code').fill('00000000')
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByText(/That is not the code.*4 tries left/).waitFor()
    await other.getByLabel('Code').fill(code)
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByRole('navigation', { name: 'Explorer' }).waitFor({ timeout: 30_000 })
    await context.close()
  })
})
