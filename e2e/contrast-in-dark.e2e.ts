import assert from 'node:assert/strict'
import { test } from 'node:test'
import { screens } from './screens/screens.ts'
import { seriousFaults } from './serious-faults.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, open: openOn } = servedBrowser()

// Dark differs from light in its colours alone; accessibility.e2e.ts looks at everything else.
for (const screen of screens)
  test(`${screen.name} in dark has contrast and keeps the page's policy`, { skip, timeout: 30_000 }, async () => {
    const { page, complaints, close } = await openOn(screen, { width: 1280, height: 800, scheme: 'dark' })
    assert.deepEqual(await seriousFaults(page, ['color-contrast']), [])
    assert.deepEqual(complaints, [])
    await close()
  })
