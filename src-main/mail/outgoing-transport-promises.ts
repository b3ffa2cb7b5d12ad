import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { TestStep, TestStepName } from '#contract/connection-test.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import type { Problem, ProblemCode } from '#contract/problem.ts'
import { outgoingProtocols, type OutgoingProtocol, type Security } from '#contract/protocols.ts'
import { testCertificates, type TestCertificate } from '../../testbed/certificates.ts'
import { closedPort } from '../../testbed/free-ports.ts'
import { startCuttingRelay, type CuttingRelay } from '../../testbed/cutting-relay.ts'
import { startRelay } from '../../testbed/relay.ts'
import { startScriptedServer, type ScriptMove } from '../../testbed/scripted-server.ts'
import { startTestProxy } from '../../testbed/test-proxy.ts'
import type { ConnectionLimits } from './connection/destination.ts'
import type { ConnectionNeeds, TokenSource } from './incoming-transport.ts'
import { problemOf } from './incoming-transport-promises.ts'
import type { OutgoingMessage, OutgoingSession, OutgoingTransport, SendAnswer } from './outgoing-transport.ts'

/** A mail as it reached its recipients: the envelope, and the message without any Bcc field that the protocol may need on its way. */
export type ReceivedMail = { from: string; recipients: string[]; raw: Buffer }

/** What the server does until it is told otherwise: refuses the sender, one recipient, every mail, every mail for now, or mail over so many bytes. */
export type OutgoingFault = { refuse: 'sender' | 'mail' | 'deferred' } | { refuse: 'recipient'; address: string } | { refuse: 'size'; largest: number }
export type OutgoingRefusal = OutgoingFault['refuse']

/** A server on loopback that sends for any user with one secret, and the transport that is held to the promises. */
export type OutgoingGround = {
  /** `plain` is asked for only by protocols that are reached by host. */
  ports: { plain: number; tls: number }
  /** What follows host and port in the URL of an endpoint, such as `/EWS/Exchange.asmx`. */
  endpointPath?: string
  /** The password, or the token that the server takes. */
  secret: string
  caFile: string
  createTransport(limits: Partial<ConnectionLimits>): OutgoingTransport
  /** How the server's auth is set; by password where it is left out. */
  auth?(user: string): OutgoingServer['auth']
  /** Every mail that the server took, in the order of taking. */
  received(): ReceivedMail[]
  /** null: takes everything again. */
  setFault(fault: OutgoingFault | null): void
  /** What a server says until it is ready for TLS (`security: starttls`), and what it says instead when it does not offer it. */
  startTlsScript?(certificate: TestCertificate | null): ScriptMove[]
  /** The server takes the next mail and drops the connection instead of saying so; where it is left out, the first bytes after the mail are its answer. */
  dropNextAnswer?(): void
  stop(): Promise<void>
}

/**
 * What is held to the promises; `skip` says why the real server is missing. `refusal` is the problem of a sign-in that the server does not take,
 * `steps` those of a test where they are not the usual ones. `refuses` names what the protocol tells apart (all by default); `partly` says that one
 * refused recipient does not keep the mail from the others (SMTP).
 */
export type OutgoingSubject = {
  protocol: OutgoingProtocol
  security: Security
  skip: string | false
  signIn?: 'password' | 'token'
  refusal?: ProblemCode
  steps?: readonly TestStepName[]
  refuses?: readonly OutgoingRefusal[]
  partly?: boolean
  /** Larger mail is put together anew by the provider: its parts arrive, not its bytes. */
  wholeUpTo?: number
  /** The mailbox has a copy of what was sent (not SMTP). */
  keepsCopies?: boolean
  /** What a missing copy says; null where the provider may have changed the Message-ID, so that it proves nothing. */
  absence?: false | null
  /** How many sessions share a connection; one by default. */
  sessionsToAConnection?: number
}

const patience: Partial<ConnectionLimits> = { connectMs: 2_000, handshakeMs: 1_000, greetingMs: 600, silenceMs: 1_500, stepMs: 6_000, probeMs: 800 }
const sender = 'it@example.com'
const codeOfRefusal: Record<OutgoingRefusal, ProblemCode> = { sender: 'sender-refused', recipient: 'recipient-refused', mail: 'mail-refused', deferred: 'mail-deferred', size: 'mail-too-large' }

/** Registers tests of what every outgoing transport must keep; what a protocol or a TLS mode does not have by design is not registered. */
export function outgoingTransportPromises(name: string, subject: OutgoingSubject, start: () => Promise<OutgoingGround>): void {
  const { protocol, security, skip, signIn = 'password', refusal = 'credentials-refused', steps: ownSteps, partly = protocol === 'smtp', keepsCopies = protocol !== 'smtp', absence = false, sessionsToAConnection = 1 } = subject
  const refuses = subject.refuses ?? (['sender', 'recipient', 'mail', 'deferred', 'size'] as const)
  const { reach } = outgoingProtocols[protocol]
  const testWithTls = security === 'none' ? (): void => undefined : test
  describe(name, { skip, timeout: 120_000 }, () => {
    let ground: OutgoingGround
    let transport: OutgoingTransport
    before(async () => {
      ground = await start()
      transport = ground.createTransport(patience)
    })
    beforeEach(() => ground.setFault(null))
    after(() => ground.stop())

    const serverFor = (change: Partial<OutgoingServer> = {}): OutgoingServer => {
      const server: OutgoingServer = {
        ...(newOutgoingServer(protocol) as OutgoingServer),
        name: 'main', host: 'localhost', port: security === 'tls' ? ground.ports.tls : ground.ports.plain, security, replyTo: sender, timeoutMs: 5_000,
        auth: ground.auth?.(sender) ?? { method: 'password', user: sender, secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: ground.caFile, pin: null }, ...change
      }
      return reach === 'endpoint' ? { ...server, endpoint: `https://${server.host}:${server.port}${ground.endpointPath ?? ''}` } : server
    }
    const tokenSource = (secret: string): TokenSource => async () => ({ token: secret, expiresAt: Date.now() + 3_600_000, scope: [], account: sender })
    const needs = (secret = ground.secret, lines: string[] = [], signal = AbortSignal.timeout(60_000)): ConnectionNeeds => ({
      credentials: signIn === 'password' ? { kind: 'password', user: sender, secret } : { kind: 'token', user: sender, token: tokenSource(secret) },
      proxyPassword: null, clientKeyPassphrase: null, signal, transcript: (line) => void lines.push(line), cursor: null
    })
    const send = (message: OutgoingMessage, server = serverFor(), connection = needs()): Promise<SendAnswer> => transport.send(server, message, connection)
    const stepsOf = async (server: OutgoingServer, connection = needs()): Promise<TestStep[]> => {
      const steps: TestStep[] = []
      await transport.diagnose(server, connection, (step) => steps.push(step))
      return steps
    }
    /** Sending must end with this problem, and nothing may have been taken. */
    const sendingFails = async (code: ProblemCode, message: OutgoingMessage, server = serverFor(), connection = needs()): Promise<Problem> => {
      const taken = ground.received().length
      const problem = await problemOf(send(message, server, connection))
      assert.equal(problem.code, code, JSON.stringify(problem))
      assert.equal(ground.received().length, taken, 'nothing is accepted when sending throws')
      return problem
    }
    /** Sending and testing must both end with this problem. */
    const failsWith = async (code: ProblemCode, server: OutgoingServer, secret = ground.secret): Promise<Problem> => {
      // A password is judged with the first request where the protocol has no sign-in of its own.
      if (code !== refusal) assert.equal((await problemOf(transport.open(server, needs(secret)))).code, code)
      const problem = await sendingFails(code, mail('x'), server, needs(secret))
      const last = (await stepsOf(server, needs(secret))).at(-1)
      assert.equal(last?.outcome, 'failed')
      assert.equal(last?.problem?.code, code, JSON.stringify(last))
      return problem
    }
    const faults: OutgoingFault[] = [{ refuse: 'sender' }, { refuse: 'recipient', address: 'ann@example.org' }, { refuse: 'mail' }, { refuse: 'deferred' }, { refuse: 'size', largest: 20_000 }]
    const lastReceived = (count: number): ReceivedMail[] => ground.received().slice(-count)

    describe('a mail', () => {
      test('arrives once, byte for byte, with its Message-ID, from its sender, at each recipient', async () => {
        const taken = ground.received().length
        const message = mail('Grüße', { body: Buffer.concat([Buffer.from('Grüße\r\n.\r\n..dots\r\n.\r\n'), Buffer.from('x'.repeat(900)), Buffer.from('\r\n\r\n\r\n')]), recipients: ['ann@example.org', 'bob@example.org'] })
        const answer = await send(message)
        assert.deepEqual([answer.accepted, answer.refused], [['ann@example.org', 'bob@example.org'], []])
        assert.notEqual(answer.serverSaid, '')
        assert.equal(ground.received().length, taken + 1)
        const [got] = lastReceived(1)
        assert.deepEqual([got?.from, [...(got?.recipients ?? [])].sort()], [sender, ['ann@example.org', 'bob@example.org']])
        assert.ok(got?.raw.equals(message.raw) === true, got?.raw.toString('latin1').slice(0, 400))
        assert.equal(headerOf(got?.raw ?? Buffer.alloc(0), 'message-id'), message.messageId)
      })

      const largeBytes = Math.min(5_000_000, subject.wholeUpTo ?? Infinity)
      test(`of ${largeBytes / 1_000_000} MB arrives whole`, async () => {
        const line = `${'0123456789abcdef'.repeat(4)}\r\n`
        const message = mail('large', { body: Buffer.from(line.repeat(Math.floor((largeBytes - 1_000) / line.length))) })
        await send(message)
        assert.ok(lastReceived(1)[0]?.raw.equals(message.raw))
      })

      test('reaches those in Bcc, who are in no header', async () => {
        const message = mail('secret', { recipients: ['ann@example.org', 'hidden@example.org'], to: ['ann@example.org'] })
        await send(message)
        const [got] = lastReceived(1)
        assert.deepEqual([...(got?.recipients ?? [])].sort(), ['ann@example.org', 'hidden@example.org'])
        assert.ok(!got?.raw.toString('latin1').includes('hidden@'))
      })

      test('goes out as often as it is sent, several at once too', async () => {
        const taken = ground.received().length
        const subjects = ['one', 'two', 'three', 'four', 'five', 'six']
        await Promise.all(subjects.map((subject) => send(mail(subject))))
        assert.deepEqual(ground.received().slice(taken).map(({ raw }) => headerOf(raw, 'subject')).sort(), [...subjects].sort())
      })
    })

    describe('a session', () => {
      type Open = { session: OutgoingSession; relay: CuttingRelay; server: OutgoingServer }
      /** Opens a session through a relay and closes both when the work is done. */
      const inSession = async (work: (open: Open) => Promise<void>, signal = AbortSignal.timeout(60_000)): Promise<void> => {
        const relay = await startCuttingRelay(security === 'tls' ? ground.ports.tls : ground.ports.plain)
        const server = serverFor({ port: relay.port })
        try {
          const session = await transport.open(server, needs(ground.secret, [], signal))
          await work({ session, relay, server }).finally(() => session.close())
          await relay.allClosed()
        } finally {
          await relay.stop()
        }
      }

      test('sends mail after mail over one connection, in their order', () => inSession(async ({ session, relay }) => {
        const subjects = ['one', 'two', 'three', 'four', 'five']
        for (const subject of subjects) {
          assert.equal(session.isUsable(), true)
          const { accepted, refused } = await session.send(mail(subject))
          assert.deepEqual([accepted, refused], [['ann@example.org'], []])
        }
        assert.deepEqual(lastReceived(5).map(({ raw }) => headerOf(raw, 'subject')), subjects)
        assert.equal(relay.connections(), 1)
      }))

      for (const fault of faults.filter(({ refuse }) => refuses.includes(refuse))) {
        test(`stays open where the server refuses (${fault.refuse}), and the next mail goes over it`, () => inSession(async ({ session, relay }) => {
          ground.setFault(fault)
          const taken = ground.received().length
          await assert.rejects(session.send(mail('refused', { body: Buffer.from('x'.repeat(70).concat('\r\n').repeat(600)) })))
          assert.equal(ground.received().length, taken)
          ground.setFault(null)
          // What the server said in EHLO holds for the connection.
          if (fault.refuse !== 'size') {
            assert.equal(session.isUsable(), true)
            await session.send(mail('taken'))
            assert.equal(headerOf(lastReceived(1)[0]?.raw ?? Buffer.alloc(0), 'subject'), 'taken')
            assert.equal(relay.connections(), 1)
          }
        }))
      }

      test('opens as many as it says, which all send at once; the settings may want fewer', async () => {
        const most = transport.mostSessions(serverFor({ mostConnections: 3 }))
        assert.equal(most, 3 * sessionsToAConnection)
        assert.equal(transport.mostSessions(serverFor({ mostConnections: 1 })), sessionsToAConnection)
        const taken = ground.received().length
        const sessions = await Promise.all(Array.from({ length: most }, () => transport.open(serverFor(), needs())))
        await Promise.all(sessions.map(async (session, index) => {
          for (const round of [1, 2, 3]) await session.send(mail(`${index} ${round}`))
          session.close()
        }))
        assert.equal(ground.received().length, taken + 3 * most)
      })

      test('that is closed takes no mail any more, and may be closed again', () => inSession(async ({ session, relay }) => {
        await session.send(mail('last'))
        session.close()
        session.close()
        assert.equal(session.isUsable(), false)
        await relay.allClosed()
        const taken = ground.received().length
        assert.notEqual((await problemOf(session.send(mail('too late')))).code, 'mail-uncertain')
        assert.equal(ground.received().length, taken)
      }))

      test('ends with its signal', async () => {
        const stop = new AbortController()
        await inSession(async ({ session, relay }) => {
          await session.send(mail('before the end'))
          stop.abort()
          assert.equal(session.isUsable(), false)
          await relay.allClosed()
          assert.notEqual((await problemOf(session.send(mail('after')))).code, 'mail-uncertain')
        }, stop.signal)
        assert.equal((await problemOf(transport.open(serverFor(), needs(ground.secret, [], AbortSignal.abort())))).code, 'cancelled')
      })

      test('whose idle connection is lost knows it, or makes another: the next mail goes once', () => inSession(async ({ session, relay, server }) => {
        await session.send(mail('before'))
        const taken = ground.received().length
        await relay.cut()
        if (session.isUsable()) await session.send(mail('after'))
        else {
          const next = await transport.open(server, needs())
          await next.send(mail('after')).finally(() => next.close())
        }
        assert.equal(ground.received().length, taken + 1)
      }))

      // More than the buffers of the system take on their way.
      const mostThatIsSent = Math.min(20_000_000, (subject.wholeUpTo ?? Infinity) - 10_000)
      test('that is cut before the whole mail was out has sent nothing, or all of it over another connection', () => inSession(async ({ session, relay }) => {
        await session.send(mail('before'))
        const taken = ground.received().length
        relay.cutAfterSent(200_000)
        const problem = await session.send(mail('large', { body: Buffer.from('0123456789abcdef\r\n'.repeat(mostThatIsSent / 18)) })).then(() => null, (error: unknown) => problemOf(Promise.reject(error)))
        // A slow machine may leave the answer of the other connection waiting for longer than patience goes.
        const expected = problem === null ? [undefined, true, 1] : problem.code === 'mail-uncertain' ? ['mail-uncertain', false, 1] : ['connection-dropped', false, 0]
        assert.deepEqual([problem?.code, session.isUsable(), ground.received().length - taken], expected, JSON.stringify(problem))
      }))

      test('that is cut between the end of a mail and its answer cannot say whether it went', () => inSession(async ({ session, relay, server }) => {
        await session.send(mail('before'))
        const taken = ground.received().length
        if (ground.dropNextAnswer === undefined) relay.cutNextAnswer()
        else ground.dropNextAnswer()
        const message = mail('in doubt')
        const problem = await problemOf(session.send(message))
        assert.deepEqual(problem, { code: 'mail-uncertain', server: 'main', serverSaid: '' })
        assert.equal(session.isUsable(), false)
        assert.equal(ground.received().length, taken + 1)
        assert.equal(await transport.wasSent(server, message.messageId, needs()), keepsCopies ? true : null)
      }))

      test('knows of a copy by its Message-ID, and of none', async () => {
        const message = mail('kept')
        await send(message)
        assert.equal(await transport.wasSent(serverFor(), message.messageId, needs()), keepsCopies ? true : null)
        assert.equal(await transport.wasSent(serverFor(), '<never-sent@example.com>', needs()), keepsCopies ? absence : null)
      })
    })

    describe('a server that refuses', () => {
      for (const fault of faults.filter(({ refuse }) => refuses.includes(refuse))) {
        const code = codeOfRefusal[fault.refuse]
        test(`${fault.refuse}: ${code}, and the next mail goes`, async () => {
          ground.setFault(fault)
          const message = mail('refused', { body: Buffer.from('x'.repeat(70).concat('\r\n').repeat(600)) })
          const problem = await sendingFails(code, message)
          if (problem.code === 'recipient-refused') assert.deepEqual(problem.recipients, ['ann@example.org'])
          if (problem.code === 'sender-refused') assert.equal(problem.sender, sender)
          if (problem.code === 'mail-too-large') assert.ok(problem.size >= message.raw.length, JSON.stringify(problem))
          assert.ok('serverSaid' in problem && problem.serverSaid !== '')
          ground.setFault(null)
          await send(mail('taken'))
          assert.equal(headerOf(lastReceived(1)[0]?.raw ?? Buffer.alloc(0), 'subject'), 'taken')
        })
      }

      if (partly && refuses.includes('recipient')) test('one recipient: the others get the mail, and the refused one is named', async () => {
        ground.setFault({ refuse: 'recipient', address: 'bob@example.org' })
        const answer = await send(mail('partly', { recipients: ['ann@example.org', 'bob@example.org'] }))
        assert.deepEqual([answer.accepted, answer.refused.map(({ address }) => address)], [['ann@example.org'], ['bob@example.org']])
        assert.notEqual(answer.refused[0]?.serverSaid ?? '', '')
        assert.deepEqual(lastReceived(1)[0]?.recipients, ['ann@example.org'])
      })
    })

    describe('sign-in', () => {
      test('a wrong secret is refused, and appears nowhere', async () => {
        const lines: string[] = []
        const wrong = 'pässword-that-is-wrong'
        const problem = await sendingFails(refusal, mail('x'), serverFor(), needs(wrong, lines))
        await failsWith(refusal, serverFor(), wrong)
        assert.ok(lines.length > 1, 'the transcript has lines')
        for (const text of [...lines, JSON.stringify(problem)]) for (const form of formsOf(wrong)) assert.ok(!text.includes(form), text)
      })

      test('the right secret appears in no transcript', async () => {
        const lines: string[] = []
        await send(mail('x'), serverFor(), needs(ground.secret, lines))
        await stepsOf(serverFor(), needs(ground.secret, lines))
        assert.ok(lines.length > 1)
        for (const text of lines) for (const form of formsOf(ground.secret)) assert.ok(!text.includes(form), text)
      })

      if (signIn === 'token') test('a token that is refused is renewed once, and the mail goes once', async () => {
        const taken = ground.received().length
        const asked: (string | undefined)[] = []
        const token: TokenSource = async (_signal, refused) => {
          asked.push(refused?.token)
          return { token: refused === undefined ? 'stale-token-of-before' : ground.secret, expiresAt: Date.now() + 3_600_000, scope: [], account: sender }
        }
        await send(mail('renewed'), serverFor(), { ...needs(), credentials: { kind: 'token', user: sender, token } })
        assert.deepEqual(asked.filter((refused) => refused !== undefined), ['stale-token-of-before'])
        assert.equal(ground.received().length, taken + 1)
      })

      test('missing credentials are a problem of their own', async () => {
        await sendingFails('credentials-missing', mail('x'), serverFor(), { ...needs(), credentials: null })
      })
    })

    describe('a test', () => {
      test('runs its steps in order and sends nothing', async () => {
        const taken = ground.received().length
        const steps = await stepsOf(serverFor())
        assert.deepEqual(steps.map(({ step }) => step), ownSteps ?? usualSteps(reach, security, signIn), JSON.stringify(steps))
        assert.ok(steps.every(({ outcome, problem, detail }) => outcome === 'ok' && problem === null && detail !== ''), JSON.stringify(steps))
        assert.equal(ground.received().length, taken)
      })

      test('never throws, and a cancelled one says so', async () => {
        const steps = await stepsOf(serverFor(), needs(ground.secret, [], AbortSignal.abort()))
        assert.equal(steps.at(-1)?.problem?.code, 'cancelled', JSON.stringify(steps))
      })
    })

    describe('a connection that cannot be made or kept', () => {
      test('wrong host', async () => void (await failsWith('host-not-found', serverFor({ host: 'no-such-host.invalid' }))))
      test('closed port', async () => void (await failsWith('connection-refused', serverFor({ port: await closedPort() }))))
      test('silent port', async () => {
        const silent = await startScriptedServer([{ silence: true }])
        await failsWith('server-silent', serverFor({ port: silent.port })).finally(() => silent.stop())
      })
      for (const how of ['end', 'reset', 'silence'] as const) {
        test(`lost after the first byte (${how}): nothing is sent`, async () => {
          const relay = await startRelay(security === 'tls' ? ground.ports.tls : ground.ports.plain, { afterBytes: 1, how })
          const taken = ground.received().length
          const problem = await problemOf(send(mail('lost'), serverFor({ port: relay.port }))).finally(() => relay.stop())
          assert.ok((how === 'silence' ? ['server-silent'] : ['connection-dropped', 'tls-handshake-failed', 'not-a-mail-server']).includes(problem.code), JSON.stringify(problem))
          assert.equal(ground.received().length, taken)
        })
      }
      test('cancelling ends it at once', async () => {
        const silent = await startScriptedServer([{ silence: true }])
        const stop = new AbortController()
        const started = performance.now()
        setTimeout(() => stop.abort(), 50)
        const problem = await problemOf(send(mail('x'), serverFor({ port: silent.port }), needs(ground.secret, [], stop.signal))).finally(() => silent.stop())
        assert.equal(problem.code, 'cancelled')
        assert.ok(performance.now() - started < 550, 'before any patience is over')
      })
    })

    describe('a proxy', () => {
      for (const kind of ['http', 'socks5'] as const) {
        test(`${kind}: everything goes through it, and one that refuses is named`, async () => {
          const proxy = await startTestProxy(kind)
          await send(mail('proxied'), serverFor({ proxy: proxy.url })).finally(() => proxy.stop())
          assert.ok(proxy.asked.length > 0 && proxy.asked.every((place) => place.endsWith(`:${serverFor().port}`)), JSON.stringify(proxy.asked))
          const refusing = await startTestProxy(kind, true)
          const problem = await sendingFails('proxy-failed', mail('x'), serverFor({ proxy: refusing.url })).finally(() => refusing.stop())
          assert.ok('proxy' in problem && refusing.url.endsWith(problem.proxy), JSON.stringify(problem))
        })
      }
    })

    describe('certificates', () => {
      const cases: [keyof ReturnType<typeof testCertificates>, ProblemCode][] = [['expired', 'certificate-expired'], ['notYetValid', 'certificate-not-yet-valid'], ['selfSigned', 'certificate-self-signed'], ['wrongName', 'certificate-wrong-name'], ['unknownIssuer', 'certificate-untrusted']]
      for (const [kind, code] of cases) {
        testWithTls(code, async () => {
          const certificate = testCertificates()[kind] as TestCertificate
          const faulty = security === 'tls' ? await startScriptedServer([{ silence: true }], { certificate }) : await startScriptedServer(ground.startTlsScript?.(certificate) ?? [])
          const problem = await failsWith(code, serverFor({ port: faulty.port })).finally(() => faulty.stop())
          assert.ok('certificate' in problem && problem.certificate.fingerprint256 === certificate.fingerprint)
        })
      }

      testWithTls('a pin accepts the pinned certificate and no other', async () => {
        const { good, selfSigned } = testCertificates()
        const pinned = (pin: string): OutgoingServer => serverFor({ tls: { minVersion: 'TLSv1.2', caFile: null, pin } })
        await send(mail('pinned'), pinned(good.fingerprint))
        await failsWith('certificate-pin-mismatch', pinned(selfSigned.fingerprint))
      })

      if (security === 'starttls') test('STARTTLS that is not offered never becomes plain text', async () => {
        const plain = await startScriptedServer(ground.startTlsScript?.(null) ?? [])
        await failsWith('starttls-not-offered', serverFor({ port: plain.port })).finally(() => plain.stop())
        assert.ok(!plain.heard.some((line) => /AUTH|MAIL FROM/i.test(line)), plain.heard.join('\n'))
      })
    })
  })
}

/** The steps of a test that goes well. */
function usualSteps(reach: 'host' | 'endpoint', security: Security, signIn: 'password' | 'token'): TestStepName[] {
  const token: TestStepName[] = signIn === 'token' ? ['token'] : []
  const begin: TestStepName[] = ['resolve', 'connect', ...(security === 'none' ? [] : ['tls' as const])]
  return reach === 'host' ? [...begin, 'greeting', 'capabilities', ...token, 'sign-in'] : [...begin, ...token, 'endpoint', ...(signIn === 'token' ? [] : ['sign-in' as const]), 'mailbox']
}

/** A finished message with CRLF line ends, in UTF-8; `to` are those named in its header, the recipients by default. */
function mail(subject: string, { body = Buffer.from('text\r\n'), recipients = ['ann@example.org'], to = recipients }: { body?: Buffer; recipients?: string[]; to?: string[] } = {}): OutgoingMessage {
  const messageId = `<${mailCount++}@example.com>`
  const head = `From: IT <${sender}>\r\nTo: ${to.join(', ')}\r\nSubject: ${/^[\u0020-\u007e]*$/.test(subject) ? subject : `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`}\r\nMessage-ID: ${messageId}\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`
  return { from: sender, recipients, messageId, raw: Buffer.concat([Buffer.from(head), body]) }
}
let mailCount = 0

function headerOf(raw: Buffer, name: string): string {
  return new RegExp(`^${name}: (.*?)\\r?$`, 'im').exec(raw.subarray(0, 2_000).toString('latin1'))?.[1] ?? ''
}

/** A secret as it would look on the wire: plain, and in base64 wherever in the encoded text it begins. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const encoded = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').slice(before === 0 ? 0 : before + 1).replace(/.=*$/, ''))
  return [secret, bytes.toString('latin1'), ...encoded]
}
