// Types, lint, who imports whom, unit tests. Everything runs, so that one run names all that is wrong.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { home, outputOf, ownNode, say } from './run-program.mjs'
import { runTests, unitTests } from './run-tests.mjs'

const module = (...path) => join(home, 'node_modules', ...path)
const projects = ['src-contract', 'src-preload', 'src-main', 'src-renderer', 'e2e']

/** Resolves with counts: each of the checks is one, and each unit test. */
export async function check() {
  const counts = { passed: 0, failed: 0, skipped: 0, reasons: [] }
  const note = (name, problem) => {
    say(problem === null ? `✔ ${name}` : `${problem.trimEnd()}\n✖ ${name}`)
    counts[problem === null ? 'passed' : 'failed'] += 1
  }
  const typed = projects.map((project) => async () => note(`types of ${project}`, await failure(module('typescript', 'bin', 'tsc'), ['-p', project])))
  await inPairs([...typed, async () => note('lint', await failure(module('eslint', 'bin', 'eslint.js'), ['.', '--max-warnings', '0'])), async () => note('who imports whom', await importsFailure())])
  const tests = await runTests('Unit tests', unitTests())
  return { passed: counts.passed + tests.passed, failed: counts.failed + tests.failed, skipped: tests.skipped, reasons: tests.reasons }
}

/** What a program had to say against the sources; null where nothing. */
async function failure(program, parameters) {
  const { status, text } = await outputOf(ownNode, [program, ...parameters], { env: { NO_COLOR: '1' } })
  return status === 0 ? null : text
}

/** dependency-cruiser is content with no file at all, and with sources that it cannot read; both count as failures here. */
async function importsFailure() {
  const { status, text } = await outputOf(ownNode, [module('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src-contract', 'src-preload', 'src-main', 'src-renderer'])
  const start = text.indexOf('{')
  if (start === -1) return `dependency-cruiser said nothing (status ${status}): ${text.slice(0, 2000)}`
  const { summary, modules } = JSON.parse(text.slice(start))
  const own = modules.filter(({ source }) => /^src-.*\.tsx?$/.test(source))
  const arrows = own.reduce((sum, { dependencies }) => sum + dependencies.length, 0)
  if (own.length < 50 || arrows < own.length) return `dependency-cruiser saw ${own.length} files with ${arrows} imports: it does not read the sources.`
  const wrong = summary.violations.filter(({ rule }) => rule.severity === 'error').map(({ rule, from, to }) => `${from} → ${to}: ${rule.name}`)
  return wrong.length === 0 ? null : wrong.join('\n')
}

async function inPairs(tasks) {
  const waiting = [...tasks]
  const work = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task()
  }
  await Promise.all([work(), work()])
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!existsSync(ownNode)) {
    say('The packages are not installed yet. Run: npm run setup')
    process.exit(2)
  }
  const { passed, failed, skipped } = await check()
  say(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed > 0 ? 1 : 0
}
