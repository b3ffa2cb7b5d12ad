// Installs and builds what is missing or stale; with nothing to do it ends at once. Runs on any Node from 20, before anything is installed.
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { home, outputOf, ownNode, runProgram, say } from './run-program.mjs'
import { hashOf, isStamped, stamp } from './stamp.mjs'
import { installPackages } from './system-packages.mjs'

const windows = process.platform === 'win32'
const sources = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'electron.vite.config.ts', 'src-contract', 'src-main', 'src-preload', 'src-renderer']

/** Brings the checkout up to date for `purpose`: run or test. Resolves with the system packages that are still missing. */
export async function setUp({ purpose, rebuild = false }) {
  const missing = await installPackages(purpose)
  await installModules()
  await fetchElectron()
  linkCommand()
  await build(rebuild)
  return missing
}

async function installModules() {
  if (modulesAreThere() && existsSync(ownNode)) return
  say('Installing packages…')
  const status = await runProgram(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env: nodeHeaders() })
  if (status !== 0 || !existsSync(ownNode)) fail('The packages could not be installed. Check the network connection and the proxy, then run: npm run setup')
  if (!existsSync(join(home, 'node_modules', 'keytar', 'build', 'Release', 'keytar.node'))) say('keytar could not be built here: passwords will be kept in the vault, under a passphrase.')
}

/** npm notes what it installed in a lock file of its own, at the very end; what is optional may be missing there. */
function modulesAreThere() {
  const note = join(home, 'node_modules', '.package-lock.json')
  if (!existsSync(note)) return false
  const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  const installed = packagesIn(note)
  return Object.entries(packagesIn(join(home, 'package-lock.json'))).every(([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version)
}

/** Where this Node brought its headers along, native modules are built with those instead of downloaded ones. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath))
  return existsSync(join(prefix, 'include', 'node', 'node.h')) && process.env.npm_config_nodedir === undefined ? { npm_config_nodedir: prefix } : {}
}

/** Electron's program is a download of its own; it is of use only where a window can be opened. Without it there is the browser. */
async function fetchElectron() {
  const folder = join(home, 'node_modules', 'electron')
  const canShow = process.platform !== 'linux' || ((process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY ?? '') !== '' && process.getuid?.() !== 0)
  const version = hashOf(['node_modules/electron/package.json'])
  if (!canShow || existsSync(join(folder, 'path.txt')) || isStamped('node_modules/.mailroom-electron', version)) return
  say('Downloading Electron…')
  const status = await runProgram(ownNode, [join(folder, 'install.js')], { limitMs: 300_000 })
  if (status !== 0) say('Electron could not be downloaded: the console opens in a browser instead. To try again: npx install-electron')
  stamp('node_modules/.mailroom-electron', version)
}

/** `npx mailroom` finds the command among the installed ones. */
function linkCommand() {
  const program = join(home, 'bin', 'mailroom.js')
  const link = join(home, 'node_modules', '.bin', windows ? 'mailroom.cmd' : 'mailroom')
  if (existsSync(link)) return
  chmodSync(program, 0o755)
  rmSync(link, { force: true })
  if (windows) writeFileSync(link, `@node "${program}" %*\r\n`)
  else symlinkSync(join('..', '..', 'bin', 'mailroom.js'), link)
}

async function build(rebuild) {
  const hash = hashOf(sources)
  if (!rebuild && isStamped('out/.built', hash) && existsSync(join(home, 'out', 'main', 'cli.js'))) return
  say('Building…')
  rmSync(join(home, 'out', '.built'), { force: true })
  const { status, text } = await outputOf(ownNode, [join(home, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'], { env: { NO_COLOR: '1', NODE_ENV: 'production' } })
  if (status !== 0) fail(`${text}\nThe build failed: what is wrong is named above.`)
  stamp('out/.built', hash)
}

function fail(text) {
  say(text)
  process.exit(1)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or newer is needed to begin with; this is ${process.versions.node}. Get it from https://nodejs.org`)
  await setUp({ purpose: process.argv.includes('--test') ? 'test' : 'run', rebuild: process.argv.includes('--rebuild') })
}
