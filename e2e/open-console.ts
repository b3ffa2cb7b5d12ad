import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright'
import { chromiumMissing, openChromium } from './open-chromium.ts'
import { desktopMissing, launchDesktop } from './start-desktop.ts'
import { passphrase, program, startHeadless } from './start-headless.ts'

export const hosts = ['browser', 'desktop'] as const
export type Host = (typeof hosts)[number]

/** The demo, opened on one of the hosts. `saved` runs what makes the page save a file and gives that file's bytes. */
export type OpenConsole = { page: Page; complaints: string[]; saved: (act: () => Promise<unknown>) => Promise<{ fileName: string; bytes: Buffer }>; close: () => Promise<void> }

/** Why this host cannot be opened here; null where it can. */
export const hostMissing = (host: Host): string | null => {
  if (!existsSync(program)) return 'the console is not built: run npm run setup'
  return host === 'browser' ? chromiumMissing() : desktopMissing()
}

/** Starts the demo on a host with a data folder of its own, and waits for its first page. */
export const openConsole = async (host: Host): Promise<OpenConsole> => {
  const folder = mkdtempSync(join(tmpdir(), `mailroom-${host}-`))
  const opened = host === 'browser' ? await openInBrowser(folder) : await openOnDesktop(folder)
  opened.page.setDefaultTimeout(15_000)
  await opened.page.getByRole('navigation', { name: 'Explorer' }).waitFor({ timeout: 30_000 })
  return { ...opened, close: async () => { await opened.close(); rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) } }
}

const openInBrowser = async (folder: string): Promise<OpenConsole> => {
  const host = await startHeadless(join(folder, 'data'))
  try {
    const browser = await openChromium()
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })).newPage()
    const complaints = complaintsOf(page)
    await page.goto(host.url)
    return {
      page, complaints,
      saved: async (act) => {
        const [download] = await Promise.all([page.waitForEvent('download'), act()])
        return { fileName: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
      },
      close: async () => { await browser.close(); await host.stop() }
    }
  } catch (error) {
    await host.stop()
    throw error
  }
}

const openOnDesktop = async (folder: string): Promise<OpenConsole> => {
  const saves = join(folder, 'saved')
  mkdirSync(saves)
  const desktop = await launchDesktop({ dataFolder: join(folder, 'data'), demo: true, saves, env: { MAILROOM_PASSPHRASE: passphrase } })
  return {
    page: desktop.page, complaints: complaintsOf(desktop.page),
    saved: async (act) => {
      const before = desktop.output().length
      await act()
      return savedSince(() => desktop.output().slice(before))
    },
    close: async () => void (await desktop.close())
  }
}

/** What the page says against itself: errors that nobody caught, and what its policy forbade. */
export const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()) })
  return complaints
}

/** The stand-in says what it saved when the file is whole. */
const savedSince = async (output: () => string): Promise<{ fileName: string; bytes: Buffer }> => {
  for (let tries = 0; tries < 150; tries++) {
    const file = /^stand-in: saved (.+)\n/m.exec(output())?.[1]
    if (file !== undefined) {
      const bytes = readFileSync(file)
      rmSync(file)
      return { fileName: basename(file), bytes }
    }
    await wait(100)
  }
  throw new Error(`Nothing was saved in 15 seconds:\n${output()}`)
}
