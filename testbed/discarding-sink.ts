import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from './free-ports.ts'

/** Postfix's smtp-sink that takes everything and keeps nothing; see smtpSinkMissing. */
export async function startDiscardingSink(options: readonly string[] = [], at: number | null = null): Promise<{ port: number; stop(): Promise<void> }> {
  const [port = 0] = at === null ? await freePorts(1) : [at]
  const child = spawn('smtp-sink', ['-u', 'nobody', ...options, `127.0.0.1:${port}`, '100'], { stdio: 'ignore' })
  const killed = (): void => void child.kill('SIGTERM')
  process.once('exit', killed)
  for (let tries = 0; !(await answers(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error('smtp-sink did not start.')
    await sleep(25)
  }
  return {
    port,
    async stop() {
      process.off('exit', killed)
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    }
  }
}

const answers = (port: number): Promise<boolean> => new Promise((done) => {
  const socket = connect(port, '127.0.0.1', () => {
    socket.destroy()
    done(true)
  })
  socket.on('error', () => done(false))
})
