// Runs the promises of every transport and prints them as tables, one for each direction: `node scripts/promises.mjs`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { home, ownNode, runProgram } from './run-program.mjs'
import { testFiles } from './run-tests.mjs'

const files = testFiles((path) => path.startsWith('src-main/mail/') && path.endsWith('.test.ts') && /(?:incoming|outgoing)TransportPromises\(/.test(readFileSync(join(home, path), 'utf8')))
const status = await runProgram(ownNode, ['--test', '--test-concurrency=2', `--test-reporter=${join(home, 'scripts', 'promises-reporter.mjs')}`, ...files], { output: process.stdout })
if (status !== 0 || files.length === 0) process.exitCode = 1
