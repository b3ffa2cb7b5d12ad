import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright'
import type { Answer } from '../src-contract/bridge.ts'
import type { EventListener } from '../src-main/console.ts'
import { noncePlaceholder } from '../src-main/model/content-security-policy.ts'
import { createWebHost, type WebHost } from '../src-main/web/web-host.ts'
import { buildRenderer, rootFolder } from './fake-main/serve-renderer.ts'
import { chromiumMissing, openChromium } from './open-chromium.ts'
import { complaintsOf } from './open-console.ts'

const skip = chromiumMissing() ?? false
const options = { skip, timeout: 60_000 }
const pages = join(rootFolder, 'test-results', 'browser-bridge')
const silent = { info: () => undefined, warning: () => undefined, error: () => undefined, keepIn: () => undefined }

/** A core that knows just enough: the page, the frame and a count that grows. */
const listeners = new Set<EventListener>()
let requests = 3
const answers: Record<string, () => unknown> = {
  'console.state': () => ({ version: '0.1.0', host: 'browser', role: 'administrator', dataFolder: '/data', credentials: 'keychain', demo: false, platform: 'linux', pin: 'none' }),
  'requests.list': () => ({ rows: [], total: requests, next: null }),
  'errors.list': () => ({ rows: [], causes: [], total: 0, open: 0, next: null }),
  'notices.list': () => ({ notices: [], unread: 0 }),
  'history.list': () => []
}
const core = {
  answer: async (name: string): Promise<Answer<unknown>> => (answers[name] ? { ok: true, value: answers[name]() } : { ok: false, problem: { code: 'not-found', what: 'call', name, nearest: null } }),
  subscribe: (listener: EventListener) => { listeners.add(listener); return () => void listeners.delete(listener) },
  receive: () => false,
  namedToken: () => null, secondFactor: { step: async () => null, look: async () => null, check: async () => undefined }, guessed: () => undefined,
  health: async () => ({ alive: true as const, working: true, at: '', reasons: [], servers: [] })
}

let host: WebHost
let browser: Browser
let page: Page
let complaints: string[] = []
before(async () => {
  if (skip) return
  await buildRenderer(pages, noncePlaceholder)
  host = await createWebHost({ console: core, pages, host: '127.0.0.1', port: 0, log: silent })
  browser = await openChromium()
  page = await browser.newPage()
  complaints = complaintsOf(page)
})
after(async () => {
  if (skip) return
  await browser.close()
  await host.close()
})

test('the page speaks to its host within the host’s own policy', options, async () => {
  await page.goto(`${host.url}#/history`)
  await page.getByRole('heading', { name: 'History' }).waitFor()
  await page.getByRole('link', { name: /Requests\s*3/ }).waitFor()
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).margin), '0px')
  assert.deepEqual(complaints, [])
})

test('an announcement renews what is shown', options, async () => {
  requests = 4
  for (const listener of listeners) listener('requests-changed', { newest: 4 })
  await page.getByRole('link', { name: /Requests\s*4/ }).waitFor()
})

test('signing out ends the session and leaves nothing to look at', options, async () => {
  const other = await (await browser.newContext()).newPage()
  await other.goto(`${host.url}#/history`)
  await other.getByRole('button', { name: 'Administrator' }).click()
  await other.getByRole('button', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'You are not signed in.' }).waitFor()
  assert.equal((await other.context().cookies()).length, 0)
  await other.context().close()
  assert.ok((await page.evaluate(() => fetch('/', { method: 'HEAD' }).then(({ ok }) => ok))))
})

test('a lost host is said, with a way to load again', options, async () => {
  await host.close()
  await page.getByRole('alert').getByText(/does not answer/).waitFor()
  await page.getByRole('button', { name: 'Load again' }).waitFor()
})
