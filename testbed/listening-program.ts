import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Starts a program that listens on a port of 127.0.0.1; resolves when it answers there, with what ends it. It ends with this process in any case. */
export async function startListening(program: string, parameters: readonly string[], port: number): Promise<() => Promise<void>> {
  const child = spawn(program, parameters, { stdio: 'ignore' })
  const killed = (): void => void child.kill('SIGTERM')
  process.once('exit', killed)
  for (let tries = 0; !(await answers(port)); tries++) {
    if (child.exitCode !== null || tries > 400) throw new Error(`${program} did not start.`)
    await sleep(25)
  }
  return async () => {
    process.off('exit', killed)
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
  }
}

/** Whether somebody takes connections at a port of 127.0.0.1. */
export function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
}
