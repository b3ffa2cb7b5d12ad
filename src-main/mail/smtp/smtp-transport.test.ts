import { test, type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { testCertificates, type TestCertificate } from '../../../testbed/certificates.ts'
import { startScriptedServer } from '../../../testbed/scripted-server.ts'
import { passwordConnection } from '../../../testbed/password-connection.ts'
import type { OutgoingMessage, SendAnswer } from '../outgoing-transport.ts'
import { createSmtpTransport } from './smtp-transport.ts'

const password = 'correct-horse'
const transport = createSmtpTransport()
const message: OutgoingMessage = { from: 'it@example.com', recipients: ['ann@example.org', 'bob@example.org'], messageId: '<1@example.com>', raw: Buffer.from('From: it@example.com\r\nSubject: x\r\n\r\n.dot\r\nGr\u00fc\u00dfe\r\n') }

type Received = { from: string; to: string[]; raw: string; user: string; secure: boolean }
const refusal = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code })

async function startServer(context: TestContext, options: SMTPServerOptions & { certificate?: TestCertificate } = {}): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = []
  const certificate = options.certificate ?? testCertificates().good
  const server = new SMTPServer({
    logger: false, cert: certificate.cert, key: certificate.key, authMethods: ['PLAIN', 'LOGIN'],
    onAuth: (auth, _session, done) => (auth.password === password ? done(null, { user: auth.username }) : done(refusal(535, '5.7.8 Authentication failed'))),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
        received.push({ from, to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString(), user: String(session.user || ''), secure: session.secure })
        done()
      })
    },
    ...options
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => new Promise<void>((resolve) => server.close(resolve)))
  return { port: (server.server.address() as AddressInfo).port, received }
}

const serverAt = (port: number, change: Partial<OutgoingServer> = {}): OutgoingServer => ({
  ...newOutgoingServer('smtp'), name: 'main', host: 'localhost', port, security: 'starttls', replyTo: 'it@example.com', timeoutMs: 3_000,
  auth: { method: 'password', user: 'it@example.com', secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, ...change
})
const send = (server: OutgoingServer, { secret = password, signal = AbortSignal.timeout(10_000), lines = [] as string[] } = {}): Promise<SendAnswer> =>
  transport.send(server, message, { ...passwordConnection(server.auth.user, secret), ...(server.auth.method === 'none' ? { credentials: null } : {}), signal, transcript: (line) => void lines.push(line), cursor: null })
const problemOf = (code: string) => (error: unknown): boolean => {
  assert.ok(error instanceof ProblemError, String(error))
  assert.equal(error.problem.code, code, JSON.stringify(error.problem))
  return true
}

test('a message arrives unchanged over each security', async (context) => {
  const starttls = await startServer(context)
  const tls = await startServer(context, { secure: true })
  const plain = await startServer(context, { hideSTARTTLS: true, allowInsecureAuth: true })
  for (const [where, security] of [[starttls, 'starttls'], [tls, 'tls'], [plain, 'none']] as const) {
    const answer = await send(serverAt(where.port, { security }))
    assert.deepEqual(answer.accepted, message.recipients)
    assert.match(answer.serverSaid, /^250 /)
    assert.deepEqual(where.received, [{ from: message.from, to: message.recipients, raw: message.raw.toString(), user: 'it@example.com', secure: security !== 'none' }], security)
  }
})

test('without authentication nobody signs in', async (context) => {
  const { port, received } = await startServer(context, { authOptional: true })
  await send(serverAt(port, { auth: { method: 'none', user: '', secret: 'keychain' } }))
  assert.equal(received[0]?.user, '')
})

test('AUTH LOGIN is used where PLAIN is not offered', async (context) => {
  const { port, received } = await startServer(context, { authMethods: ['LOGIN'] })
  await send(serverAt(port))
  assert.equal(received[0]?.user, 'it@example.com')
})

test('STARTTLS that is not offered never becomes plain text', async (context) => {
  const { port, received } = await startServer(context, { hideSTARTTLS: true, allowInsecureAuth: true })
  await assert.rejects(send(serverAt(port)), problemOf('starttls-not-offered'))
  assert.equal(received.length, 0)
})

test('wrong security, certificates and sign-in are told apart', async (context) => {
  const starttls = await startServer(context)
  const tls = await startServer(context, { secure: true })
  const { expired, selfSigned, wrongName } = testCertificates()
  const bad = async (certificate: TestCertificate): Promise<number> => (await startServer(context, { certificate })).port
  const table: [string, Partial<OutgoingServer>, secret?: string][] = [
    ['server-speaks-plain-text', { port: starttls.port, security: 'tls' }],
    ['server-expects-tls', { port: tls.port, security: 'starttls', timeoutMs: 1_000 }],
    ['certificate-expired', { port: await bad(expired) }],
    ['certificate-self-signed', { port: await bad(selfSigned) }],
    ['certificate-wrong-name', { port: await bad(wrongName) }],
    ['certificate-untrusted', { port: starttls.port, tls: { minVersion: 'TLSv1.2', caFile: null, pin: null } }],
    ['credentials-refused', { port: starttls.port }, 'wrong'],
    ['connection-refused', { port: 1 }],
    ['host-not-found', { host: 'no-such-host.invalid' }]
  ]
  for (const [code, change, secret] of table) await assert.rejects(send(serverAt(starttls.port, change), { secret }), problemOf(code), code)
})

test('a pinned self-signed certificate is accepted', async (context) => {
  const certificate = testCertificates().selfSigned
  const { port, received } = await startServer(context, { certificate })
  await send(serverAt(port, { tls: { minVersion: 'TLSv1.2', caFile: null, pin: certificate.fingerprint } }))
  assert.equal(received.length, 1)
})

test('refusals in the dialogue name what was refused', async (context) => {
  const table: [string, SMTPServerOptions][] = [
    ['sender-refused', { onMailFrom: (_address, _session, done) => done(refusal(553, '5.7.1 Sender not allowed')) }],
    ['recipient-refused', { onRcptTo: (_address, _session, done) => done(refusal(550, '5.1.1 No such user')) }],
    ['mail-deferred', { onRcptTo: (_address, _session, done) => done(refusal(450, '4.2.0 Greylisted')) }],
    ['mail-refused', { onData: (stream, _session, done) => { stream.resume(); stream.on('end', () => done(refusal(554, '5.7.1 Spam'))) } }],
    ['mail-too-large', { size: 20 }],
    ['server-refused', { onConnect: (_session, done) => done(refusal(554, '5.7.1 Blocked')) }],
    ['server-busy', { onConnect: (_session, done) => done(refusal(421, '4.3.2 Try later')) }]
  ]
  for (const [code, options] of table) {
    const { port } = await startServer(context, options)
    await assert.rejects(send(serverAt(port)), problemOf(code))
  }
})

test('a recipient that is refused alone is reported, the others get the mail', async (context) => {
  const { port, received } = await startServer(context, { onRcptTo: ({ address }, _session, done) => (address.startsWith('bob') ? done(refusal(550, '5.1.1 No such user')) : done()) })
  const answer = await send(serverAt(port))
  assert.deepEqual(answer.accepted, ['ann@example.org'])
  assert.deepEqual(answer.refused.map(({ address }) => address), ['bob@example.org'])
  assert.match(answer.refused[0]?.serverSaid ?? '', /No such user/)
  assert.deepEqual(received[0]?.to, ['ann@example.org'])
})

test('plain text without AUTH: encryption is named as the way out', async (context) => {
  const scripted = await startScriptedServer([{ line: '220 ready' }, { expect: /^EHLO/ }, { send: '250-x\r\n250 STARTTLS\r\n' }, { silence: true }])
  context.after(() => scripted.stop())
  await assert.rejects(send(serverAt(scripted.port, { security: 'none' })), problemOf('sign-in-needs-encryption'))
})

test('silence and drops end the sending; once the message is under way that is said', async (context) => {
  const upToData = [{ line: '220 ready' }, { expect: /^EHLO/ }, { line: '250 x' }, { expect: /^MAIL/ }, { line: '250 ok' }, { expect: /^RCPT/ }, { line: '250 ok' }, { expect: /^RCPT/ }, { line: '250 ok' }]
  const table = [
    { moves: [{ line: '220 ready' }, { silence: true as const }], code: 'server-silent' },
    { moves: [{ line: '220 ready' }, { expect: /^EHLO/ }, { drop: 'reset' as const }], code: 'connection-dropped', during: 'ehlo' },
    { moves: [...upToData, { expect: /^DATA/ }, { line: '354 go' }, { expect: /^\.$/ }, { drop: 'end' as const }], code: 'mail-uncertain' }
  ]
  for (const { moves, code, during } of table) {
    const scripted = await startScriptedServer(moves)
    context.after(() => scripted.stop())
    const sending = send(serverAt(scripted.port, { security: 'none', auth: { method: 'none', user: '', secret: 'keychain' }, timeoutMs: 1_000 }))
    await assert.rejects(sending, (error) => problemOf(code)(error) && (during === undefined || (error instanceof ProblemError && 'during' in error.problem && error.problem.during === during)))
  }
})

test('cancelling ends the sending', async (context) => {
  const scripted = await startScriptedServer([{ line: '220 ready' }, { silence: true }])
  context.after(() => scripted.stop())
  const stop = new AbortController()
  const sending = send(serverAt(scripted.port, { security: 'none' }), { signal: stop.signal })
  setTimeout(() => stop.abort(), 100)
  await assert.rejects(sending, problemOf('cancelled'))
})

test('a transcript holds no secret', async (context) => {
  for (const authMethods of [['PLAIN'], ['LOGIN']]) {
    const { port } = await startServer(context, { authMethods })
    const lines: string[] = []
    await send(serverAt(port), { lines })
    const text = lines.join('\n')
    assert.match(text, /C: MAIL FROM/)
    for (const secret of [password, Buffer.from(password).toString('base64'), Buffer.from(`\0it@example.com\0${password}`).toString('base64')]) assert.ok(!text.includes(secret), text)
  }
})

test('a diagnosis goes up to the sign-in', async (context) => {
  const { port } = await startServer(context, { size: 10_000_000 })
  const steps: TestStep[] = []
  const server = serverAt(port)
  await transport.diagnose(server, { ...passwordConnection(server.auth.user, password), signal: AbortSignal.timeout(10_000), transcript: null, cursor: null }, (step) => steps.push(step))
  assert.deepEqual(steps.map(({ step, outcome }) => [step, outcome]), [['resolve', 'ok'], ['connect', 'ok'], ['tls', 'ok'], ['greeting', 'ok'], ['capabilities', 'ok'], ['sign-in', 'ok']], JSON.stringify(steps))
  assert.match(steps[4]?.detail ?? '', /AUTH PLAIN LOGIN/)
  assert.match(steps[4]?.detail ?? '', /SIZE 10000000/)
  const refused: TestStep[] = []
  await transport.diagnose(server, { ...passwordConnection(server.auth.user, 'wrong'), signal: AbortSignal.timeout(10_000), transcript: null, cursor: null }, (step) => refused.push(step))
  assert.equal(refused.at(-1)?.problem?.code, 'credentials-refused')
  assert.match(refused.at(-1)?.detail ?? '', /^535 /)
})

const tokenServer = (port: number): OutgoingServer => serverAt(port, { host: '127.0.0.1', security: 'none', mailbox: 'support@example.com', auth: { method: 'oauth2', provider: 'other', flow: 'interactive', user: 'it@example.com', secret: 'keychain' } })
const sendByToken = (server: OutgoingServer, lines: string[] = []): Promise<SendAnswer> =>
  transport.send(server, message, { ...passwordConnection('', ''), credentials: { kind: 'token', user: 'it@example.com', token: async () => ({ token: 'the-token', expiresAt: 0, scope: [], account: null }) }, signal: AbortSignal.timeout(10_000), transcript: (line) => void lines.push(line), cursor: null })
const upToAuth = (offered: string) => [{ line: '220 ready' }, { expect: /^EHLO/ }, { send: `250-x\r\n250 AUTH ${offered}\r\n` }]

test('OAUTHBEARER is used where XOAUTH2 is not offered, for the mailbox that is sent as', async (context) => {
  const taken = [{ expect: /^AUTH OAUTHBEARER / }, { line: '235 2.7.0 ok' }, { expect: /^MAIL/ }, { line: '250 ok' }, { expect: /^RCPT/ }, { line: '250 ok' }, { expect: /^RCPT/ }, { line: '250 ok' }, { expect: /^DATA/ }, { line: '354 go' }, { expect: /^\.$/ }, { line: '250 taken' }]
  const scripted = await startScriptedServer([...upToAuth('PLAIN OAUTHBEARER'), ...taken])
  context.after(() => scripted.stop())
  const lines: string[] = []
  assert.match((await sendByToken(tokenServer(scripted.port), lines)).serverSaid, /taken/)
  const shown = scripted.heard.find((line) => line.startsWith('AUTH'))?.split(' ')[2] ?? ''
  assert.equal(Buffer.from(shown, 'base64').toString(), `n,a=support@example.com,\x01host=127.0.0.1\x01port=${scripted.port}\x01auth=Bearer the-token\x01\x01`)
  assert.ok(!lines.join('\n').includes(shown))
})

test('the error of a refused token is told, and the exchange ended as the mechanism wants it', async (context) => {
  const error = Buffer.from('{"status":"401","schemes":"bearer","scope":"mail"}').toString('base64')
  for (const [mechanism, farewell] of [['XOAUTH2', /^$/], ['OAUTHBEARER', /^AQ==$/]] as const) {
    const scripted = await startScriptedServer([...upToAuth(mechanism), { expect: /^AUTH/ }, { line: `334 ${error}` }, { expect: farewell }, { line: '535 5.7.8 no' }])
    context.after(() => scripted.stop())
    const lines: string[] = []
    await assert.rejects(sendByToken(tokenServer(scripted.port), lines), (failure) => problemOf('credentials-refused')(failure) && failure instanceof ProblemError && 'serverSaid' in failure.problem && failure.problem.serverSaid === '535 5.7.8 no (status 401, scope mail)')
    assert.equal(scripted.connections(), 1, 'the same token is not shown again')
  }
})

test('a server that takes no tokens names what it offers', async (context) => {
  const scripted = await startScriptedServer([...upToAuth('PLAIN LOGIN'), { silence: true }])
  context.after(() => scripted.stop())
  await assert.rejects(sendByToken(tokenServer(scripted.port)), problemOf('sign-in-method-not-offered'))
})
