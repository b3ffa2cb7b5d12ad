import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { atRest } from './at-rest.ts'
import { complaintsOf } from './open-console.ts'
import { startHeadless } from './start-headless.ts'

/** What a person did since `reset`: clicks, keys that press a button, and the fields that something was typed into. */
export type Effort = { clicks: number; presses: number; fields: string[] }
export type OwnConsole = {
  page: Page
  complaints: string[]
  said(): string
  effort(): Promise<Effort>
  resetEffort(): Promise<void>
  /** A picture in both sizes, light and dark, where MAILROOM_PICTURES names a folder. */
  picture(name: string): Promise<void>
  close(): Promise<void>
}
type Counted = Window & { effort?: { clicks: number; presses: number; fields: Set<string> } }

const usual = { width: 1280, height: 800 }

/** An empty console of one's own (`prepare` may put something into its data folder) on the headless host, with its page open. The browser follows links to servers of the test CA. */
export async function openOwnConsole(browser: Browser, env: Record<string, string>, prepare: (dataFolder: string) => Promise<void> = async () => undefined): Promise<OwnConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-own-'))
  await prepare(join(folder, 'data'))
  const host = await startHeadless(join(folder, 'data'), { command: ['serve'], env })
  const context = await browser.newContext({ viewport: usual, acceptDownloads: true, ignoreHTTPSErrors: true, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints = complaintsOf(page)
  await page.addInitScript(countEffort)
  await page.goto(`${host.url}#/email-settings`)
  await page.getByRole('navigation', { name: 'Explorer' }).waitFor({ timeout: 30_000 })
  return {
    page, complaints,
    said: () => host.said(),
    effort: () => page.evaluate(() => {
      const { clicks = 0, presses = 0, fields = new Set<string>() } = (window as Counted).effort ?? {}
      return { clicks, presses, fields: [...fields] }
    }),
    resetEffort: () => page.evaluate(() => void ((window as Counted).effort = { clicks: 0, presses: 0, fields: new Set() })),
    picture: (name) => takePicture(page, name),
    async close() {
      await context.close()
      await host.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

function countEffort(): void {
  const effort = { clicks: 0, presses: 0, fields: new Set<string>() }
  ;(window as Counted).effort = effort
  const now = () => (window as Counted).effort ?? effort
  addEventListener('pointerdown', () => void now().clicks++, true)
  addEventListener('keydown', ({ key }) => void (key === 'Enter' && now().presses++), true)
  addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && !['checkbox', 'radio', 'file'].includes(target.type)) now().fields.add(target.labels?.[0]?.textContent ?? target.name)
  }, true)
}

async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['MAILROOM_PICTURES'] ?? ''
  if (folder === '') return
  mkdirSync(folder, { recursive: true })
  for (const [size, scheme] of [[usual, 'light'], [usual, 'dark'], [{ width: 1920, height: 1080 }, 'light']] as const) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: scheme })
    await atRest(page)
    // Hiding the caret would take a style of Playwright's own, which the page's policy forbids.
    await page.screenshot({ path: join(folder, `${name}-${size.width}-${scheme}.png`), caret: 'initial' })
  }
  await page.setViewportSize(usual)
  await page.emulateMedia({ colorScheme: 'light' })
}
