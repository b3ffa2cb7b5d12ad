import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, chmodSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from './free-ports.ts'

/** Postfix's smtp-sink on loopback. `options` are its own, such as `-r RCPT` (4xx to a command) or `-f MAIL` (5xx). */
export type SmtpSink = { port: number; /** Messages taken, each with sink headers X-Client-Addr … in front. */ messages(): Buffer[]; stop(): Promise<void> }

/** Why smtp-sink cannot be started here, with what to do; null when it can. */
export function smtpSinkMissing(): string | null {
  if (process.getuid?.() !== 0) return 'smtp-sink is started under another user, which needs root.'
  return spawnSync('smtp-sink', []).error === undefined ? null : 'smtp-sink is not installed: apt-get install postfix'
}

export async function startSmtpSink(options: string[] = []): Promise<SmtpSink> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'smtp-sink-'))
  chmodSync(folder, 0o777)
  const child = spawn('smtp-sink', ['-u', 'nobody', '-d', `${folder}/%M.`, ...options, `127.0.0.1:${port}`, '100'], { stdio: 'ignore' })
  const killed = (): void => void child.kill('SIGTERM')
  process.once('exit', killed)
  for (let tries = 0; !(await answers(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error('smtp-sink did not start.')
    await sleep(25)
  }
  return {
    port,
    messages: () => readdirSync(folder).sort().map((name) => readFileSync(join(folder, name))),
    async stop() {
      process.off('exit', killed)
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
}
