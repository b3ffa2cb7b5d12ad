import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestCertificate } from './certificates.ts'

/**
 * One move of the server. `send` takes bytes as they are (latin1 text); `line` adds CRLF; `expect` waits for a line of the client that
 * matches, and a `${tag}` in what is sent later stands for that line's first word; `drip` sends one byte each `everyMs`;
 * `startTls` turns the connection into TLS; `silence` never answers again; `drop` closes (`reset` with RST).
 */
export type ScriptMove =
  | { send: string | Buffer }
  | { line: string }
  | { expect: RegExp }
  | { pauseMs: number }
  | { drip: string; everyMs: number }
  | { startTls: TestCertificate }
  | { silence: true }
  | { drop: 'end' | 'reset' }

export type ScriptedServer = { host: string; port: number; /** Lines that clients sent, in order. */ heard: string[]; connections(): number; stop(): Promise<void> }

/**
 * A server on loopback that plays the script for each connection (`scripts` may differ by the connection's number, from 0; the last is
 * repeated). With `tls` it speaks TLS from the first byte. After the script the connection stays open and silent.
 */
export async function startScriptedServer(scripts: ScriptMove[] | ScriptMove[][], tls: (TlsOptions & { certificate: TestCertificate }) | null = null): Promise<ScriptedServer> {
  const all = (Array.isArray(scripts[0]) ? scripts : [scripts]) as ScriptMove[][]
  const heard: string[] = []
  const open = new Set<Socket>()
  let count = 0
  const onConnection = (socket: Socket): void => {
    const script = all[Math.min(count++, all.length - 1)] ?? []
    socket.on('error', () => socket.destroy())
    play(socket, script, heard).catch(() => socket.destroy())
  }
  const server: Server = tls ? createTlsServer({ ...tls, cert: tls.certificate.cert, key: tls.certificate.key }, onConnection) : createTcpServer(onConnection)
  server.on('connection', (socket: Socket) => {
    open.add(socket.unref())
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A test that fails before it stops its server must still end.
  server.unref()
  return {
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    heard,
    connections: () => count,
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

async function play(first: Socket, script: ScriptMove[], heard: string[]): Promise<void> {
  let socket = first
  let lines = listenForLines(socket, heard)
  let tag = ''
  const filled = (text: string): Buffer => Buffer.from(text.replaceAll('${tag}', tag), 'latin1')
  for (const move of script) {
    if (socket.destroyed) return
    if ('send' in move) socket.write(typeof move.send === 'string' ? filled(move.send) : move.send)
    else if ('line' in move) socket.write(filled(`${move.line}\r\n`))
    else if ('expect' in move) tag = (await lines.until(move.expect)).split(' ')[0] ?? ''
    else if ('pauseMs' in move) await sleep(move.pauseMs)
    else if ('drip' in move) await drip(socket, filled(move.drip), move.everyMs)
    else if ('silence' in move) return
    else if ('drop' in move) return void (move.drop === 'reset' ? socket.resetAndDestroy() : socket.end())
    else {
      lines.stop()
      socket = new TLSSocket(socket, { isServer: true, cert: move.startTls.cert, key: move.startTls.key })
      socket.on('error', () => socket.destroy())
      lines = listenForLines(socket, heard)
    }
  }
}

async function drip(socket: Socket, bytes: Buffer, everyMs: number): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed) return
    socket.write(Buffer.from([byte]))
    await sleep(everyMs)
  }
}

function listenForLines(socket: Socket, heard: string[]): { until(wanted: RegExp): Promise<string>; stop(): void } {
  const unread: string[] = []
  let buffer = ''
  let wake: (() => void) | null = null
  const onData = (chunk: Buffer): void => {
    buffer += chunk.toString('latin1')
    const parts = buffer.split('\r\n')
    buffer = parts.pop() ?? ''
    unread.push(...parts)
    heard.push(...parts)
    wake?.()
  }
  socket.on('data', onData)
  socket.once('close', () => wake?.())
  return {
    async until(wanted) {
      for (;;) {
        for (let line = unread.shift(); line !== undefined; line = unread.shift()) if (wanted.test(line)) return line
        if (socket.destroyed) throw new Error('The client is gone.')
        await new Promise<void>((done) => (wake = done))
      }
    },
    stop: () => void socket.off('data', onData)
  }
}
