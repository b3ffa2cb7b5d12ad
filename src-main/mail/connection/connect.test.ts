import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { closedPort } from '../../../testbed/free-ports.ts'
import { startScriptedServer, type ScriptMove } from '../../../testbed/scripted-server.ts'
import { startTestProxy } from '../../../testbed/test-proxy.ts'
import { certificateOf } from '../certificate-of.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { connect } from './connect.ts'
import { defaultLimits, type Attempt, type Destination } from './destination.ts'
import { createLineWire } from './line-wire.ts'

const attempt = (signal = AbortSignal.timeout(10_000)): Attempt => ({ signal, limits: { ...defaultLimits, connectMs: 1_000, handshakeMs: 700, greetingMs: 500, probeMs: 500 } })
const to = (port: number, change: Partial<Destination> = {}): Destination => ({ speaks: 'imap', host: 'localhost', port, security: 'none', tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, proxy: null, proxyPassword: null, clientKeyPassphrase: null, ...change })
const greeting: ScriptMove[] = [{ line: '* OK hello' }]

for (const kind of ['http', 'socks5'] as const) {
  test(`through a ${kind} proxy, plain and TLS; the proxy resolves the name`, async () => {
    const proxy = await startTestProxy(kind)
    const plain = await startScriptedServer(greeting)
    const secure = await startScriptedServer(greeting, { certificate: testCertificates().good })
    for (const destination of [to(plain.port, { proxy: proxy.url }), to(secure.port, { proxy: proxy.url, security: 'tls' })]) {
      const socket = await connect(destination, attempt())
      assert.equal(await createLineWire(socket, null).line(1_000), '* OK hello')
      socket.destroy()
    }
    assert.deepEqual(proxy.asked, [`localhost:${plain.port}`, `localhost:${secure.port}`])
    for (const { stop } of [proxy, plain, secure]) await stop()
  })

  test(`a ${kind} proxy that refuses, or is not there, is proxy-failed in its own words`, async () => {
    const proxy = await startTestProxy(kind, true)
    const problem = await problemOf(connect(to(4711, { proxy: proxy.url }), attempt()))
    await proxy.stop()
    assert.ok(problem.code === 'proxy-failed' && problem.serverSaid !== '' && proxy.url.endsWith(problem.proxy), JSON.stringify(problem))
    if (kind === 'http') assert.match(problem.serverSaid, /403 Forbidden by policy/)
    const gone = await problemOf(connect(to(4711, { proxy: `${kind}://127.0.0.1:${await closedPort()}` }), attempt()))
    assert.equal(gone.code, 'proxy-failed')
  })
}

test('a proxy that stays silent is given up', async () => {
  const silent = await startScriptedServer([{ silence: true }])
  for (const kind of ['http', 'socks5']) assert.equal((await problemOf(connect(to(4711, { proxy: `${kind}://127.0.0.1:${silent.port}` }), attempt()))).code, 'proxy-failed')
  await silent.stop()
})

test('abort ends waiting for TCP, for TLS and for a proxy at once', async () => {
  const silent = await startScriptedServer([{ silence: true }])
  for (const destination of [to(silent.port, { security: 'tls' }), to(1, { proxy: `http://127.0.0.1:${silent.port}` })]) {
    const started = performance.now()
    const problem = await problemOf(connect(destination, attempt(AbortSignal.timeout(50))))
    assert.equal(problem.code, 'cancelled')
    assert.ok(performance.now() - started < 400)
  }
  await silent.stop()
})

test('a server that hangs up in the handshake', async () => {
  const hangsUp = await startScriptedServer([{ drop: 'end' }])
  assert.equal((await problemOf(connect(to(hangsUp.port, { security: 'tls' }), attempt()))).code, 'connection-dropped')
  await hangsUp.stop()
})

test('a server with garbage instead of a handshake', async () => {
  const garbage = await startScriptedServer([{ send: Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]) }])
  assert.equal((await problemOf(connect(to(garbage.port, { security: 'tls' }), attempt()))).code, 'tls-handshake-failed')
  await garbage.stop()
})

test('the floor of TLS versions can be lowered, and then an old server is reached', async () => {
  const old = await startScriptedServer(greeting, { certificate: testCertificates().good, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' })
  const refused = await problemOf(connect(to(old.port, { security: 'tls' }), attempt()))
  assert.ok(refused.code === 'tls-version-too-low' && refused.offered === 'TLSv1' && refused.wanted === 'TLSv1.2')
  const socket = await connect(to(old.port, { security: 'tls', tls: { ...to(1).tls, minVersion: 'TLSv1' } }), attempt())
  socket.destroy()
  await old.stop()
})

test('an expired certificate is refused even when it is pinned', async () => {
  const { expired } = testCertificates()
  const server = await startScriptedServer(greeting, { certificate: expired })
  const problem = await problemOf(connect(to(server.port, { security: 'tls', tls: { ...to(1).tls, pin: expired.fingerprint } }), attempt()))
  await server.stop()
  assert.equal(problem.code, 'certificate-expired')
})

test('a pin accepts a self-signed, a foreign and a wrongly named certificate, and nothing else afterwards', async () => {
  const { selfSigned, unknownIssuer, wrongName, good } = testCertificates()
  for (const certificate of [selfSigned, unknownIssuer, wrongName]) {
    const pinned = { security: 'tls', tls: { minVersion: 'TLSv1.2', caFile: null, pin: certificate.fingerprint } } as const
    const server = await startScriptedServer(greeting, { certificate })
    for (let times = 0; times < 2; times++) (await connect(to(server.port, pinned), attempt())).destroy()
    await server.stop()
    const impostor = await startScriptedServer(greeting, { certificate: good })
    const problem = await problemOf(connect(to(impostor.port, pinned), attempt()))
    await impostor.stop()
    assert.equal(problem.code, 'certificate-pin-mismatch')
  }
})

const startTls: Record<'imap' | 'pop3' | 'smtp', ScriptMove[]> = {
  imap: [{ line: '* OK hi' }, { expect: /CAPABILITY/ }, { line: '* CAPABILITY IMAP4rev1 STARTTLS' }, { line: '${tag} OK' }, { expect: /STARTTLS/ }, { line: '${tag} OK' }],
  pop3: [{ line: '+OK hi' }, { expect: /CAPA/ }, { line: '+OK' }, { line: 'STLS' }, { line: '.' }, { expect: /STLS/ }, { line: '+OK' }],
  smtp: [{ line: '220-hi' }, { line: '220 there' }, { expect: /EHLO/ }, { line: '250-me' }, { line: '250-SIZE 1000' }, { line: '250 STARTTLS' }, { expect: /STARTTLS/ }, { line: '220 go' }]
}
for (const speaks of ['imap', 'pop3', 'smtp'] as const) {
  test(`the certificate to pin is shown by ${speaks} with STARTTLS and with TLS, trusted or not`, async () => {
    const certificate = testCertificates().selfSigned
    const withStartTls = await startScriptedServer([...startTls[speaks], { startTls: certificate }])
    const withTls = await startScriptedServer([], { certificate })
    for (const [security, port] of [['starttls', withStartTls.port], ['tls', withTls.port]] as const) {
      const draft = speaks === 'smtp' ? { ...newOutgoingServer('smtp'), host: '127.0.0.1', port, security } : { ...newIncomingServer(speaks, 'IT'), host: '127.0.0.1', port, security }
      const seen = await certificateOf(draft, AbortSignal.timeout(5_000))
      assert.equal(seen.fingerprint256, certificate.fingerprint)
      assert.deepEqual(seen.names, ['localhost', '127.0.0.1', '0:0:0:0:0:0:0:1'])
    }
    await withStartTls.stop()
    await withTls.stop()
  })
}

test('no certificate can be shown of an unfinished draft or a plain server', async () => {
  const draft: IncomingServerDraft = newIncomingServer('imap', 'IT')
  const empty = await problemOf(certificateOf(draft, AbortSignal.timeout(5_000)))
  assert.ok(empty.code === 'invalid-input' && empty.issues[0]?.path === 'host')
  const plain = await startScriptedServer(greeting)
  assert.equal((await problemOf(certificateOf({ ...draft, host: '127.0.0.1', port: plain.port }, AbortSignal.timeout(5_000)))).code, 'server-speaks-plain-text')
  await plain.stop()
})
