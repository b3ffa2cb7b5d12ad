import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder, serveRenderer } from '../fake-main/serve-renderer.ts'
import { openChromium } from '../open-chromium.ts'
import { openScreen, type Look } from './open-screen.ts'
import { screens } from './screens.ts'

/** Pictures of every page and dialog, in two sizes, light and dark, into test-results/screens. Words on the command line choose screens by name; `--quick` takes the smaller size in light alone. */
const quick = process.argv.includes('--quick')
const wanted = process.argv.slice(2).filter((word) => word !== '--quick')
const looks: Look[] = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }].flatMap((size) => [{ ...size, scheme: 'light' as const }, { ...size, scheme: 'dark' as const }]).slice(0, quick ? 1 : 4)
const folder = join(rootFolder, 'test-results', 'screens')
mkdirSync(folder, { recursive: true })
const served = await serveRenderer()
const browser = await openChromium()
let failed = 0
for (const screen of screens.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
  for (const look of looks) {
    const name = `${screen.name}-${look.width}-${look.scheme}`
    try {
      const opened = await openScreen(browser, served, screen, look)
      await opened.page.screenshot({ path: join(folder, `${name}.png`) })
      for (const complaint of opened.complaints) console.log(`${name}: ${complaint}`)
      await opened.close()
    } catch (error) {
      failed += 1
      console.log(`${name}: ${String(error)}`)
    }
  }
}
await browser.close()
served.close()
console.log(failed === 0 ? `Pictures are in ${folder}` : `${failed} pictures could not be taken`)
process.exitCode = failed === 0 ? 0 : 1
