import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testCertificates } from '../../../testbed/certificates.ts'
import { startScriptedServer, type ScriptMove } from '../../../testbed/scripted-server.ts'
import { startTestProxy } from '../../../testbed/test-proxy.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { connect } from './connect.ts'
import { defaultLimits, type Attempt, type Destination } from './destination.ts'
import { createLineWire } from './line-wire.ts'
import { proxyPlace } from './proxy.ts'

const attempt = (): Attempt => ({ signal: AbortSignal.timeout(10_000), limits: { ...defaultLimits, connectMs: 500, handshakeMs: 700, greetingMs: 500, probeMs: 500 } })
const through = (proxy: string, change: Partial<Destination> = {}): Destination => ({ speaks: 'imap', host: 'mail.example.com', port: 993, security: 'none', tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, proxy, proxyPassword: 'pässword', clientKeyPassphrase: null, ...change })

const page = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>hello</html>\r\n'
const bare = 'HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>'
const bytes = (...values: number[]): ScriptMove => ({ send: Buffer.from(values) })
const answers: [string, 'http' | 'socks5', ScriptMove[], string, RegExp][] = [
  ['asks for credentials', 'http', [{ send: 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n' }], 'proxy-asks-for-credentials', /407/],
  ['refuses', 'http', [{ send: 'HTTP/1.1 502 Bad Gateway\r\n\r\n' }], 'proxy-failed', /502 Bad Gateway/],
  ['is a web server that shows a page', 'http', [{ send: page }], 'not-a-proxy', /page instead of a tunnel/],
  ['is an old web server that shows a page', 'http', [{ send: bare }], 'not-a-proxy', /page instead of a tunnel/],
  ['is a web server that knows no CONNECT', 'http', [{ send: 'HTTP/1.1 405 Method Not Allowed\r\n\r\n' }], 'not-a-proxy', /405/],
  ['is a mail server', 'http', [{ line: '220 mail.example.com ESMTP' }], 'not-a-proxy', /^220 mail.example.com ESMTP$/],
  ['is garbage', 'http', [bytes(0, 1, 2, 255, 254)], 'not-a-proxy', /not HTTP|ÿþ/],
  ['is a SOCKS proxy', 'http', [bytes(5, 255)], 'not-a-proxy', /./],
  ['sends a header without end', 'http', [{ send: `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}` }], 'not-a-proxy', /not HTTP/],
  ['closes at once', 'http', [{ drop: 'end' }], 'proxy-failed', /closed/],
  ['resets', 'http', [{ drop: 'reset' }], 'proxy-failed', /./],
  ['says nothing', 'http', [{ silence: true }], 'proxy-failed', /500 ms/],
  ['takes no way to sign in', 'socks5', [bytes(5, 255)], 'proxy-asks-for-credentials', /sign in/],
  ['refuses user and password', 'socks5', [bytes(5, 2), { pauseMs: 30 }, bytes(1, 1)], 'proxy-asks-for-credentials', /refused user name and password/],
  ['does not find the host', 'socks5', [bytes(5, 0), { pauseMs: 30 }, bytes(5, 4, 0, 1, 0, 0, 0, 0, 0, 0)], 'proxy-failed', /find or reach/],
  ['has rules', 'socks5', [bytes(5, 0), { pauseMs: 30 }, bytes(5, 2, 0, 1, 0, 0, 0, 0, 0, 0)], 'proxy-failed', /rules/],
  ['answers with an unknown code', 'socks5', [bytes(5, 0), { pauseMs: 30 }, bytes(5, 99, 0, 1, 0, 0, 0, 0, 0, 0)], 'proxy-failed', /code 99/],
  ['is a mail server', 'socks5', [{ line: '220 mail.example.com ESMTP' }], 'not-a-proxy', /SOCKS5: 220 mail.example.com ESMTP/],
  ['is a web server', 'socks5', [{ send: 'HTTP/1.1 400 Bad Request\r\n\r\n' }], 'not-a-proxy', /HTTP\/1.1 400/],
  ['speaks SOCKS4', 'socks5', [bytes(0, 91, 0, 0, 0, 0, 0, 0)], 'not-a-proxy', /SOCKS5/],
  ['wants GSSAPI, which was not offered', 'socks5', [bytes(5, 1)], 'not-a-proxy', /not offered/],
  ['closes at once', 'socks5', [{ drop: 'end' }], 'proxy-failed', /closed/],
  ['says nothing', 'socks5', [{ silence: true }], 'proxy-failed', /500 ms/]
]
for (const [what, kind, script, code, said] of answers) {
  test(`${kind}: a proxy that ${what} is ${code}`, async (context) => {
    const server = await startScriptedServer(script)
    context.after(() => server.stop())
    const problem = await problemOf(connect(through(`${kind}://us%20er@127.0.0.1:${server.port}`), attempt()))
    assert.equal(problem.code, code)
    assert.ok('proxy' in problem && problem.proxy === `127.0.0.1:${server.port}` && problem.host === 'mail.example.com' && problem.port === 993)
    assert.match(problem.serverSaid, said)
    assert.doesNotMatch(JSON.stringify(problem), /pässword|cMOkc3N3b3Jk/)
  })
}

test('credentials go to the proxy as it wants them', async (context) => {
  const http = await startScriptedServer([{ expect: /^Proxy-Authorization/ }, { send: 'HTTP/1.1 200 Connection established\r\n\r\n* OK hello\r\n' }])
  context.after(() => http.stop())
  const socket = await connect(through(`http://us%20er@127.0.0.1:${http.port}`), attempt())
  assert.ok(http.heard.includes(`Proxy-Authorization: Basic ${Buffer.from('us er:pässword').toString('base64')}`))
  assert.equal(await createLineWire(socket, null).line(500), '* OK hello')
  socket.destroy()
})

for (const kind of ['http', 'socks5'] as const) {
  test(`a ${kind} proxy that lies ends in a certificate problem`, async (context) => {
    const { wrongName, selfSigned } = testCertificates()
    for (const [certificate, code] of [[wrongName, 'certificate-wrong-name'], [selfSigned, 'certificate-self-signed']] as const) {
      const elsewhere = await startScriptedServer([{ line: '* OK hello' }], { certificate })
      const proxy = await startTestProxy(kind, false, elsewhere.port)
      context.after(() => Promise.all([proxy.stop(), elsewhere.stop()]))
      const problem = await problemOf(connect(through(proxy.url, { security: 'tls' }), attempt()))
      assert.equal(problem.code, code)
      assert.ok('host' in problem && problem.host === 'mail.example.com')
    }
  })

  test(`a ${kind} proxy is given addresses of both families as they are`, async (context) => {
    const proxy = await startTestProxy(kind, true)
    context.after(() => proxy.stop())
    for (const host of ['192.0.2.1', '2001:db8::1', '::1', '::ffff:192.0.2.1', 'münchen.example']) await problemOf(connect(through(proxy.url, { host }), attempt()))
    const expected = kind === 'http'
      ? ['192.0.2.1:993', '[2001:db8::1]:993', '[::1]:993', '[::ffff:192.0.2.1]:993', 'xn--mnchen-3ya.example:993']
      : ['192.0.2.1:993', '2001:0db8:0000:0000:0000:0000:0000:0001:993', '0000:0000:0000:0000:0000:0000:0000:0001:993', '0000:0000:0000:0000:0000:ffff:c000:0201:993', 'xn--mnchen-3ya.example:993']
    assert.deepEqual(proxy.asked, expected)
  })
}

test('where a proxy is', () => {
  assert.deepEqual(proxyPlace('http://proxy.example:3128/'), { kind: 'http', host: 'proxy.example', port: 3128, user: null })
  assert.deepEqual(proxyPlace('socks5://us%40er@[::1]:1080'), { kind: 'socks5', host: '::1', port: 1080, user: 'us@er' })
})
