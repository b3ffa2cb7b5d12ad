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

test('a server that closes kept connections without a word costs a repetition, never a second POST', async (context) => {
  const acted: string[] = []
  const { url, sockets } = await site(context, (asked, answer) => {
    acted.push(asked.method ?? '')
    answer.end('done')
  })
  const http = client(context, { connections: 1 })
  for (const method of ['GET', 'POST', 'GET'] as const) {
    assert.equal((await http.request({ method, url })).status, 200)
    for (const socket of sockets) socket.end()
    await sleep(20)
  }
  assert.deepEqual(acted, ['GET', 'POST', 'GET'])
})

test('what a dying connection swallowed is asked again only where twice is the same as once', async (context) => {
  for (const [request, asked] of [[{ method: 'GET' }, 3], [{ method: 'POST' }, 2], [{ method: 'POST', repeatable: true }, 3]] as const) {
    let count = 0
    const { url } = await site(context, (_asked, answer) => {
      count++
      if (count === 2) answer.socket?.destroy()
      else answer.end('done')
    })
    const http = client(context)
    assert.equal((await http.request({ ...request, url })).status, 200)
    const second = await http.request({ ...request, url }).then(({ status }) => String(status), (error: { problem: { code: string } }) => error.problem.code)
    assert.equal(second, asked === 3 ? '200' : 'connection-dropped')
    assert.equal(count, asked)
  }
})

test('an answer that is too large, and one that breaks off', async (context) => {
  const { url } = await site(context, (asked, answer) => {
    if (asked.url === '/large?secret=1') return void answer.end(Buffer.alloc(200_000))
    answer.writeHead(200, { 'Content-Length': '1000' }).write('only this')
    setTimeout(() => answer.socket?.destroy(), 20)
  })
  const http = client(context)
  const large = await problemOf(http.request({ method: 'GET', url: `${url}/large?secret=1`, mostBytes: 100_000 }))
  assert.ok(large.code === 'endpoint-wrong' && large.endpoint === `${url}/large` && large.serverSaid.includes('100000'), JSON.stringify(large))
  assert.equal((await problemOf(http.request({ method: 'GET', url: `${url}/short` }))).code, 'connection-dropped')
})

test('silence before the answer, in its middle, and in a trickle is told apart from work', async (context) => {
  const { url } = await site(context, (asked, answer) => {
    if (asked.url === '/never') return
    answer.write('begun')
    if (asked.url === '/stops') return
    const timer = setInterval(() => answer.write('.'), 100)
    answer.on('close', () => clearInterval(timer))
    if (asked.url === '/slow') setTimeout(() => (clearInterval(timer), answer.end()), 800)
  })
  const http = client(context, { limits: { silenceMs: 250 } })
  for (const path of ['/never', '/stops']) {
    const problem = await problemOf(http.request({ method: 'GET', url: `${url}${path}` }))
    assert.ok(problem.code === 'server-silent' && problem.afterMs === 250, `${path} ${JSON.stringify(problem)}`)
  }
  assert.equal((await http.request({ method: 'GET', url: `${url}/slow` })).status, 200)
  const trickle = await problemOf(http.request({ method: 'GET', url: `${url}/trickle` }))
  assert.ok(trickle.code === 'server-silent' && trickle.afterMs === 1_250, JSON.stringify(trickle))
})

test('a signal ends a request that waits, for its turn as well as for its answer, and leaves the others alone', async (context) => {
  const { url } = await site(context, (asked, answer) => void setTimeout(() => answer.end('done'), asked.url === '/slow' ? 300 : 0))
  const http = client(context, { connections: 1 })
  const started = performance.now()
  const first = http.request({ method: 'GET', url: `${url}/slow` })
  const queued = await problemOf(http.request({ method: 'GET', url, signal: AbortSignal.timeout(50) }))
  assert.equal(queued.code, 'cancelled')
  assert.ok(performance.now() - started < 250)
  assert.equal((await first).status, 200)
  assert.equal((await problemOf(http.request({ method: 'GET', url: `${url}/slow`, signal: AbortSignal.timeout(50) }))).code, 'cancelled')
  assert.equal((await http.request({ method: 'GET', url })).status, 200)
  assert.equal((await problemOf(http.request({ method: 'GET', url, signal: AbortSignal.abort() }))).code, 'cancelled')
})

test('a large body streams in both directions, and a reader who waits holds the server back', async (context) => {
  const total = 30_000_000
  let written = 0
  const { url } = await site(context, (asked, answer) => {
    if (asked.method === 'POST') return void echo(asked, answer)
    const piece = Buffer.alloc(100_000)
    const more = (): void => {
      while (written < total) {
        written += piece.length
        if (!answer.write(piece)) return void answer.once('drain', more)
      }
      answer.end()
    }
    more()
  })
  const http = client(context, { limits: { silenceMs: 300 } })
  const stream = await http.stream({ method: 'GET', url })
  let read = 0
  for await (const chunk of stream.body) {
    // Longer than the silence that is allowed: it is the reader who is slow.
    if (read === 0) await sleep(400)
    if (read === 0) assert.ok(written < total / 2, `${written} bytes were written while nobody read`)
    read += chunk.length
  }
  assert.equal(read, total)
  const answer = await http.request({ method: 'POST', url, body: Buffer.alloc(5_000_001) })
  assert.equal((JSON.parse(answer.body.toString()) as { size: number }).size, 5_000_001)
  const given = await http.stream({ method: 'GET', url })
  given.destroy()
  assert.equal((await http.request({ method: 'POST', url, body: 'x' })).status, 201)
})

test('a stream that nobody reads to its end gives its turn back', async (context) => {
  const { url } = await site(context, (_asked, answer) => void answer.end(Buffer.alloc(5_000_000)))
  const http = client(context, { connections: 1 })
  for (let times = 0; times < 3; times++) (await http.stream({ method: 'GET', url })).destroy()
  for await (const chunk of (await http.stream({ method: 'GET', url })).body) {
    assert.ok(chunk.length > 0)
    break
  }
  assert.equal((await http.request({ method: 'GET', url })).body.length, 5_000_000)
})

test('an answer that comes before the whole request was sent is the answer', async (context) => {
  const { url } = await site(context, (asked, answer) => {
    asked.pause()
    answer.writeHead(413, { Connection: 'close' }).end('too large')
  })
  const http = client(context)
  const answer = await http.request({ method: 'PUT', url, body: Buffer.alloc(20_000_000) })
  assert.equal(answer.status, 413)
})

test('what is no HTTP over TLS says so, in its own words', async (context) => {
  const script = await startScriptedServer([{ line: '220 mail.example.com ESMTP' }], { certificate: testCertificates().good })
  context.after(() => script.stop())
  const problem = await problemOf(client(context).request({ method: 'GET', url: `https://localhost:${script.port}/` }))
  assert.ok(problem.code === 'not-a-mail-server' && problem.expected === 'HTTP' && problem.serverSaid.includes('220 mail.example.com'), JSON.stringify(problem))
})

test('plain HTTP, plain SMTP and nothing at a TLS port', async (context) => {
  const plain = createPlainServer((_asked, answer) => void answer.end('hello'))
  await new Promise<void>((done) => plain.listen(0, '127.0.0.1', done))
  context.after(() => plain.close())
  const smtp = await startScriptedServer([{ line: '220 mail.example.com ESMTP' }])
  context.after(() => smtp.stop())
  const http = client(context)
  const ask = (port: number, scheme = 'https'): Promise<unknown> => http.request({ method: 'GET', url: `${scheme}://localhost:${port}/` })
  const atPlain = await problemOf(ask((plain.address() as AddressInfo).port))
  assert.ok(atPlain.code === 'server-speaks-plain-text' && /^HTTP\/1.1 /.test(atPlain.serverSaid), JSON.stringify(atPlain))
  const atSmtp = await problemOf(ask(smtp.port))
  assert.ok(atSmtp.code === 'server-speaks-plain-text' && /^220 /.test(atSmtp.serverSaid), JSON.stringify(atSmtp))
  assert.equal((await problemOf(ask(await closedPort()))).code, 'connection-refused')
  assert.equal((await problemOf(ask(smtp.port, 'http'))).code, 'not-a-mail-server')
})

test('certificates, versions and pins are those of mail', async (context) => {
  const { expired, unknownIssuer, selfSigned, wrongName, good } = testCertificates()
  const codes = await Promise.all([expired, unknownIssuer, selfSigned, wrongName].map(async ({ cert, key }) => {
    const { url } = await site(context, (_asked, answer) => void answer.end(), { cert, key })
    return (await problemOf(client(context).request({ method: 'GET', url }))).code
  }))
  assert.deepEqual(codes, ['certificate-expired', 'certificate-untrusted', 'certificate-self-signed', 'certificate-wrong-name'])
  const pinned = (pin: string): HttpRoute => route({ tls: { minVersion: 'TLSv1.2', caFile: null, pin } })
  const { url } = await site(context, (_asked, answer) => void answer.end('done'), { cert: selfSigned.cert, key: selfSigned.key })
  assert.equal((await client(context, { route: pinned(selfSigned.fingerprint) }).request({ method: 'GET', url })).status, 200)
  assert.equal((await problemOf(client(context, { route: pinned(good.fingerprint) }).request({ method: 'GET', url }))).code, 'certificate-pin-mismatch')
  const old = await site(context, (_asked, answer) => void answer.end('done'), { maxVersion: 'TLSv1.2' })
  assert.equal((await problemOf(client(context, { route: route({ tls: { minVersion: 'TLSv1.3', caFile: testCertificates().ca.certFile, pin: null } }) }).request({ method: 'GET', url: old.url }))).code, 'tls-version-too-low')
})

test('a sign-in never goes over plain HTTP, and what is no URL is told', async (context) => {
  const http = client(context)
  for (const url of ['http://localhost:1/x', 'nonsense', 'ftp://localhost/']) assert.equal((await problemOf(http.request({ method: 'GET', url, headers: { authorization: 'Bearer x' } }))).code, 'endpoint-wrong')
})

test('through both kinds of proxy', async (context) => {
  const { url, port } = await site(context, (_asked, answer) => void answer.end('done'))
  for (const kind of ['http', 'socks5'] as const) {
    const proxy = await startTestProxy(kind)
    context.after(() => proxy.stop())
    const http = client(context, { route: route({ proxy: proxy.url }) })
    for (let times = 0; times < 3; times++) assert.equal((await http.request({ method: 'GET', url })).status, 200)
    assert.deepEqual(proxy.asked, [`localhost:${port}`])
  }
})

test('the transcript names requests and answers, and no secret', async (context) => {
  const { url } = await site(context, (_asked, answer) => void answer.writeHead(429, { 'Retry-After': '7', 'Request-Id': 'abc-1', 'Set-Cookie': 'session=topsecret' }).end('{"error":"slow down"}'))
  const lines: string[] = []
  const http = client(context, { transcript: createTranscript((line) => lines.push(line), null) })
  await http.request({ method: 'POST', url: `${url}/me/messages?code=topsecret`, headers: { Authorization: 'Bearer topsecret', Cookie: 'topsecret' }, body: 'client_secret=topsecret' })
  const text = lines.join('\n')
  assert.doesNotMatch(text, /topsecret/)
  assert.match(text, /^C: POST https:\/\/localhost:\d+\/me\/messages\?…$/m)
  assert.match(text, /^S: 429 Too Many Requests; retry-after: 7; request-id: abc-1/m)
  assert.match(text, /^-- "error":"slow down" \{21 bytes\}$/m)
})
