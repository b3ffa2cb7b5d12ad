import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { _electron, chromium, type Page } from 'playwright'
import { chromiumMissing } from './open-chromium.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const electronFolder = join(home, 'node_modules', 'electron')

export type DesktopNeeds = { dataFolder: string; demo?: boolean; env?: Record<string, string>; /** Where saved files go; the stand-in alone can answer the dialog. */ saves?: string }

/** A running desktop console. `output` is what it wrote so far; `close` ends it as a user would and resolves with its exit status. */
export type Desktop = { page: Page; real: boolean; output: () => string; close: () => Promise<number | null> }

/** Electron's program where it was downloaded and can open a window; null elsewhere. */
function electronProgram(): string | null {
  const pathFile = join(electronFolder, 'path.txt')
  const program = existsSync(pathFile) ? join(electronFolder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null
  const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
  return program !== null && existsSync(program) && display ? program : null
}

/** Why the desktop cannot be started here; null where it can. */
export function desktopMissing(): string | null {
  if (!existsSync(join(home, 'out', 'main', 'main.js'))) return 'the console is not built: run npm run setup'
  return electronProgram() === null ? chromiumMissing() : null
}

/** Starts the built desktop host, unchanged: on Electron where its program is, otherwise on the stand-in. */
export const launchDesktop = (needs: DesktopNeeds): Promise<Desktop> => (electronProgram() === null ? launchStandIn(needs) : launchElectron(needs))

const argumentsFor = ({ dataFolder, demo }: DesktopNeeds): string[] => [`--data=${dataFolder}`, ...(demo === true ? ['--demo'] : [])]
const environmentFor = (env: Record<string, string> = {}): Record<string, string> => ({ ...Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))), ...env })

async function launchElectron(needs: DesktopNeeds): Promise<Desktop> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const running = await _electron.launch({ executablePath: electronProgram() ?? '', args: [...sandbox, home, ...argumentsFor(needs)], env: environmentFor(needs.env) })
  const written = collect(running.process())
  const page = await running.firstWindow()
  return { page, real: true, output: written, close: () => ended(running.process(), () => void running.close()) }
}

async function launchStandIn(needs: DesktopNeeds): Promise<Desktop> {
  const register = join(home, 'e2e', 'electron-stand-in', 'register.ts')
  // A profile that was open before still names the port of then.
  rmSync(join(needs.dataFolder, 'window', 'DevToolsActivePort'), { force: true })
  const child = spawn(process.execPath, ['--import', register, join(home, 'out', 'main', 'main.js'), ...argumentsFor(needs)], { stdio: ['ignore', 'pipe', 'pipe'], env: environmentFor({ ...needs.env, ...(needs.saves === undefined ? {} : { MAILROOM_STAND_IN_SAVES: needs.saves }) }) })
  const written = collect(child)
  try {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${await portOf(child, join(needs.dataFolder, 'window'), written)}`, { noDefaults: true })
    const page = await consolePage(() => browser.contexts().flatMap((context) => context.pages()), written)
    return { page, real: false, output: written, close: () => ended(child, () => void child.kill('SIGTERM')) }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (text += chunk.toString('utf8')))
  return () => text
}

/** Chromium writes its debugging port into its profile once it listens, and an address in a second line: with that, the first is whole. */
async function portOf(child: ChildProcess, profile: string, written: () => string): Promise<string> {
  const file = join(profile, 'DevToolsActivePort')
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`The desktop ended with ${child.exitCode}:\n${written()}`)
    const [port, address] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    if (port && address !== undefined) return port
    await wait(100)
  }
  throw new Error(`The desktop opened no window in 30 seconds:\n${written()}`)
}

async function consolePage(pages: () => Page[], written: () => string): Promise<Page> {
  for (let tries = 0; tries < 300; tries++) {
    const page = pages().find((candidate) => candidate.url().startsWith('https://mailroom.app.localhost/'))
    if (page !== undefined) return page
    await wait(100)
  }
  throw new Error(`The desktop showed no page in 30 seconds:\n${written()}`)
}

function ended(child: ChildProcess, end: () => void): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => {
    child.once('exit', (status) => resolve(status))
    end()
  })
}
