import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { testCertificates, type TestCertificate } from './certificates.ts'

/** One request as it arrived. */
export type OddRequest = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
export type OddWebServer = { port: number; url: string; heard: OddRequest[]; stop(): Promise<void> }
export type OddAnswer = (request: OddRequest, response: ServerResponse) => void

/** A web service over TLS on a free port that answers as `answer` says, which is nothing that a provider would. */
export async function startOddWebServer(answer: OddAnswer, certificate: Pick<TestCertificate, 'cert' | 'key'> = testCertificates().good): Promise<OddWebServer> {
  const heard: OddRequest[] = []
  const sockets = new Set<Socket>()
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString('latin1') }
    heard.push(asked)
    answer(asked, response)
  }
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (request, response) => void take(request, response).catch(() => response.destroy()))
  server.on('connection', (socket: Socket) => void sockets.add(socket.unref().on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))))
  server.on('tlsClientError', () => undefined)
  server.listen(0, 'localhost')
  await once(server, 'listening')
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    port, url: `https://localhost:${port}`, heard,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

/** Answers everything the same. */
export const always = (status: number, body: string | Buffer = '', headers: Record<string, string> = { 'content-type': 'text/html' }): OddAnswer => (_request, response) => void response.writeHead(status, headers).end(body)

/** Says back everything that it was told, as debug pages and some proxies do. */
export const echo = (status: number, wrap: (text: string) => string = (text) => `<html>${text}</html>`): OddAnswer => (request, response) => void response.writeHead(status, { 'content-type': 'text/html' }).end(wrap(`${request.headers.authorization ?? ''} ${new URLSearchParams(request.body).get('client_secret') ?? ''} ${request.body} ${JSON.stringify(request.headers)}`))

/** Never ends: piece by piece as fast as it is taken, at most `mostBytes` in all. */
export const endless = (status: number, head: string, piece: string, mostBytes = 200_000_000, type = 'application/json'): OddAnswer => (_request, response) => {
  response.writeHead(status, { 'content-type': type })
  response.write(head)
  const block = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)))
  let left = mostBytes
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= block.length
      if (!response.write(block)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}
