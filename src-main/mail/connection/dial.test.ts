import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo, type LookupFunction, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { testCertificates } from '../../../testbed/certificates.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { connect } from './connect.ts'
import { defaultLimits, type Attempt, type Destination } from './destination.ts'
import { createHttpClient } from './http-client.ts'

const hasIpv6 = Object.values(networkInterfaces()).flat().some((at) => at?.address === '::1')
const skip = hasIpv6 ? false : 'This machine has no IPv6 loopback.'

const resolvesTo = (...addresses: string[]): LookupFunction => (_name, _options, done) => {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  ;(done as (error: null, all: { address: string; family: number }[]) => void)(null, all)
}
const attempt = (lookup?: LookupFunction): Attempt => ({ signal: AbortSignal.timeout(10_000), limits: { ...defaultLimits, connectMs: 3_000, probeMs: 300 }, ...(lookup && { lookup }) })
const to = (host: string, port: number, security: Destination['security'] = 'none'): Destination => ({ speaks: 'imap', host, port, security, tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, proxy: null, proxyPassword: null, clientKeyPassphrase: null })

async function listening(context: TestContext, host: string, port = 0): Promise<number> {
  const server: Server = createTcpServer((socket: Socket) => socket.on('error', () => socket.destroy()).unref())
  server.unref().listen(port, host)
  await once(server, 'listening')
  context.after(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A port of ::1 that answers no SYN: the queue of a stopped process is full. */
async function blackHole(context: TestContext, port: number): Promise<void> {
  const script = `require('net').createServer().listen({ host: '::1', port: ${port}, backlog: 1 }, () => console.log('ready'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  context.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  const fillers = Array.from({ length: 4 }, () => connectTcp(port, '::1').on('error', () => undefined).unref())
  context.after(() => fillers.forEach((filler) => filler.destroy()))
  await sleep(100)
}

test('an IPv6 address that swallows everything delays IPv4 by a quarter of a second', { skip: skip || (process.platform === 'linux' ? false : 'Queues are full in another way here.') }, async (context) => {
  const port = await listening(context, '127.0.0.1')
  await blackHole(context, port)
  const alone = attempt(resolvesTo('::1'))
  alone.limits.connectMs = 600
  const problem = await problemOf(connect(to('swallowed.example', port), alone))
  assert.equal(problem.code, 'connection-timed-out', 'the black hole is none')
  const started = performance.now()
  const socket = await connect(to('both.example', port), attempt(resolvesTo('::1', '127.0.0.1')))
  const took = performance.now() - started
  assert.equal(socket.remoteAddress, '127.0.0.1')
  socket.destroy()
  assert.ok(took > 200 && took < 800, `${took} ms`)
})

test('an IPv6 address that refuses or has no route costs nothing', async (context) => {
  const port = await listening(context, '127.0.0.1')
  for (const dead of ['::1', '2001:db8::1']) {
    const started = performance.now()
    const socket = await connect(to('both.example', port), attempt(resolvesTo(dead, '127.0.0.1')))
    assert.equal(socket.remoteAddress, '127.0.0.1')
    socket.destroy()
    assert.ok(performance.now() - started < 700)
  }
})

test('a server with IPv6 alone: by address, by name, in TLS and in HTTP', { skip }, async (context) => {
  const { good } = testCertificates()
  const plain = await listening(context, '::1')
  for (const [host, lookup] of [['::1', undefined], ['only6.example', resolvesTo('::1')]] as const) {
    const socket = await connect(to(host, plain), attempt(lookup))
    assert.equal(socket.remoteAddress, '::1')
    socket.destroy()
  }
  const web = createServer({ cert: good.cert, key: good.key }, (_asked, answer) => void answer.end('done'))
  web.listen(0, '::1')
  await once(web, 'listening')
  context.after(() => web.close())
  const { port } = web.address() as AddressInfo
  const socket = await connect(to('::1', port, 'tls'), attempt())
  socket.destroy()
  const http = createHttpClient({ route: to('::1', port, 'tls'), attempt: attempt(), transcript: null })
  context.after(() => http.close())
  assert.equal((await http.request({ method: 'GET', url: `https://[::1]:${port}/` })).status, 200)
})
