#!/usr/bin/env node
// Runs on any Node from 18: the command line itself wants Node 24, which the package brings along.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const home = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const program = join(home, 'out', 'main', 'cli.js')
const ownNode = join(home, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const major = Number(process.versions.node.split('.')[0])

if (!existsSync(program)) fail('Mailroom is not built yet. Run: npm run setup')
else if (major >= 24 && (process.platform === 'win32' || process.execve === undefined)) await import(pathToFileURL(program).href)
else if (major >= 24) process.execve(process.execPath, [process.execPath, ...argumentsOf()], environment())
else if (existsSync(ownNode)) runWith(ownNode)
else fail(`Mailroom needs Node 24; this is Node ${process.versions.node}. Run: npm run setup`)

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exitCode = 2
}

/**
 * Mail passes through in large pieces that live shortly. A small space for young objects has them collected soon, and one arena for
 * all threads (glibc) gives their memory back: together that is 50 MB less at the peak of a round (`npm run bench`).
 */
function argumentsOf() {
  return ['--max-semi-space-size=4', program, ...process.argv.slice(2)]
}
function environment() {
  return { MALLOC_ARENA_MAX: '1', ...process.env }
}

function runWith(node) {
  const child = spawn(node, argumentsOf(), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: environment() })
  // The channel carries nothing: its end tells the child that this process is gone, however it ended.
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  // A terminal sends Ctrl-C to both; only where it came to this one alone has it to be passed on.
  process.on('SIGINT', () => setTimeout(() => child.kill('SIGINT'), 300).unref())
  child.on('error', (error) => fail(`Node 24 could not be started: ${error.message}. Run: npm run setup`))
  child.on('exit', (status, signal) => {
    if (signal === null) process.exitCode = status ?? 1
    else {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  })
}
