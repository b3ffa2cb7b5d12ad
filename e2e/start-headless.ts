import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The built command line. */
export const program = join(fileURLToPath(new URL('..', import.meta.url)), 'out', 'main', 'cli.js')
export const passphrase = 'a passphrase for this test'
export type Headless = { url: string; said(): string; stop(): Promise<void> }

/** Starts a headless host, the demo by default, and waits for its address; `said` is what it wrote to stderr. */
export async function startHeadless(dataFolder: string, { command = ['demo', '--browser'], env = {} }: { command?: string[]; env?: Record<string, string> } = {}): Promise<Headless> {
  const child = spawn(process.execPath, [program, ...command, '--data', dataFolder], { env: { ...process.env, MAILROOM_PASSPHRASE: passphrase, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()))
  try {
    return { url: await urlOf(child, () => said), said: () => said, stop: () => ended(child) }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

const urlOf = async (child: ChildProcess, said: () => string): Promise<string> => {
  let out = ''
  child.stdout?.on('data', (chunk: Buffer) => void (out += chunk.toString()))
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`The host ended with ${child.exitCode}:\n${said()}`)
    if (out.includes('\n')) return (JSON.parse(out) as { url: string }).url
    await wait(100)
  }
  throw new Error(`The host printed no address in a minute:\n${said()}`)
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
