import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as askPlain, type IncomingHttpHeaders } from 'node:http'
import { request as askTls } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { ProblemError } from '#contract/problem.ts'
import { testCertificates } from '../../testbed/certificates.ts'
import type { CallContext } from '../console.ts'
import { createLog } from '../log/create-log.ts'
import { createWebHost, type WebHost } from './web-host.ts'

// The numbers are those of the OWASP Application Security Verification Standard 5.0.0, https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en.

type Answer = { status: number; headers: IncomingHttpHeaders; body: string }
const certificates = testCertificates()
const logged: string[] = []
const contexts: CallContext[] = []
let folder: string
let plain: WebHost
let secure: WebHost

const fakeConsole = {
  answer: async (name: string, _input: unknown, context: CallContext) => {
    contexts.push(context)
    if (name === 'requests.entry') return { ok: true as const, value: { html: '<script>alert(1)</script>' } }
    if (name === 'crash') throw new Error('SELECT secret FROM table at /srv/data')
    return { ok: true as const, value: 'answered' }
  },
  receive: () => false,
  subscribe: () => () => undefined,
  namedToken: () => null,
  guessed: () => undefined
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-asvs-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<meta nonce="MAILROOM-NONCE">')
  writeFileSync(join(folder, 'assets', 'index-AbCd1234.js'), 'export {}')
  const log = createLog({ write: (line) => logged.push(line), now: () => new Date('2026-01-02T03:04:05.000Z') })
  const common = { console: fakeConsole as never, pages: folder, host: '127.0.0.1', port: 0, log }
  plain = await createWebHost(common)
  secure = await createWebHost({ ...common, publicName: 'localhost', tls: { certFile: certificates.good.certFile, keyFile: certificates.good.keyFile } })
})
after(async () => {
  await plain.close()
  await secure.close()
  rmSync(folder, { recursive: true })
})

function send(host: WebHost, method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  const { port, protocol } = new URL(host.url)
  const ask = protocol === 'https:' ? askTls : askPlain
  return new Promise((resolve, reject) => {
    const request = ask({ host: '127.0.0.1', port, method, path, headers, agent: false, ...(protocol === 'https:' ? { ca: certificates.ca.cert, servername: 'localhost' } : {}) }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        // The stream of events has no end.
        if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy()
      })
      response.on('close', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }))
    })
    request.on('error', reject)
    request.end(body)
  })
}
const json = { 'content-type': 'application/json' }
const aCall = JSON.stringify({ name: 'incoming.list', input: {} })
const signIn = async (host: WebHost, link = host.url): Promise<{ cookie: string; set: string }> => {
  const set = (await send(host, 'GET', `/${new URL(link).search}`)).headers['set-cookie']?.[0] ?? ''
  return { cookie: set.split(';')[0] ?? '', set }
}
const signedIn = async (host: WebHost, link?: string): Promise<{ cookie: string }> => ({ cookie: (await signIn(host, link)).cookie })
const everyAnswer = async (host: WebHost): Promise<[string, Answer][]> => {
  const cookie = await signedIn(host)
  return [
    ['the page', await send(host, 'GET', '/', cookie)], ['a file', await send(host, 'GET', '/assets/index-AbCd1234.js', cookie)], ['nothing', await send(host, 'GET', '/none.js', cookie)],
    ['a call', await send(host, 'POST', '/call', { ...cookie, ...json }, aCall)], ['a bug', await send(host, 'POST', '/call', { ...cookie, ...json }, JSON.stringify({ name: 'crash', input: {} }))],
    ['a mail', await send(host, 'GET', '/mail/5', cookie)], ['events', await send(host, 'GET', '/events', cookie)], ['no cookie', await send(host, 'GET', '/')], ['a wrong token', await send(host, 'GET', '/?token=x')],
    ['another host', await send(host, 'GET', '/', { host: 'evil.example' })], ['another method', await send(host, 'DELETE', '/', cookie)], ['the link', await send(host, 'GET', `/${new URL(host.url).search}`)]
  ]
}

test('ASVS 3.2.1: a mail’s own HTML is shown in a sandbox, whoever asks for it directly', async () => {
  const { headers } = await send(plain, 'GET', '/mail/5', await signedIn(plain))
  assert.match(headers['content-security-policy']?.toString() ?? '', /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';/)
})

test('ASVS 3.3.1, 3.3.3: over HTTPS the cookie is Secure and bound to the host by its name', async () => {
  assert.match((await signIn(secure)).set, /^__Host-mailroom-\d+=[\w-]{40,}; HttpOnly; SameSite=Strict; Path=\/; Secure$/)
})

test('ASVS 3.3.2, 3.3.4, 3.3.5: the cookie is for the server alone, for requests of its own page alone, and small', async () => {
  for (const host of [plain, secure]) {
    const { set, cookie } = await signIn(host)
    assert.match(set, /; HttpOnly; SameSite=Strict; Path=\//)
    assert.ok(cookie.length < 4096)
    for (const [what, { body }] of await everyAnswer(host)) assert.ok(!body.includes(cookie.split('=')[1] ?? ''), what)
  }
})

test('ASVS 3.4.1: HTTPS is demanded for a year', async () => {
  for (const [what, { headers }] of await everyAnswer(secure)) assert.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains', what)
})

test('ASVS 3.4.2: no other origin is let in', async () => {
  const cookie = await signedIn(plain)
  for (const origin of ['https://evil.example', 'null', 'http://localhost']) {
    const { headers, status } = await send(plain, 'POST', '/call', { ...cookie, ...json, origin }, aCall)
    assert.deepEqual([status, headers['access-control-allow-origin']], [403, undefined], origin)
  }
})

test('ASVS 3.4.3, 3.4.4, 3.4.5, 3.4.6, 14.3.2: every answer has a policy, a type that is not guessed, no referrer, no frame around it, and is kept by no cache', async () => {
  for (const [what, { headers }] of await everyAnswer(plain)) {
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'/, what)
    assert.match(policy, /base-uri 'none'/, what)
    if (what !== 'a mail') assert.match(policy, /object-src 'none'/, what)
    assert.match(policy, what === 'a mail' ? /frame-ancestors 'self'/ : /frame-ancestors 'none'/, what)
    assert.equal(headers['x-content-type-options'], 'nosniff', what)
    assert.equal(headers['referrer-policy'], 'no-referrer', what)
    assert.match(String(headers['cache-control']), what === 'a file' ? /^private, / : /^no-store$/, what)
  }
  const nonces = await Promise.all([1, 2].map(async () => /'nonce-([^']+)'/.exec(String((await send(plain, 'GET', '/', await signedIn(plain))).headers['content-security-policy']))?.[1]))
  assert.notEqual(nonces[0], nonces[1])
})

const forgeries: [string, Record<string, string>, number][] = [
  ['a form of another page', { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' }, 403],
  ['a form without an origin', { 'content-type': 'text/plain' }, 415],
  ['another site by fetch metadata', { ...json, 'sec-fetch-site': 'cross-site' }, 403],
  ['another port of this machine', { ...json, origin: 'http://127.0.0.1:1' }, 403],
  ['a sub-resource of the same site', { ...json, 'sec-fetch-site': 'same-site' }, 403]
]
for (const [what, headers, status] of forgeries)
  test(`ASVS 3.5.1, 3.5.2: ${what} cannot call, whatever cookie comes along`, async () => {
    contexts.length = 0
    assert.equal((await send(plain, 'POST', '/call', { ...(await signedIn(plain)), ...headers }, aCall)).status, status)
    assert.equal(contexts.length, 0)
  })

test('ASVS 3.5.3, 4.1.4, 13.4.4: calls are POST alone, and no other method is heard anywhere', async () => {
  const cookie = await signedIn(plain)
  contexts.length = 0
  for (const [method, path] of [['GET', '/call?name=incoming.list'], ['PUT', '/call'], ['DELETE', '/'], ['OPTIONS', '/call'], ['TRACE', '/'], ['PATCH', '/events'], ['POST', '/']] as const)
    assert.equal((await send(plain, method, path, { ...cookie, ...json })).status, 405, `${method} ${path}`)
  assert.equal(contexts.length, 0)
})

test('ASVS 3.5.6, 3.5.7: scripts hold no data, and no answer is one', async () => {
  const cookie = await signedIn(plain)
  assert.equal((await send(plain, 'GET', '/assets/index-AbCd1234.js', cookie)).body, 'export {}')
  assert.match(String((await send(plain, 'POST', '/call?callback=x', { ...cookie, ...json }, aCall)).headers['content-type']), /^application\/json/)
})

test('ASVS 4.1.1: every body says what it is and in which characters', async () => {
  for (const [what, { headers, body }] of await everyAnswer(plain)) if (body !== '') assert.match(String(headers['content-type']), /; charset=utf-8$/, what)
})

test('ASVS 4.1.3: what a proxy would say about the sender is not believed', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': '127.0.0.1', 'x-forwarded-proto': 'https', forwarded: 'host=127.0.0.1', 'x-real-ip': '127.0.0.1' }
  assert.equal((await send(plain, 'GET', '/', headers)).status, 421)
})

test('ASVS 4.2.1: a request whose end can be read in two ways is refused', async () => {
  const { port } = new URL(plain.url)
  const said = await new Promise<string>((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('POST /call HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n'))
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).on('close', () => resolve(text)).on('error', reject)
  })
  assert.match(said, /^HTTP\/1\.1 400 /)
  assert.equal(said.match(/HTTP\/1\.1/g)?.length, 1)
})

test('ASVS 5.2.1: headers and bodies have limits', async () => {
  const cookie = await signedIn(plain)
  assert.equal((await send(plain, 'GET', '/', { ...cookie, 'x-long': 'x'.repeat(20_000) })).status, 431)
  assert.equal((await send(plain, 'POST', '/call', { ...cookie, ...json, 'content-length': '90000000' })).status, 413)
})

test('ASVS 7.2.1, 7.2.2, 7.2.3, 11.5.1: sessions are known to the host alone, random with 256 bits, and not the token of the link', async () => {
  const { cookie } = await signIn(plain)
  const value = cookie.split('=')[1] ?? ''
  assert.ok(Buffer.from(value, 'base64url').length >= 32)
  assert.ok(!plain.url.includes(value))
  assert.equal((await send(plain, 'GET', '/', { cookie: cookie.slice(0, -2) })).status, 401)
})

test('ASVS 7.4.1, 14.3.1: signing out ends the session on the host and takes what the browser kept', async () => {
  const { cookie } = await signIn(plain)
  const answer = await send(plain, 'POST', '/sign-out', { cookie })
  assert.deepEqual([answer.status, answer.headers['clear-site-data']], [200, '"cache", "storage"'])
  assert.match(answer.headers['set-cookie']?.[0] ?? '', /^mailroom-\d+=; Max-Age=0; HttpOnly; SameSite=Strict; Path=\/$/)
  assert.equal((await send(plain, 'GET', '/', { cookie })).status, 401)
  assert.equal((await send(plain, 'POST', '/sign-out', { ...(await signedIn(plain)), origin: 'https://evil.example' })).status, 403)
})

test('ASVS 8.2.1, 8.3.1: the role comes from the session, not from what the page says', async () => {
  contexts.length = 0
  await send(plain, 'POST', '/call', { ...(await signedIn(plain, plain.supportUrl)), ...json }, JSON.stringify({ name: 'incoming.list', input: { role: 'administrator' } }))
  assert.equal(contexts[0]?.role, 'support')
  assert.equal((await send(plain, 'POST', '/call', { ...(await signedIn(plain, plain.supportUrl)), ...json }, JSON.stringify({ name: 'incoming.list', input: {}, role: 'administrator' }))).status, 400)
})

test('ASVS 12.1.1: nothing older than TLS 1.2 is spoken', async () => {
  const { port } = new URL(secure.url)
  const tried = (maxVersion: 'TLSv1.1' | 'TLSv1.3') => new Promise<string>((resolve) => {
    const socket = connectTls({ port: Number(port), host: '127.0.0.1', servername: 'localhost', ca: certificates.ca.cert, minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' }, () => {
      resolve(socket.getProtocol() ?? '')
      socket.destroy()
    })
    socket.on('error', () => resolve('refused'))
  })
  assert.deepEqual([await tried('TLSv1.1'), await tried('TLSv1.3')], ['refused', 'TLSv1.3'])
})

test('ASVS 13.4.3, 13.4.6: no listing, no version, no inner workings are shown', async () => {
  const cookie = await signedIn(plain)
  assert.equal((await send(plain, 'GET', '/assets/', cookie)).status, 404)
  for (const [what, { headers }] of await everyAnswer(plain)) assert.deepEqual([headers.server, headers['x-powered-by']], [undefined, undefined], what)
})

test('ASVS 14.2.1: the token leaves the address at once', async () => {
  const { status, headers } = await send(plain, 'GET', `/${new URL(plain.url).search}`)
  assert.deepEqual([status, headers.location], [303, '/'])
})

test('ASVS 16.2.1, 16.2.2, 16.3.1: who signed in, was refused and signed out is written down, with the time in UTC and without the token', async () => {
  logged.length = 0
  const { cookie } = await signIn(plain, plain.supportUrl)
  await send(plain, 'GET', '/?token=wrong')
  await send(plain, 'POST', '/sign-out', { cookie })
  assert.deepEqual(logged.map((line) => line.slice(25)), ['support in a browser signed in\n', 'a link that is not valid was refused to a browser\n', 'support in a browser signed out\n'])
  for (const line of logged) assert.ok(!line.includes(new URL(plain.supportUrl).searchParams.get('token') ?? '') && !line.includes(cookie))
})

test('ASVS 16.4.1: nobody writes lines into the log', async () => {
  logged.length = 0
  await send(plain, 'POST', '/call', { ...(await signedIn(plain)), ...json }, JSON.stringify({ name: 'crash', input: {} }))
  await send(plain, 'GET', `/?token=${encodeURIComponent('x\n2026-01-01T00:00:00.000Z forged')}`)
  for (const line of logged) assert.match(line, /^2026-01-02T03:04:05\.000Z [^\n]*\n$/)
})

test('ASVS 16.5.1, 16.5.4: a bug leaves as words with a reference, and the host goes on', async () => {
  const cookie = await signedIn(plain)
  const { status, body } = await send(plain, 'POST', '/call', { ...cookie, ...json }, JSON.stringify({ name: 'crash', input: {} }))
  assert.equal(status, 500)
  assert.match(body, /reference [0-9A-Z-]+/)
  assert.doesNotMatch(body, /SELECT|srv|Error|at /)
  assert.equal((await send(plain, 'GET', '/', cookie)).status, 200)
})

const files: [string, { certFile: string; keyFile: string }, string][] = [
  ['a certificate that is not there', { certFile: '/none.pem', keyFile: certificates.good.keyFile }, 'tls-cert'],
  ['a key that is not there', { certFile: certificates.good.certFile, keyFile: '/none.pem' }, 'tls-key'],
  ['a key of another certificate', { certFile: certificates.good.certFile, keyFile: certificates.wrongName.keyFile }, 'tls-key'],
  ['a key in place of the certificate', { certFile: certificates.good.keyFile, keyFile: certificates.good.keyFile }, 'tls-cert']
]
for (const [what, tls, path] of files)
  test(`HTTPS with ${what} is refused in words`, async () => {
    await assert.rejects(createWebHost({ console: fakeConsole as never, pages: folder, host: '127.0.0.1', port: 0, log: createLog({ write: null, now: () => new Date() }), tls }), (error: unknown) => error instanceof ProblemError && error.problem.code === 'invalid-input' && error.problem.issues[0]?.path === path)
  })

test('a proxy in front may speak TLS under the name that was given', async () => {
  const host = await createWebHost({ console: fakeConsole as never, pages: folder, host: '127.0.0.1', port: 0, log: createLog({ write: null, now: () => new Date() }), publicName: 'console.example.com' })
  try {
    const set = (await send(host, 'GET', `/${new URL(host.url).search}`, { host: 'console.example.com' })).headers['set-cookie']?.[0] ?? ''
    const cookie = { cookie: set.split(';')[0] ?? '', host: 'console.example.com' }
    assert.equal((await send(host, 'POST', '/call', { ...cookie, ...json, origin: 'https://console.example.com' }, aCall)).status, 200)
    assert.equal((await send(host, 'POST', '/call', { ...cookie, ...json, origin: 'https://other.example.com' }, aCall)).status, 403)
  } finally {
    await host.close()
  }
})
