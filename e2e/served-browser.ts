import { after, before } from 'node:test'
import type { Browser } from 'playwright'
import { serveRenderer } from './fake-main/serve-renderer.ts'
import { chromiumMissing, openChromium } from './open-chromium.ts'
import { openScreen, type Look } from './screens/open-screen.ts'

type Screen = Parameters<typeof openScreen>[2]

/** One browser and the page over the stand-in core for all tests of a file; `skip` says why there is none. To be called before the first test. */
export function servedBrowser(): { skip: string | false; open(screen: Screen, look?: Look): ReturnType<typeof openScreen> } {
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
  return {
    skip,
    open(screen, look = { width: 1280, height: 800, scheme: 'light' }) {
      if (running.browser === null || running.served === null) throw new Error('A screen is opened inside a test.')
      return openScreen(running.browser, running.served, screen, look)
    }
  }
}
