import type { Browser, Page } from 'playwright'
import { atRest } from '../at-rest.ts'
import { complaintsOf } from '../open-console.ts'
import type { Screen } from './screens.ts'

export type Look = { width: number; height: number; scheme: 'light' | 'dark' }
export type OpenedScreen = { page: Page; complaints: string[]; close: () => Promise<void> }

/** Opens one screen on the stand-in core; `complaints` are the page's own errors and policy violations. */
export const openScreen = async (browser: Browser, served: { url: string; fakeCore: string }, screen: Screen, look: Look): Promise<OpenedScreen> => {
  const context = await browser.newContext({ viewport: { width: look.width, height: look.height }, colorScheme: look.scheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints = complaintsOf(page)
  await page.addInitScript({ content: served.fakeCore })
  await page.goto(`${served.url}?fake=${screen.fake ?? ''}#/${screen.hash}`)
  await page.locator('main').first().waitFor({ timeout: 60_000 })
  await atRest(page)
  await screen.act?.(page)
  await atRest(page)
  return { page, complaints, close: () => context.close() }
}
