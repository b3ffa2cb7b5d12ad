import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SecureVersion, TlsOptions } from 'node:tls'
import type { TlsSettings } from '#contract/fields.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { startScriptedServer } from '../../../testbed/scripted-server.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { clientCertificate } from './client-certificate.ts'
import { defaultLimits, type Attempt, type Destination } from './destination.ts'
import { createHttpClient } from './http-client.ts'
import { openConversation } from './open-conversation.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailroom-client-certificate-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const { client, strangeClient, good, ca, linked, unlinked } = testCertificates()
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const encrypted = file('encrypted.pem', createPrivateKey(client.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }).toString())
const binary = file('client.der', Buffer.from(client.cert.replace(/-----[^-]+-----/g, ''), 'base64'))
const noPem = file('notes.txt', 'nothing of the kind')
const damaged = file('damaged.pem', client.cert.replace(/\n[^\n]{30}/, '\nAAAA'))
const damagedKey = file('damaged-key.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n')

const loaded = (clientCertFile: string, clientKeyFile: string, clientKeyPassphrase: string | null = null): ReturnType<typeof clientCertificate> =>
  clientCertificate({ tls: { minVersion: 'TLSv1.2', caFile: null, pin: null, clientCertFile, clientKeyFile }, clientKeyPassphrase })

const unusable: [string, string, string, string | null, string, RegExp][] = [
  ['a missing certificate', join(folder, 'gone.pem'), client.keyFile, null, 'gone.pem', /no such file/],
  ['a missing key', client.certFile, join(folder, 'gone-key.pem'), null, 'gone-key.pem', /no such file/],
  ['a folder', folder, client.keyFile, null, '', /cannot be read \(EISDIR\)/],
  ['no PEM', noPem, client.keyFile, null, 'notes.txt', /no PEM/],
  ['a binary certificate', binary, client.keyFile, null, 'client.der', /PKCS #12/],
  ['a key in place of the certificate', client.keyFile, client.keyFile, null, 'client-key.pem', /no certificate/],
  ['a certificate in place of the key', client.certFile, client.certFile, null, 'client.pem', /no private key/],
  ['a damaged certificate', damaged, client.keyFile, null, 'damaged.pem', /damaged/],
  ['a damaged key', client.certFile, damagedKey, null, 'damaged-key.pem', /damaged/],
  ['no passphrase', client.certFile, encrypted, null, 'encrypted.pem', /none is stored/],
  ['a wrong passphrase', client.certFile, encrypted, 'open barley', 'encrypted.pem', /does not fit/],
  ['the key of another certificate', client.certFile, strangeClient.keyFile, null, 'strange-client-key.pem', /another certificate/]
]
for (const [what, certFile, keyFile, passphrase, names, reason] of unusable) {
  test(`${what} is told, with the file and without the passphrase`, async () => {
    const problem = await problemOf(loaded(certFile, keyFile, passphrase))
    assert.ok(problem.code === 'client-certificate-unusable' && problem.file.endsWith(names), JSON.stringify(problem))
    assert.match(problem.reason, reason)
    assert.doesNotMatch(JSON.stringify(problem), /barley/)
  })
}

test('certificate and key are loaded, with a passphrase where one is needed', async () => {
  assert.equal(await clientCertificate({ tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, clientKeyPassphrase: null }), null)
  assert.equal((await loaded(client.certFile, client.keyFile))?.cert, client.cert)
  // A passphrase that is kept for a key without one does no harm.
  assert.equal((await loaded(client.certFile, client.keyFile, 'open sesame'))?.key, client.key)
  assert.equal((await loaded(client.certFile, encrypted, 'open sesame'))?.key, client.key)
})

const attempt = (): Attempt => ({ signal: AbortSignal.timeout(10_000), limits: { ...defaultLimits, handshakeMs: 1_000, greetingMs: 700, probeMs: 700 } })
const mine: Partial<TlsSettings> = { clientCertFile: client.certFile, clientKeyFile: encrypted }
const to = (speaks: Destination['speaks'], port: number, security: Destination['security'], tls: Partial<TlsSettings> = {}): Destination => ({ speaks, host: 'localhost', port, security, tls: { minVersion: 'TLSv1.2', caFile: ca.certFile, pin: null, ...tls }, proxy: null, proxyPassword: null, clientKeyPassphrase: 'open sesame' })
const asking = (version: SecureVersion): TlsOptions => ({ ca: [ca.cert], requestCert: true, rejectUnauthorized: true, minVersion: version, maxVersion: version })
const greeted = async (destination: Destination): Promise<string> => {
  const { socket, greeting } = await openConversation(destination, attempt(), null, (said) => ({ code: 'server-refused', serverSaid: said, host: '', port: 0 }))
  socket.destroy()
  return greeting
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a server that asks for a client certificate in ${version}: without, with, and with a pin`, async (context) => {
    const server = await startScriptedServer([{ line: '* OK hello' }], { ...asking(version), certificate: good })
    context.after(() => server.stop())
    const without = await problemOf(greeted(to('imap', server.port, 'tls')))
    assert.ok(without.code === 'client-certificate-wanted' && /alert/.test(without.serverSaid), JSON.stringify(without))
    assert.equal(await greeted(to('imap', server.port, 'tls', mine)), 'hello')
    assert.equal(await greeted(to('imap', server.port, 'tls', { ...mine, caFile: null, pin: good.fingerprint })), 'hello')
  })

  test(`the same over HTTP in ${version}`, async (context) => {
    const server = createServer({ ...asking(version), cert: good.cert, key: good.key }, (_asked, answer) => void answer.end('done'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    context.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const ask = async (tls: Partial<TlsSettings>): Promise<number> => {
      const http = createHttpClient({ route: to('http', port, 'tls', tls), attempt: attempt(), transcript: null })
      context.after(() => http.close())
      return (await http.request({ method: 'GET', url: `https://localhost:${port}/` })).status
    }
    assert.equal((await problemOf(ask({}))).code, 'client-certificate-wanted')
    assert.equal(await ask(mine), 200)
    assert.equal((await problemOf(ask({ ...mine, clientKeyFile: strangeClient.keyFile }))).code, 'client-certificate-unusable')
  })
}

test('a server without a common cipher is not taken for one that asks for a client certificate', async (context) => {
  const server = await startScriptedServer([{ line: '* OK hello' }], { certificate: good, maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0' })
  context.after(() => server.stop())
  assert.equal((await problemOf(greeted(to('imap', server.port, 'tls')))).code, 'tls-handshake-failed')
})

test('a leaf without its intermediate is an incomplete chain; with it, with a pin or with the CA file the server is trusted', async (context) => {
  const broken = await startScriptedServer([{ line: '* OK hello' }], { certificate: unlinked })
  const whole = await startScriptedServer([{ line: '* OK hello' }], { certificate: linked })
  context.after(() => Promise.all([broken.stop(), whole.stop()]))
  const problem = await problemOf(greeted(to('imap', broken.port, 'tls')))
  assert.ok(problem.code === 'certificate-chain-incomplete' && problem.certificate.issuer === 'CN=Mailroom test intermediate', JSON.stringify(problem))
  assert.equal(await greeted(to('imap', whole.port, 'tls')), 'hello')
  assert.equal(await greeted(to('imap', broken.port, 'tls', { caFile: null, pin: unlinked.fingerprint })), 'hello')
  assert.equal(await greeted(to('imap', broken.port, 'tls', { caFile: linked.certFile })).catch(() => 'refused'), 'refused')
  const both = file('both.pem', ca.cert + linked.cert)
  assert.equal(await greeted(to('imap', broken.port, 'tls', { caFile: both })), 'hello')
  // The whole chain of an authority that nobody knows lacks no link.
  assert.equal((await problemOf(greeted(to('imap', whole.port, 'tls', { caFile: null })))).code, 'certificate-untrusted')
})
