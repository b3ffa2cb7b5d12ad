import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { testCertificates } from '../../../testbed/certificates.ts'
import { closedPort } from '../../../testbed/free-ports.ts'
import { missingProgram, startMicrosocks, startTinyproxy, type RealProxy, type RealProxyUser } from '../../../testbed/real-proxies.ts'
import { startScriptedServer } from '../../../testbed/scripted-server.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { defaultLimits, type Attempt, type Destination } from './destination.ts'
import { createHttpClient } from './http-client.ts'
import { openConversation } from './open-conversation.ts'
import { createTranscript } from './transcript.ts'

const attempt = (): Attempt => ({ signal: AbortSignal.timeout(15_000), limits: { ...defaultLimits, connectMs: 3_000, greetingMs: 2_000, probeMs: 1_000 } })
const through = (proxy: string | null, proxyPassword: string | null, port: number, security: Destination['security']): Destination => ({ speaks: 'imap', host: 'localhost', port, security, tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, proxy, proxyPassword, clientKeyPassphrase: null })
const greetingFrom = async (to: Destination): Promise<string> => {
  const { socket, greeting } = await openConversation(to, attempt(), null, (serverSaid) => ({ code: 'server-refused', serverSaid, host: '', port: 0 }))
  socket.destroy()
  return greeting
}
const servers = async (context: TestContext): Promise<{ plain: number; tls: number; https: number }> => {
  const { good } = testCertificates()
  const plain = await startScriptedServer([{ line: '* OK plain' }])
  const tls = await startScriptedServer([{ line: '* OK secure' }], { certificate: good })
  const web = createServer({ cert: good.cert, key: good.key }, (_asked, answer) => void answer.end('done'))
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done))
  context.after(async () => {
    web.closeAllConnections()
    web.close()
    await Promise.all([plain.stop(), tls.stop()])
  })
  return { plain: plain.port, tls: tls.port, https: (web.address() as AddressInfo).port }
}

const kinds: [string, (sign: RealProxyUser | null) => Promise<RealProxy>, string][] = [['tinyproxy', startTinyproxy, 'pa55-word_.x'], ['microsocks', startMicrosocks, 'p@ss:wörd /%']]
for (const [program, start, password] of kinds) {
  describe(program, { skip: missingProgram(program), timeout: 30_000 }, () => {
    test('without sign-in: plain, TLS and HTTP; the proxy resolves the name', async (context) => {
      const { plain, tls, https } = await servers(context)
      const proxy = await start(null)
      context.after(() => proxy.stop())
      assert.equal(await greetingFrom(through(proxy.url, null, plain, 'none')), 'plain')
      assert.equal(await greetingFrom(through(proxy.url, null, tls, 'tls')), 'secure')
      const http = createHttpClient({ route: through(proxy.url, null, https, 'tls'), attempt: attempt(), transcript: null })
      context.after(() => http.close())
      assert.equal((await http.request({ method: 'GET', url: `https://localhost:${https}/` })).status, 200)
    })

    test('with user and password, right, wrong and none; nothing of them is written down', async (context) => {
      const { plain, tls, https } = await servers(context)
      const proxy = await start({ user: 'mailroom', password })
      context.after(() => proxy.stop())
      assert.equal(await greetingFrom(through(proxy.url, password, plain, 'none')), 'plain')
      assert.equal(await greetingFrom(through(proxy.url, password, tls, 'tls')), 'secure')
      const lines: string[] = []
      const http = createHttpClient({ route: through(proxy.url, password, https, 'tls'), attempt: attempt(), transcript: createTranscript((line) => lines.push(line), null) })
      context.after(() => http.close())
      assert.equal((await http.request({ method: 'GET', url: `https://localhost:${https}/` })).status, 200)
      assert.doesNotMatch(lines.join('\n'), /pa55|p@ss/)
      for (const [url, wrong] of [[proxy.url, 'wrong'], [proxy.url, null], [proxy.url.replace('mailroom@', ''), null]] as const) {
        const problem = await problemOf(greetingFrom(through(url, wrong, tls, 'tls')))
        assert.ok(problem.code === 'proxy-asks-for-credentials' && problem.serverSaid !== '', JSON.stringify(problem))
      }
    })

    test('a server that the proxy does not reach is not the fault of its credentials', async (context) => {
      const proxy = await start(null)
      context.after(() => proxy.stop())
      for (const to of [through(proxy.url, null, await closedPort(), 'tls'), { ...through(proxy.url, null, 993, 'tls'), host: 'nowhere.invalid' }]) {
        const problem = await problemOf(greetingFrom(to))
        assert.ok(problem.code === 'proxy-failed' && problem.serverSaid !== '', JSON.stringify(problem))
      }
    })
  })
}

test('the one kind of proxy taken for the other is told: by its answer, or by its waiting for the end of a line', { skip: missingProgram('tinyproxy') || missingProgram('microsocks'), timeout: 30_000 }, async (context) => {
  const [tiny, socks] = [await startTinyproxy(null), await startMicrosocks(null)]
  context.after(() => Promise.all([tiny.stop(), socks.stop()]))
  const taken = async (url: string): Promise<string> => (await problemOf(greetingFrom(through(url, null, 4711, 'none')))).code
  assert.equal(await taken(tiny.url.replace('http:', 'socks5:')), 'proxy-failed')
  assert.equal(await taken(socks.url.replace('socks5:', 'http:')), 'not-a-proxy')
})

test('tinyproxy forbids a port that is not allowed, in its own words', { skip: missingProgram('tinyproxy'), timeout: 30_000 }, async (context) => {
  const proxy = await startTinyproxy(null, [443])
  context.after(() => proxy.stop())
  const problem = await problemOf(greetingFrom(through(proxy.url, null, 993, 'tls')))
  assert.ok(problem.code === 'proxy-failed' && /403/.test(problem.serverSaid), JSON.stringify(problem))
})
