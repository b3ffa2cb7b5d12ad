import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Screen } from './screens/screens.ts'
import { seriousFaults } from './serious-faults.ts'
import type { servedBrowser } from './served-browser.ts'

/** A test for each screen: all of axe's rules in light, contrast again in dark, which differs in its colours alone, and no complaint of the page or its policy. */
export function lookAtScreens(screens: readonly Screen[], { skip, open }: ReturnType<typeof servedBrowser>): void {
  for (const screen of screens)
    test(`${screen.name} has no serious fault for axe, contrast in dark too, and keeps the page's policy`, { skip, timeout: 60_000 }, async () => {
      const { page, complaints, close } = await open(screen)
      // A sign-in opens a tab of its own, and a page behind another draws nothing anew.
      await page.bringToFront()
      assert.deepEqual(await seriousFaults(page), [])
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.waitForFunction(() => document.documentElement.getAttribute('data-theme') === 'dark')
      assert.deepEqual(await seriousFaults(page, ['color-contrast']), [])
      assert.deepEqual(complaints, [])
      await close()
    })
}
