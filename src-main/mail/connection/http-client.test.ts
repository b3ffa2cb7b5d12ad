import assert from 'node:assert/strict'
import { createServer as createPlainServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { testCertificates } from '../../../testbed/certificates.ts'
import { closedPort } from '../../../testbed/free-ports.ts'
import { startScriptedServer } from '../../../testbed/scripted-server.ts'
import { startTestProxy } from '../../../testbed/test-proxy.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { defaultLimits, type ConnectionLimits } from './destination.ts'
import { createHttpClient, type HttpClient, type HttpClientNeeds, type HttpRoute } from './http-client.ts'
import { createTranscript } from './transcript.ts'

type Site = { url: string; port: number; sockets: Set<Socket>; opened(): number; server: Server }

async function site(context: TestContext, answer: RequestListener, options: ServerOptions = {}): Promise<Site> {
  const { good } = testCertificates()
  const server = createServer({ cert: good.cert, key: good.key, ...options }, answer)
  return listening(context, server)
}

async function listening(context: TestContext, server: Server): Promise<Site> {
  const sockets = new Set<Socket>()
  let opened = 0
  server.on('connection', (socket: Socket) => {
    opened++
    sockets.add(socket.on('close', () => sockets.delete(socket)))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  context.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `https://localhost:${port}`, port, sockets, opened: () => opened, server }
}

const route = (change: Partial<HttpRoute> = {}): HttpRoute => ({ tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, proxy: null, proxyPassword: null, clientKeyPassphrase: null, ...change })

function client(context: TestContext, change: Partial<HttpClientNeeds> & { limits?: Partial<ConnectionLimits> } = {}): HttpClient {
  const made = createHttpClient({ route: route(), attempt: { signal: AbortSignal.timeout(15_000), limits: { ...defaultLimits, connectMs: 1_000, handshakeMs: 1_000, greetingMs: 500, probeMs: 500, silenceMs: 400, ...change.limits } }, transcript: null, ...change })
  context.after(() => made.close())
  return made
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
const echo = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
  const body = await bodyOf(asked)
  answer.writeHead(201, { 'X-Method': asked.method ?? '', 'X-Path': asked.url ?? '', 'Content-Type': 'application/json' }).end(JSON.stringify({ headers: asked.headers, size: body.length, text: body.toString('utf8', 0, 100) }))
}

test('a request goes out as it is, and any status is an answer', async (context) => {
  const { url } = await site(context, (asked, answer) => void echo(asked, answer))
  const http = client(context)
  const answer = await http.request({ method: 'POST', url: `${url}/a/b?c=d%20e`, headers: { Authorization: 'Bearer t', 'Content-Type': 'text/plain' }, body: 'grüezi' })
  assert.equal(answer.status, 201)
  assert.equal(answer.headers['x-method'], 'POST')
  assert.equal(answer.headers['x-path'], '/a/b?c=d%20e')
  const heard = JSON.parse(answer.body.toString()) as { headers: Record<string, string>; text: string }
  assert.equal(heard.text, 'grüezi')
  assert.equal(heard.headers.authorization, 'Bearer t')
  assert.equal(heard.headers['accept-encoding'], 'identity')
  assert.equal(heard.headers.host, new URL(url).host)
  assert.equal(heard.headers['content-length'], '7')
})

test('redirects are not followed', async (context) => {
  const { url } = await site(context, (_asked, answer) => void answer.writeHead(302, { Location: 'https://elsewhere.example/' }).end())
  const { status, headers } = await client(context).request({ method: 'GET', url })
  assert.deepEqual([status, headers.location], [302, 'https://elsewhere.example/'])
})

test('connections are kept, at most as many as allowed, and one where one is asked for', async (context) => {
  for (const [connections, most] of [[4, 4], [1, 1]] as const) {
    let running = 0
    let peak = 0
    const { url, opened } = await site(context, (_asked, answer) => {
      peak = Math.max(peak, ++running)
      setTimeout(() => {
        running--
        answer.end('done')
      }, 10)
    })
    const http = client(context, { connections })
    const answers = await Promise.all(Array.from({ length: 20 }, () => http.request({ method: 'GET', url })))
    assert.ok(answers.every(({ status }) => status === 200))
    assert.equal(opened(), most)
    assert.equal(peak, most)
  }
})
