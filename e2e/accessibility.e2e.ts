import assert from 'node:assert/strict'
import { test } from 'node:test'
import { screens } from './screens/screens.ts'
import { seriousFaults } from './serious-faults.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, open: openOn } = servedBrowser()
for (const screen of screens)
  test(`${screen.name} has no serious fault for axe and keeps the page's policy`, { skip, timeout: 30_000 }, async () => {
    const { page, complaints, close } = await openOn(screen)
    assert.deepEqual(await seriousFaults(page), [])
    assert.deepEqual(complaints, [])
    await close()
  })

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
