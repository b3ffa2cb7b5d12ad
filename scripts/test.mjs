// Sets up and runs every suite; the last line is the sum. Suites that cannot run here are counted as skipped, with the package that is missing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from './check.mjs'
import { say } from './run-program.mjs'
import { browserTests, needsKeyring, realTests, runTests } from './run-tests.mjs'
import { setUp } from './setup.mjs'
import { programIsThere } from './system-packages.mjs'

const missing = await setUp({ purpose: 'test' })
const results = [await check()]

const onServers = realTests().filter((path) => !needsKeyring(path))
if (onServers.length > 0) results.push(await runTests('Tests on real servers', onServers, { limitMs: 600_000 }))
results.push(await onKeyring(realTests().filter(needsKeyring)), await inBrowser(browserTests()))

const sum = (what) => results.reduce((total, result) => total + result[what], 0)
const reasons = [...new Set(results.flatMap((result) => result.reasons))]
if (reasons.length > 0) say(['', 'LEFT OUT:', ...reasons.map((reason) => `  ${reason}`)].join('\n'))
if (missing.length > 0) say(['', 'MISSING SYSTEM PACKAGES:', ...missing.map(({ name, without }) => `  ${name}: ${without}`)].join('\n'))
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`)
process.exitCode = sum('failed') > 0 ? 1 : 0

/** On a keyring of its own: a session bus, a home and an unlocked collection that are gone afterwards. */
async function onKeyring(files) {
  if (files.length === 0) return leftOut([], '')
  if (!programIsThere('dbus-run-session') || !programIsThere('gnome-keyring-daemon')) return leftOut(files, 'tests on a real keychain: install the packages dbus and gnome-keyring')
  const home = mkdtempSync(join(tmpdir(), 'mailroom-keyring-'))
  const unlock = 'printf %s test | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$@"'
  try {
    return await runTests('Tests on a real keychain', files, { atOnce: 1, limitMs: 300_000, env: { HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: '' }, wrapped: (command) => ['dbus-run-session', '--', 'bash', '-c', unlock, 'bash', ...command] })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function inBrowser(files) {
  if (!programIsThere('chromium')) return leftOut(files, 'tests in a browser and in the window: install the package chromium')
  return runTests('Tests in a browser', files, { limitMs: 600_000 })
}

function leftOut(files, reason) {
  if (files.length > 0) say(`\nLEFT OUT: ${reason} (${files.length} files)`)
  return { passed: 0, failed: 0, skipped: files.length, reasons: files.length > 0 ? [reason] : [] }
}
