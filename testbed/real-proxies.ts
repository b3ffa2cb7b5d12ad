import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closedPort } from './free-ports.ts'

/** `url` names the user, never the password. */
export type RealProxy = { url: string; stop(): Promise<void> }
export type RealProxyUser = { user: string; password: string }

/** Why tests with a program have to be skipped; false where it is installed. */
export function missingProgram(name: string): string | false {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))) ? false : `${name} is not installed`
}

/** tinyproxy: CONNECT to every port, with BasicAuth where a user is given. */
export async function startTinyproxy(sign: RealProxyUser | null, connectPorts: number[] = []): Promise<RealProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-tinyproxy-'))
  const port = await closedPort()
  const settings = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 30', 'MaxClients 50', 'LogLevel Error', `LogFile "${join(folder, 'log')}"`]
  if (sign) settings.push(`BasicAuth ${sign.user} ${sign.password}`)
  for (const allowed of connectPorts) settings.push(`ConnectPort ${allowed}`)
  writeFileSync(join(folder, 'conf'), `${settings.join('\n')}\n`)
  const started = spawn('tinyproxy', ['-d', '-c', join(folder, 'conf')], { stdio: 'ignore' })
  return running(started, 'http', port, sign, () => rmSync(folder, { recursive: true, force: true }))
}

/** microsocks: SOCKS5, with user and password (RFC 1929) where a user is given. */
export async function startMicrosocks(sign: RealProxyUser | null): Promise<RealProxy> {
  const port = await closedPort()
  const started = spawn('microsocks', ['-i', '127.0.0.1', '-p', String(port), ...(sign ? ['-u', sign.user, '-P', sign.password] : [])], { stdio: 'ignore' })
  return running(started, 'socks5', port, sign, () => undefined)
}

async function running(started: ChildProcess, kind: 'http' | 'socks5', port: number, sign: RealProxyUser | null, cleanUp: () => void): Promise<RealProxy> {
  const ended = new Promise<void>((done) => started.once('exit', () => done()))
  const stop = async (): Promise<void> => {
    started.kill('SIGKILL')
    await ended
    cleanUp()
  }
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100) {
      await stop()
      throw new Error(`The ${kind} proxy did not start.`)
    }
    await sleep(50)
  }
  const user = sign === null ? '' : `${encodeURIComponent(sign.user)}@`
  return { url: `${kind}://${user}127.0.0.1:${port}`, stop }
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}
