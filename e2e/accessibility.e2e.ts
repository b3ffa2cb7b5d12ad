import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Look } from './screens/open-screen.ts'
import { screens } from './screens/screens.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, open: openOn } = servedBrowser()
const looks: Look[] = [{ width: 1280, height: 800, scheme: 'light' }, { width: 1280, height: 800, scheme: 'dark' }]

for (const screen of screens) {
  for (const look of looks) {
    test(`${screen.name} in ${look.scheme} has no serious fault for axe and keeps the page's policy`, { skip, timeout: 30_000 }, async () => {
      const opened = await openOn(screen, look)
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
      const opened = await openOn(screen, { width, height, scheme: 'light' })
      const over = await opened.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(over <= 0, `${screen.name} at ${width}: ${over} px stand out`)
      const main = await opened.page.locator('main').first().evaluate((place) => place.scrollWidth - place.clientWidth)
      assert.ok(main <= 0, `${screen.name} at ${width}: ${main} px of the content stand out`)
      await opened.close()
    }
  }
})
