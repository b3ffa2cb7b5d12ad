import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { home, ownNode, runProgram, say } from './run-program.mjs'

/** Test files of the repository whose path fits. */
export function testFiles(fits) {
  const found = []
  const look = (folder) => {
    for (const name of readdirSync(join(home, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`
      if (statSync(join(home, path)).isDirectory()) {
        if (!['node_modules', 'out', 'test-results'].includes(name) && !name.startsWith('.')) look(path)
      } else if (fits(path)) found.push(path)
    }
  }
  look('')
  return found
}

export const unitTests = () => testFiles((path) => /\.test\.tsx?$/.test(path) && !path.includes('.real.test.') && !path.startsWith('e2e/'))
export const realTests = () => testFiles((path) => path.endsWith('.real.test.ts'))
export const browserTests = () => testFiles((path) => path.startsWith('e2e/') && path.endsWith('.e2e.ts'))

/** Runs test files, at most `atOnce` of them at a time, and resolves with the counts. A run that sees no file counts as failed. */
export async function runTests(title, files, { atOnce = 2, env = {}, limitMs = 0 } = {}) {
  if (files.length === 0) {
    say(`${title}: no test file was found.`)
    return { passed: 0, failed: 1, skipped: 0, reasons: [] }
  }
  say(`\n${title}: ${files.length} files`)
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-tests-'))
  try {
    const countFile = join(folder, 'counts')
    const parameters = [
      '--test', `--test-concurrency=${atOnce}`, '--test-reporter=dot', '--test-reporter-destination=stdout', `--test-reporter=${join(home, 'scripts', 'count-reporter.mjs')}`, `--test-reporter-destination=${countFile}`, ...files
    ]
    const status = await runProgram(ownNode, parameters, { env: { MAILROOM_DATA: '', MAILROOM_PASSPHRASE: '', PATH: `${join(home, 'node_modules', '.bin')}:${process.env.PATH}:/usr/sbin:/sbin`, ...env }, limitMs })
    return countsFrom(countFile, status)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function countsFrom(file, status) {
  try {
    const counts = JSON.parse(readFileSync(file, 'utf8'))
    // A run that ended badly without a failed test (it was killed, say) is a failure of its own.
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0, reasons: [] }
  }
}
