import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const home = dirname(dirname(fileURLToPath(import.meta.url)))

/** The Node that everything but the first steps runs on. */
export const ownNode = join(home, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

export const say = (text) => void process.stderr.write(`${text}\n`)

/** Runs a program in the repository and resolves with its exit status, or null where it could not be started or took longer than `limitMs`. */
export function runProgram(file, parameters, { env = {}, output = 'inherit', limitMs = 0, onOutput = null } = {}) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && file.endsWith('.cmd')
    const child = spawn(file, parameters, { cwd: home, shell, env: { ...process.env, ...env }, stdio: ['ignore', onOutput === null ? toStderr(output) : 'pipe', onOutput === null ? output : 'pipe'] })
    const timer = limitMs > 0 ? setTimeout(() => child.kill('SIGKILL'), limitMs) : null
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput)
    child.on('error', () => resolve(null))
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve(status)
    })
  })
}

// stdout belongs to whoever asked for the set-up; what programs say along the way is for stderr.
const toStderr = (output) => (output === 'inherit' ? process.stderr : output)

/** Runs a program and resolves with what it wrote, both streams together. */
export async function outputOf(file, parameters, options = {}) {
  const chunks = []
  const status = await runProgram(file, parameters, { ...options, onOutput: (chunk) => chunks.push(chunk) })
  return { status, text: Buffer.concat(chunks).toString('utf8') }
}
