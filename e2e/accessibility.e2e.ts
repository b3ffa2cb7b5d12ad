import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright'
import { serveRenderer } from './fake-main/serve-renderer.ts'
import { chromiumMissing, openChromium } from './open-chromium.ts'
import { openScreen, type Look } from './screens/open-screen.ts'
import { screens } from './screens/screens.ts'

const skip = chromiumMissing() ?? false
const looks: Look[] = [{ width: 1280, height: 800, scheme: 'light' }, { width: 1280, height: 800, scheme: 'dark' }]
let browser: Browser
let served: Awaited<ReturnType<typeof serveRenderer>>
before(async () => {
  if (skip) return
  served = await serveRenderer()
  browser = await openChromium()
})
after(async () => {
  if (skip) return
  await browser.close()
  served.close()
})

for (const screen of screens) {
  for (const look of looks) {
    test(`${screen.name} in ${look.scheme} has no serious fault for axe and keeps the page's policy`, { skip, timeout: 30_000 }, async () => {
      const opened = await openScreen(browser, served, screen, look)
      const { violations } = await new AxeBuilder({ page: opened.page }).exclude('iframe').analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 140)} ${node.failureSummary?.slice(0, 160)}`).join(' | ')}`), [])
      assert.deepEqual(opened.complaints, [])
      await opened.close()
    })
  }
}

test('nothing is cut off at 1024×700 and at 200 % zoom', { skip, timeout: 240_000 }, async () => {
  for (const [width, height] of [[1024, 700], [640, 400], [512, 350]] as const) {
    for (const screen of screens.filter(({ act, fake }) => !act && !fake)) {
      const opened = await openScreen(browser, served, screen, { width, height, scheme: 'light' })
      const over = await opened.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(over <= 0, `${screen.name} at ${width}: ${over} px stand out`)
      const main = await opened.page.locator('main').first().evaluate((place) => place.scrollWidth - place.clientWidth)
      assert.ok(main <= 0, `${screen.name} at ${width}: ${main} px of the content stand out`)
      await opened.close()
    }
  }
})
