import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, Page } from 'playwright'
import { serveRenderer } from './fake-main/serve-renderer.ts'
import { chromiumMissing, openChromium } from './open-chromium.ts'
import { openScreen, type Look } from './screens/open-screen.ts'

type Screen = Parameters<typeof openScreen>[2]
type ServedBrowser = {
  /** Why there is none. */
  skip: string | false
  open(screen: Screen, look?: Look): ReturnType<typeof openScreen>
  /** Shows a page, as the stand-in core plays it, to somebody who uses it; the page may not complain. */
  on(hash: string, fake: string, use: (page: Page) => Promise<void>): Promise<void>
}

/** One browser and the page over the stand-in core for all tests of a file. To be called before the first test. */
export function servedBrowser(): ServedBrowser {
  const skip = chromiumMissing() ?? false
  const running: { browser: Browser | null; served: Awaited<ReturnType<typeof serveRenderer>> | null } = { browser: null, served: null }
  before(async () => {
    if (skip) return
    running.served = await serveRenderer()
    running.browser = await openChromium()
  })
  after(async () => {
    await running.browser?.close()
    running.served?.close()
  })
  const open: ServedBrowser['open'] = (screen, look = { width: 1280, height: 800, scheme: 'light' }) => {
    if (running.browser === null || running.served === null) throw new Error('A screen is opened inside a test.')
    return openScreen(running.browser, running.served, screen, look)
  }
  return {
    skip, open,
    async on(hash, fake, use) {
      const { page, complaints, close } = await open({ name: hash, hash, fake })
      await use(page)
      assert.deepEqual(complaints, [])
      await close()
    }
  }
}
