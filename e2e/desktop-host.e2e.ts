import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Bridge } from '#contract/bridge.ts'
import { expectSoon } from './expect-soon.ts'
import { desktopMissing, launchDesktop, type Desktop } from './start-desktop.ts'

declare global {
  interface Window {
    readonly mailroom?: Bridge
  }
}

const missing = desktopMissing()
const options = { skip: missing === null ? false : `the desktop window: ${missing}` }
let folder: string
let desktop: Desktop

before(async () => {
  if (missing !== null) return
  folder = mkdtempSync(join(tmpdir(), 'mailroom-desktop-'))
  desktop = await launchDesktop({ dataFolder: join(folder, 'data'), saves: join(folder, 'saved'), env: { MAILROOM_PASSPHRASE: 'a passphrase for this test' } })
  await desktop.page.waitForFunction(() => window.mailroom !== undefined && document.getElementById('console')?.childElementCount !== 0)
})
after(async () => {
  if (missing !== null) return
  assert.equal(await desktop.close(), 0, desktop.output())
  rmSync(folder, { recursive: true })
})

const call = (name: string, input: unknown) => desktop.page.evaluate(([asked, given]) => window.mailroom?.call(asked as string, given), [name, input])

test('the window asks the core through the door', options, async () => {
  const answer = await call('console.state', {})
  assert.ok(answer?.ok)
  const state = answer.value as { host: string; role: string }
  assert.deepEqual([state.host, state.role], ['desktop', 'administrator'])
})

test('what does not fit leaves as a problem, not as an exception', options, async () => {
  const answers = [await call('no.such.call', {}), await call('requests.list', { limit: 'many' })]
  assert.deepEqual(answers.map((answer) => (answer?.ok === false ? answer.problem.code : 'ok')), ['not-found', 'invalid-input'])
})

test('the page has nothing of Node and cannot change its bridge', options, async () => {
  const seen = await desktop.page.evaluate(() => {
    const bridge = window.mailroom
    try {
      Object.assign(window, { mailroom: null })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
    return { require: typeof Reflect.get(window, 'require'), process: typeof Reflect.get(window, 'process'), same: window.mailroom === bridge && bridge !== undefined, keys: Object.keys(bridge ?? {}) }
  })
  assert.deepEqual(seen, { require: 'undefined', process: 'undefined', same: true, keys: ['call', 'onEvent'] })
})

test('the policy lets no foreign script, connection or image in', options, async () => {
  const blocked = await desktop.page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.body.append(script)
    const image = new Image()
    image.src = 'https://example.com/pixel.png'
    await fetch('https://example.com/').catch(() => undefined)
    for (let tries = 0; tries < 100 && new Set(violations).size < 3; tries++) await new Promise((resolve) => setTimeout(resolve, 100))
    return { violations: [...new Set(violations)].sort(), injected: Reflect.get(window, 'injected') as unknown }
  })
  assert.deepEqual(blocked, { violations: ['connect-src', 'img-src', 'script-src-elem'], injected: undefined })
})

test('the page cannot leave, and a link goes to the system’s browser', options, async () => {
  const address = desktop.page.url()
  await desktop.page.evaluate(() => void (location.href = 'https://example.com/'))
  await wait(500)
  assert.equal(desktop.page.url(), address)
  if (desktop.real) return
  // Chromium may swallow a window that opens while the refused navigation is still being put away.
  for (let tries = 0; tries < 20 && !desktop.output().includes('example.com/page'); tries++) {
    await desktop.page.evaluate(() => void window.open('https://example.com/page'))
    await wait(500)
  }
  assert.match(desktop.output(), /stand-in: opens https:\/\/example\.com\/page/)
})

test('a file of the page is saved where the dialog says', { ...options }, async () => {
  if (desktop.real) return
  await desktop.page.evaluate(() => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['content']))
    link.download = 'bundle.zip'
    link.click()
  })
  const saved = join(folder, 'saved')
  await expectSoon.poll(desktop.output).toContain('stand-in: saved ')
  assert.deepEqual(readdirSync(saved), ['bundle.zip'])
  assert.equal(readFileSync(join(saved, 'bundle.zip'), 'utf8'), 'content')
})
