import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookAtScreens } from './look-at-screens.ts'
import { screens } from './screens/screens.ts'
import { servedBrowser } from './served-browser.ts'

const served = servedBrowser()
// The other half is in a file of its own, so that two browsers share the looking.
lookAtScreens(screens.filter((_screen, index) => index % 2 === 0), served)

test('nothing is cut off at 1024×700 and at 200 % zoom', { skip: served.skip, timeout: 240_000 }, async () => {
  for (const screen of screens.filter(({ act, fake }) => !act && !fake)) {
    const { page, close } = await served.open(screen, { width: 1024, height: 700, scheme: 'light' })
    for (const [width, height] of [[1024, 700], [640, 400], [512, 350]] as const) {
      await page.setViewportSize({ width, height })
      await page.waitForTimeout(200)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(over <= 0, `${screen.name} at ${width}: ${over} px stand out`)
      const main = await page.locator('main').first().evaluate((place) => place.scrollWidth - place.clientWidth)
      assert.ok(main <= 0, `${screen.name} at ${width}: ${main} px of the content stand out`)
    }
    await close()
  }
})
