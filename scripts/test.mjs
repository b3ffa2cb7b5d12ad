// Sets up and runs every suite; the last line is the sum. Suites that cannot run here are counted as skipped, with the package that is missing.
import { check } from './check.mjs'
import { say } from './run-program.mjs'
import { browserTests, realTests, runTests } from './run-tests.mjs'
import { setUp } from './setup.mjs'
import { programIsThere } from './system-packages.mjs'

const missing = await setUp({ purpose: 'test' })
const results = [await check()]
results.push(await runTests('Tests on real servers and a real keychain', realTests(), { limitMs: 1_800_000 }), await inBrowser(browserTests()))

const sum = (what) => results.reduce((total, result) => total + result[what], 0)
const reasons = [...new Set(results.flatMap((result) => result.reasons))]
if (reasons.length > 0) say(['', 'LEFT OUT:', ...reasons.map((reason) => `  ${reason}`)].join('\n'))
if (missing.length > 0) say(['', 'MISSING SYSTEM PACKAGES:', ...missing.map(({ name, without }) => `  ${name}: ${without}`)].join('\n'))
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`)
process.exitCode = sum('failed') > 0 ? 1 : 0

async function inBrowser(files) {
  if (!programIsThere('chromium')) return leftOut(files, 'tests in a browser and in the window: install the package chromium')
  return runTests('Tests in a browser', files, { limitMs: 1_800_000 })
}

function leftOut(files, reason) {
  if (files.length > 0) say(`\nLEFT OUT: ${reason} (${files.length} files)`)
  return { passed: 0, failed: 0, skipped: files.length, reasons: files.length > 0 ? [reason] : [] }
}
