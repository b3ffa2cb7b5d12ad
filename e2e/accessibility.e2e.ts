import { test } from 'node:test'
import { atRest } from './at-rest.ts'
import { expectSoon } from './expect-soon.ts'
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
      await page.waitForFunction((wanted) => window.innerWidth === wanted, width)
      await atRest(page)
      await expectSoon.poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${screen.name} at ${width}: what stands out, in px`).toBeLessThanOrEqual(0)
      await expectSoon.poll(() => page.locator('main').first().evaluate((place) => place.scrollWidth - place.clientWidth), `${screen.name} at ${width}: what of the content stands out, in px`).toBeLessThanOrEqual(0)
    }
    await close()
  }
})
