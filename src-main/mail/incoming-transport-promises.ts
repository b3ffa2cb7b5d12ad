import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { TestStep, TestStepName } from '#contract/connection-test.ts'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError, type Problem, type ProblemCode } from '#contract/problem.ts'
import { incomingProtocols, type IncomingProtocol, type Security } from '#contract/protocols.ts'
import { testCertificates, type TestCertificate } from '../../testbed/certificates.ts'
import { closedPort } from '../../testbed/free-ports.ts'
import { startRelay, type RelayFault } from '../../testbed/relay.ts'
import { startScriptedServer, type ScriptMove } from '../../testbed/scripted-server.ts'
import type { ConnectionLimits } from './connection/destination.ts'
import type { ConnectionNeeds, Credentials, Cursor, DownloadedMessage, IncomingTransport, ListedMessage, TokenSource } from './incoming-transport.ts'

/** A server on loopback with any user name and one secret, and the transport that is held to the promises. */
export type PromiseGround = {
  /** `plain` is asked for only by protocols that are reached by host. */
  ports: { plain: number; tls: number }
  /** What follows host and port in the URL of an endpoint, such as `/EWS/Exchange.asmx`. */
  endpointPath?: string
  /** The password, or the token that the server takes. */
  secret: string
  caFile: string
  createTransport(limits: Partial<ConnectionLimits>): IncomingTransport
  /** How the server's auth is set; by password where it is left out. */
  auth?(user: string): IncomingServer['auth']
  /** Puts a message (CRLF) into the user's inbox. */
  deliver(user: string, raw: Buffer | string): void
  /** What lies in the folder now, oldest first; `S` in `flags` says that it was read, as in Maildir. */
  stored(user: string, folder?: string): { flags: string; raw: Buffer }[]
  /** Takes away all rights on an existing folder; left out where the server has no rights on folders. */
  denyFolder?(user: string, folder: string): void
  /** What a server says until it is ready for TLS (`security: starttls`), and what it says instead when it does not offer it. */
  startTlsScript?(certificate: TestCertificate | null): ScriptMove[]
  stop(): Promise<void>
}

const patience: Partial<ConnectionLimits> = { connectMs: 2_000, handshakeMs: 1_000, greetingMs: 600, silenceMs: 1_500, stepMs: 6_000, probeMs: 800 }

/**
 * What is held to the promises; `skip` says why the real server is missing. `signIn` is by token where it says so. `refusal` is the problem of a
 * sign-in that the server does not take, `steps` those of a test where they are not the usual ones; `deniesFolders` says that there are rights on folders.
 */
export type PromiseSubject = {
  protocol: IncomingProtocol
  security: Security
  skip: string | false
  signIn?: 'password' | 'token'
  refusal?: ProblemCode
  steps?: readonly TestStepName[]
  deniesFolders?: boolean
}

/** Registers tests of what every incoming transport must keep; what a protocol or a TLS mode does not have by design is not registered. */
export function incomingTransportPromises(name: string, { protocol, security, skip, signIn = 'password', refusal = 'credentials-refused', steps: ownSteps, deniesFolders }: PromiseSubject, start: () => Promise<PromiseGround>): void {
  const { has, reach, inbox } = incomingProtocols[protocol]
  const never = (): void => undefined
  const testWithTls = security === 'none' ? never : test
  const testWithFolders = has.folders ? test : never
  describe(name, { skip, timeout: 120_000 }, () => {
    let ground: PromiseGround
    let transport: IncomingTransport
    before(async () => {
      ground = await start()
      transport = ground.createTransport(patience)
    })
    after(() => ground.stop())

    const serverFor = (user: string, change: Partial<IncomingServer> = {}): IncomingServer => {
      const server: IncomingServer = {
        ...(newIncomingServer(protocol, 'IT') as IncomingServer),
        name: 'it-support', host: 'localhost', port: security === 'tls' ? ground.ports.tls : ground.ports.plain, security,
        auth: ground.auth?.(user) ?? { method: 'password', user, secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: ground.caFile, pin: null }, ...change
      }
      return reach === 'endpoint' ? { ...server, endpoint: `https://${server.host}:${server.port}${ground.endpointPath ?? ''}` } : server
    }
    const credentialsOf = (user: string, secret: string): Credentials =>
      signIn === 'password' ? { kind: 'password', user, secret } : { kind: 'token', user, token: async () => ({ token: secret, expiresAt: Date.now() + 3_600_000, scope: [], account: user }) }
    const needs = (user: string, secret = ground.secret, signal = AbortSignal.timeout(60_000), lines: string[] = [], cursor: Cursor | null = null): ConnectionNeeds =>
      ({ credentials: credentialsOf(user, secret), proxyPassword: null, clientKeyPassphrase: null, signal, transcript: (line: string) => void lines.push(line), cursor })
    const open = (server: IncomingServer) => transport.open(server, needs(userOf(server)))
    const testSteps = async (server: IncomingServer, secret = ground.secret): Promise<TestStep[]> => {
      const steps: TestStep[] = []
      await transport.diagnose(server, needs(userOf(server), secret), (step) => steps.push(step))
      return steps
    }
    /** Opening and testing must both end with this problem. */
    const failsWith = async (code: ProblemCode, server: IncomingServer, secret = ground.secret): Promise<Problem> => {
      const problem = await problemOf(transport.open(server, needs(userOf(server), secret)))
      assert.equal(problem.code, code, JSON.stringify(problem))
      const last = (await testSteps(server, secret)).at(-1)
      assert.equal(last?.outcome, 'failed')
      assert.equal(last?.problem?.code, code, JSON.stringify(last))
      return problem
    }

    describe('messages', () => {
      test('are listed oldest first with their size, and nothing is marked by looking', async () => {
        for (const text of ['one', 'two', 'three']) ground.deliver('lister', mail(text))
        const mailbox = await open(serverFor('lister'))
        const listed = await mailbox.listWaiting()
        const raws = await all(mailbox.download(listed))
        await mailbox.close()
        assert.deepEqual(raws.map(({ raw }) => subjectOf(raw)), ['one', 'two', 'three'])
        assert.deepEqual(listed.map(({ size }) => size), raws.map(({ raw }) => raw.length))
        assert.deepEqual(ground.stored('lister').map(({ flags }) => flags.replace('S', 'seen')), ['', '', ''])
        const again = await open(serverFor('lister'))
        assert.deepEqual(await again.listWaiting(), listed)
        assert.equal(again.identity, mailbox.identity)
        await again.close()
      })

      test('arrive byte for byte: 8-bit, NUL, dot lines, bare LF in encoded text, long lines', async () => {
        const bodies = {
          eightBit: Buffer.concat([Buffer.from('Grüße '), Buffer.from([0xe4, 0xf6, 0xfc, 0xff, 0x80]), Buffer.from('\r\n')]),
          nul: Buffer.from('before\0after\r\n'),
          dots: Buffer.from('.\r\n..\r\n.hidden\r\n...\r\nend\r\n'),
          literals: Buffer.from('{5}\r\n* OK\r\nA1 OK done\r\n)\r\n+OK\r\n-ERR\r\n'),
          longLine: Buffer.from(`${'x'.repeat(70_000)}\r\n`),
          emptyLines: Buffer.from('\r\n\r\n\r\n')
        }
        for (const [subject, body] of Object.entries(bodies)) ground.deliver('bytes', Buffer.concat([Buffer.from(`Subject: ${subject}\r\nFrom: a@example.com\r\n\r\n`), body]))
        const mailbox = await open(serverFor('bytes'))
        const got = await all(mailbox.download(await mailbox.listWaiting()))
        await mailbox.close()
        for (const [index, [subject, body]] of Object.entries(bodies).entries()) {
          const raw = got[index]?.raw ?? Buffer.alloc(0)
          assert.equal(subjectOf(raw), subject)
          // IMAP literals cannot carry NUL (RFC 9051 4.3); Dovecot sends 0x80 in its place.
          const shown = raw.subarray(raw.indexOf('\r\n\r\n') + 4)
          const wanted = subject === 'nul' && shown.includes(0x80) ? Buffer.from('before\x80after\r\n', 'latin1') : body
          assert.ok(shown.equals(wanted), `${subject}: ${shown.subarray(0, 80).toString('latin1')}`)
        }
      })

      test('of 60 MB arrive whole, with others around them', async () => {
        const line = `${'0123456789abcdef'.repeat(4)}\r\n`
        const large = Buffer.from(`Subject: large\r\n\r\n${line.repeat(Math.ceil(60_000_000 / line.length))}`)
        ground.deliver('large', mail('before'))
        ground.deliver('large', large)
        ground.deliver('large', mail('after'))
        // The test server makes its answer in this very process; until it has, nobody says a word.
        const patient = ground.createTransport({ ...patience, silenceMs: 30_000 })
        const mailbox = await patient.open(serverFor('large', { maxMessageSize: 100_000_000 }), needs('large'))
        const got = await all(mailbox.download(await mailbox.listWaiting()))
        await mailbox.close()
        assert.deepEqual(got.map(({ raw }) => subjectOf(raw)), ['before', 'large', 'after'])
        assert.ok(got[1]?.raw.equals(large))
      })

      test('come in one go even where there are many, and a consumer may acknowledge in between', async () => {
        for (let count = 0; count < 250; count++) ground.deliver('many', mail(`m${count}`, count % 10 === 0 ? 'x'.repeat(200_000) : 'short'))
        const mailbox = await open(serverFor('many', { afterFetch: has.flags ? 'mark-seen' : 'delete' }))
        const seen: string[] = []
        let batch: string[] = []
        for await (const message of mailbox.download(await mailbox.listWaiting())) {
          seen.push(subjectOf(message.raw))
          batch.push(message.id)
          if (batch.length === 50 && has.flags) {
            await mailbox.acknowledge(batch)
            batch = []
          }
        }
        await mailbox.acknowledge(batch)
        await mailbox.close()
        assert.deepEqual(seen, Array.from({ length: 250 }, (_none, count) => `m${count}`))
        const again = await open(serverFor('many'))
        assert.deepEqual(await again.listWaiting(), [])
        await again.close()
      })

      test('that vanished after listing are left out', async () => {
        for (const text of ['stays', 'goes', 'stays too']) ground.deliver('vanish', mail(text))
        const other = await open(serverFor('vanish', { afterFetch: 'delete' }))
        const listed = await other.listWaiting()
        if (has.flags) {
          const mailbox = await open(serverFor('vanish'))
          const mine = await mailbox.listWaiting()
          await other.acknowledge([listed[1]?.id ?? ''])
          const got = await all(mailbox.download(mine))
          await mailbox.close()
          assert.deepEqual(got.map(({ raw }) => subjectOf(raw)), ['stays', 'stays too'])
        } else {
          const got = await all(other.download([...listed, { id: 'never-there', size: 10 }]))
          assert.equal(got.length, 3)
        }
        await other.close()
      })

      test('are not marked when the consumer stops in the middle', async () => {
        for (const text of ['a', 'b', 'c']) ground.deliver('stopper', mail(text))
        const mailbox = await open(serverFor('stopper'))
        const listed = await mailbox.listWaiting()
        for await (const message of mailbox.download(listed)) {
          assert.equal(subjectOf(message.raw), 'a')
          break
        }
        assert.deepEqual(await mailbox.listWaiting(), listed)
        await mailbox.close()
      })

      test('an empty mailbox has nothing waiting and no sample', async () => {
        const mailbox = await open(serverFor('empty'))
        assert.deepEqual(await mailbox.listWaiting(), [])
        assert.equal(await mailbox.sample(), null)
        assert.deepEqual(await all(mailbox.download([])), [])
        await mailbox.acknowledge([])
        await mailbox.close()
      })
    })

    describe('acknowledging', () => {
      const acknowledged = async (user: string, change: Partial<IncomingServer>): Promise<ListedMessage[]> => {
        for (const text of ['first', 'second', 'third']) ground.deliver(user, mail(text))
        const server = serverFor(user, change)
        const mailbox = await open(server)
        const listed = await mailbox.listWaiting()
        await all(mailbox.download(listed))
        await mailbox.acknowledge(listed.slice(0, 2).map(({ id }) => id))
        await mailbox.close()
        const again = await open(server)
        const left = await again.listWaiting()
        await again.close()
        return left
      }

      test('mark-seen marks these and only these, and leaves the mail there', async () => {
        const left = await acknowledged('marker', { afterFetch: 'mark-seen' })
        assert.equal(ground.stored('marker').length, 3)
        if (has.flags) assert.deepEqual([left.length, ...ground.stored('marker').map(({ flags }) => flags.includes('S'))], [1, true, true, false])
      })

      test('delete takes these and only these away', async () => {
        assert.equal((await acknowledged('deleter', { afterFetch: 'delete' })).length, 1)
        assert.deepEqual(ground.stored('deleter').map(({ raw }) => subjectOf(raw)), ['third'])
      })

      testWithFolders('move puts these and only these into the other folder, made where missing', async () => {
        assert.equal((await acknowledged('mover', { afterFetch: 'move', moveTo: 'Done/2026' })).length, 1)
        assert.deepEqual(ground.stored('mover').map(({ raw }) => subjectOf(raw)), ['third'])
        assert.deepEqual(ground.stored('mover', 'Done/2026').map(({ raw }) => subjectOf(raw)).sort(), ['first', 'second'])
      })
    })

    describe('an inventory', () => {
      const inTime = (user: string, texts: readonly string[]): void => {
        for (const text of texts) ground.deliver(user, mail(text))
      }
      test('tells of every message what it is and whether it was read, and changes nothing', async () => {
        inTime('counted', ['one', 'two', 'three'])
        const mailbox = await open(serverFor('counted', { afterFetch: 'mark-seen' }))
        const listed = await mailbox.listWaiting()
        await mailbox.acknowledge([listed[1]?.id ?? ''])
        const found = (await mailbox.inventory('inbox')) ?? []
        assert.deepEqual(found.map(({ id }) => id), listed.map(({ id }) => id))
        assert.deepEqual(found.map(({ subject, from, messageId }) => ({ subject, from, messageId })), ['one', 'two', 'three'].map((subject) => ({ subject, from: 'Ann <ann@example.com>', messageId: `${subject}@example.com` })))
        assert.deepEqual(found.map(({ isRead }) => isRead), [false, has.flags, false])
        assert.ok(found.every(({ size }) => size > 90 && size < 2_000), JSON.stringify(found))
        for (const { receivedAt } of has.flags ? found : []) assert.ok(!Number.isNaN(Date.parse(receivedAt ?? '')), receivedAt ?? 'null')
        assert.equal((await mailbox.listWaiting()).length, has.flags ? 2 : 3)
        await mailbox.close()
        if (has.flags) assert.deepEqual(ground.stored('counted').map(({ flags }) => flags.includes('S')), [false, true, false])
      })

      test('names what is encoded in words for people, and leaves out what a header does not have', async () => {
        ground.deliver('worded', 'From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.com>\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?= aus\r\n Bonn\r\n\r\nx\r\n')
        const mailbox = await open(serverFor('worded'))
        const [one] = (await mailbox.inventory('inbox')) ?? []
        await mailbox.close()
        assert.deepEqual([one?.subject, one?.from], ['Grüße aus Bonn', 'Jörg <joerg@example.com>'])
      })

      test('of more than one page holds every message once', async () => {
        for (let count = 0; count < 1_100; count++) ground.deliver('paged', mail(`p${count}`, 'x'))
        const mailbox = await open(serverFor('paged'))
        const found = (await mailbox.inventory('inbox')) ?? []
        await mailbox.close()
        assert.equal(new Set(found.map(({ id }) => id)).size, 1_100)
        assert.equal(found.at(-1)?.subject, 'p1099')
        const [first] = found
        assert.ok(first?.subject === 'p0' || (first?.subject === '' && !has.folders), JSON.stringify(first))
      })

      test('of the error folder: null where there is none, and the folder that is fetched from stays open', async () => {
        inTime('twofold', ['stays', 'fails'])
        const mailbox = await open(serverFor('twofold'))
        assert.equal(await mailbox.inventory('error-folder'), null)
        const listed = await mailbox.listWaiting()
        await mailbox.moveToErrorFolder(listed.slice(1).map(({ id }) => id))
        const [inbox, errors] = [await mailbox.inventory('inbox'), await mailbox.inventory('error-folder')]
        assert.deepEqual(inbox?.map(({ subject }) => subject), has.folders ? ['stays'] : ['stays', 'fails'])
        assert.deepEqual(errors?.map(({ subject, messageId }) => [subject, messageId]), has.folders ? [['fails', 'fails@example.com']] : undefined)
        assert.deepEqual((await mailbox.listWaiting()).map(({ id }) => id), listed.slice(0, has.folders ? 1 : 2).map(({ id }) => id))
        await mailbox.close()
      })

      test('that is empty is empty', async () => {
        const mailbox = await open(serverFor('nothing-there'))
        assert.deepEqual(await mailbox.inventory('inbox'), [])
        await mailbox.markUnread([])
        await mailbox.close()
      })
    })

    test('marked unread again, a message waits again', async () => {
      for (const text of ['first', 'second']) ground.deliver('reread', mail(text))
      const server = serverFor('reread', { afterFetch: 'mark-seen' })
      const mailbox = await open(server)
      const ids = (await mailbox.listWaiting()).map(({ id }) => id)
      if (has.flags) await mailbox.acknowledge(ids)
      await mailbox.markUnread(ids.slice(0, 1))
      await mailbox.close()
      const again = await open(server)
      assert.deepEqual((await again.listWaiting()).map(({ id }) => id), has.flags ? ids.slice(0, 1) : ids)
      await again.close()
    })

    describe('the error folder', () => {
      testWithFolders('is made where missing, takes messages, and gives them back unread', async () => {
        for (const text of ['good', 'bad', 'worse']) ground.deliver('errors', mail(text))
        const mailbox = await open(serverFor('errors'))
        const listed = await mailbox.listWaiting()
        await mailbox.moveToErrorFolder(listed.slice(1).map(({ id }) => id))
        assert.deepEqual((await mailbox.listWaiting()).map(({ id }) => id), [listed[0]?.id])
        assert.deepEqual(ground.stored('errors', 'Mailroom errors').map(({ raw }) => subjectOf(raw)).sort(), ['bad', 'worse'])
        assert.deepEqual(await mailbox.moveBackToInbox(['<bad@example.com>', '<nobody@example.com>']), { moved: 1, missing: 1 })
        assert.deepEqual(await mailbox.moveBackToInbox(null), { moved: 1, missing: 0 })
        assert.equal((await mailbox.listWaiting()).length, 3)
        await mailbox.close()
        assert.deepEqual(ground.stored('errors', 'Mailroom errors'), [])
        assert.ok(ground.stored('errors').every(({ flags }) => !flags.includes('S')))
      })

      testWithFolders('gives back single messages by the ids under which its inventory lists them, whatever their Message-ID is', async () => {
        for (const text of ['one', 'two', 'three']) ground.deliver('errors-by-id', mail(text))
        const mailbox = await open(serverFor('errors-by-id'))
        await mailbox.moveToErrorFolder((await mailbox.listWaiting()).map(({ id }) => id))
        const listed = (await mailbox.inventory('error-folder')) ?? []
        const two = listed.find(({ subject }) => subject === 'two')?.id ?? ''
        assert.deepEqual(await mailbox.moveBackToInbox([], [two, '987654']), { moved: 1, missing: 1 })
        assert.deepEqual(await mailbox.moveBackToInbox(['<one@example.com>'], [listed.find(({ subject }) => subject === 'three')?.id ?? '']), { moved: 2, missing: 0 })
        await mailbox.close()
        assert.deepEqual(ground.stored('errors-by-id').map(({ raw }) => subjectOf(raw)).sort(), ['one', 'three', 'two'])
      })

      if (!has.folders) test('changes nothing where a protocol has no folders', async () => {
        ground.deliver('errors', mail('bad'))
        const mailbox = await open(serverFor('errors'))
        await mailbox.moveToErrorFolder((await mailbox.listWaiting()).map(({ id }) => id))
        await mailbox.close()
        assert.equal(ground.stored('errors').length, 1)
      })
    })

    describe('a cursor, where a protocol keeps one,', () => {
      const afterFetch = has.flags ? 'mark-seen' : 'delete'
      test('never hides what was listed and not acknowledged, and shows what came since', async () => {
        const cursor = memoryCursor()
        const server = serverFor('cursor', { afterFetch })
        const subjects = async (acknowledge: readonly string[] = []): Promise<string[]> => {
          const mailbox = await transport.open(server, { ...needs('cursor'), cursor })
          const got = await all(mailbox.download(await mailbox.listWaiting()))
          await mailbox.acknowledge(got.filter(({ raw }) => acknowledge.includes(subjectOf(raw))).map(({ id }) => id))
          await mailbox.close()
          return got.map(({ raw }) => subjectOf(raw))
        }
        for (const text of ['one', 'two']) ground.deliver('cursor', mail(text))
        assert.deepEqual(await subjects(), ['one', 'two'])
        assert.deepEqual(await subjects(['one']), ['one', 'two'], 'as after a crash between listing and acknowledging')
        ground.deliver('cursor', mail('three'))
        assert.deepEqual(await subjects(['two', 'three']), ['two', 'three'])
        assert.deepEqual(await subjects(), [])
      })

      test('that is damaged costs a full listing and no mail', async () => {
        const server = serverFor('damaged', { afterFetch })
        for (const broken of ['', '{', '{"state":"x","pending":["nobody"]}', 'x'.repeat(5_000)]) {
          const cursor = memoryCursor(broken)
          ground.deliver('damaged', mail('still there'))
          const mailbox = await transport.open(server, { ...needs('damaged'), cursor })
          const got = await all(mailbox.download(await mailbox.listWaiting()))
          assert.deepEqual(got.map(({ raw }) => subjectOf(raw)), ['still there'], broken.slice(0, 50))
          await mailbox.acknowledge(got.map(({ id }) => id))
          await mailbox.close()
        }
      })
    })

    describe('a probe', () => {
      test('is found by its Message-ID, and left as it is', async () => {
        for (const text of ['before', 'the probe', 'after']) ground.deliver('prober', mail(text))
        const mailbox = await open(serverFor('prober'))
        assert.equal(subjectOf((await mailbox.find('<the-probe@example.com>'))?.raw ?? Buffer.alloc(0)), 'the probe')
        assert.equal(await mailbox.find('<nobody@example.com>'), null)
        await mailbox.close()
        assert.ok(ground.stored('prober').every(({ flags }) => !flags.includes('S')))
      })
    })

    describe('a test', () => {
      test('runs its steps in order and shows the newest message; the sample is the oldest', async () => {
        for (const text of ['oldest', 'newest']) ground.deliver('sampler', mail(text))
        const steps: TestStep[] = []
        const { sample } = await transport.diagnose(serverFor('sampler'), needs('sampler'), (step) => steps.push(step))
        assert.deepEqual(steps.map(({ step }) => step), ownSteps ?? usualSteps(protocol, security, signIn), JSON.stringify(steps))
        assert.ok(steps.every(({ outcome, problem, detail }) => outcome === 'ok' && problem === null && detail !== ''), JSON.stringify(steps))
        assert.equal(sample?.subject, 'newest')
        if (security !== 'none') assert.match(steps.find(({ step }) => step === 'tls')?.detail ?? '', /^TLSv1\.3, CN=localhost, until \d{4}-\d\d-\d\d$/)
        const mailbox = await open(serverFor('sampler'))
        assert.equal((await mailbox.sample())?.subject, 'oldest')
        assert.equal((await mailbox.listWaiting()).length, 2)
        await mailbox.close()
        assert.ok(ground.stored('sampler').every(({ flags }) => !flags.includes('S')))
      })

      testWithTls('names the certificate that ends soon', async () => {
        const { soon } = testCertificates()
        await withTls(security, ground, soon, async (port) => {
          const tls = (await testSteps(serverFor('x', { port }))).find(({ step }) => step === 'tls')
          assert.equal(tls?.outcome, 'warning')
        })
      })
    })

    describe('sign-in', () => {
      test('a wrong password is refused, and appears nowhere', async () => {
        const lines: string[] = []
        const wrong = 'pässword-that-is-wrong'
        const problem = await problemOf(transport.open(serverFor('ann'), needs('ann', wrong, AbortSignal.timeout(20_000), lines)))
        assert.equal(problem.code, refusal)
        await failsWith(refusal, serverFor('ann'), wrong)
        assert.ok(lines.length > 2, 'the transcript has lines')
        for (const text of [...lines, JSON.stringify(problem)]) for (const form of formsOf(wrong, 'ann')) assert.ok(!text.includes(form), text)
      })

      test('the right password appears in no transcript', async () => {
        const lines: string[] = []
        const mailbox = await transport.open(serverFor('ann'), needs('ann', ground.secret, AbortSignal.timeout(20_000), lines))
        await mailbox.listWaiting()
        await mailbox.close()
        assert.ok(lines.length > 2)
        for (const text of lines) for (const form of formsOf(ground.secret, 'ann')) assert.ok(!text.includes(form), text)
      })

      if (signIn === 'token') test('a token that is refused is renewed once', async () => {
        ground.deliver('renewer', mail('x'))
        const asked: (string | undefined)[] = []
        const token: TokenSource = async (_signal, refused) => {
          asked.push(refused?.token)
          return { token: refused === undefined ? 'stale-token-of-before' : ground.secret, expiresAt: Date.now() + 3_600_000, scope: [], account: 'renewer' }
        }
        const mailbox = await transport.open(serverFor('renewer'), { ...needs('renewer'), credentials: { kind: 'token', user: 'renewer', token } })
        assert.equal((await mailbox.listWaiting()).length, 1)
        await mailbox.close()
        assert.ok(asked.includes('stale-token-of-before'), JSON.stringify(asked))
      })

      test('missing credentials are a problem of their own', async () => {
        const problem = await problemOf(transport.open(serverFor('ann'), { ...needs('ann'), credentials: null, transcript: null }))
        assert.equal(problem.code, 'credentials-missing')
      })
    })

    describe('a connection that cannot be made', () => {
      test('wrong host', async () => void (await failsWith('host-not-found', serverFor('x', { host: 'no-such-host.invalid' }))))
      test('closed port', async () => void (await failsWith('connection-refused', serverFor('x', { port: await closedPort() }))))
      test('silent port', async () => {
        const silent = await startScriptedServer([{ silence: true }])
        await failsWith('server-silent', serverFor('x', { port: silent.port })).finally(() => silent.stop())
      })
      test('a port that closes at once', async () => {
        const closing = await startScriptedServer([{ drop: 'end' }])
        const problem = await problemOf(open(serverFor('x', { port: closing.port }))).finally(() => closing.stop())
        assert.ok(['connection-dropped', 'tls-handshake-failed'].includes(problem.code), problem.code)
      })
      if (reach === 'host' && security !== 'tls') test('another protocol', async () => {
        const ssh = await startScriptedServer([{ line: 'SSH-2.0-OpenSSH_9.2' }])
        await failsWith('not-a-mail-server', serverFor('x', { port: ssh.port })).finally(() => ssh.stop())
      })
      test('TLS to a plain port, plain to a TLS port', async () => {
        if (reach === 'endpoint') {
          const plain = createServer((_request, response) => void response.end('plain')).listen(0, '127.0.0.1')
          await once(plain, 'listening')
          const problem = await failsWith('server-speaks-plain-text', serverFor('x', { port: (plain.address() as AddressInfo).port })).finally(() => plain.close())
          assert.ok('serverSaid' in problem && problem.serverSaid.includes('HTTP/1.1'), JSON.stringify(problem))
        } else if (security === 'tls') {
          const problem = await failsWith('server-speaks-plain-text', serverFor('x', { port: ground.ports.plain }))
          assert.ok('serverSaid' in problem && problem.serverSaid.includes('OK'), JSON.stringify(problem))
        } else await failsWith('server-expects-tls', serverFor('x', { port: ground.ports.tls }))
      })
      if (security === 'starttls') test('STARTTLS that is not offered', async () => {
        const plain = await startScriptedServer(ground.startTlsScript?.(null) ?? [])
        await failsWith('starttls-not-offered', serverFor('x', { port: plain.port })).finally(() => plain.stop())
        assert.ok(!plain.heard.some((line) => /LOGIN|AUTH|PASS|USER/i.test(line)), plain.heard.join('\n'))
      })
    })

    describe('certificates', () => {
      const cases: [keyof ReturnType<typeof testCertificates>, ProblemCode][] = [['expired', 'certificate-expired'], ['notYetValid', 'certificate-not-yet-valid'], ['selfSigned', 'certificate-self-signed'], ['wrongName', 'certificate-wrong-name'], ['unknownIssuer', 'certificate-untrusted']]
      for (const [kind, code] of cases) {
        testWithTls(code, async () => {
          const certificate = testCertificates()[kind]
          await withTls(security, ground, certificate, async (port) => {
            const problem = await failsWith(code, serverFor('x', { port }))
            assert.ok('certificate' in problem && problem.certificate.fingerprint256 === certificate.fingerprint)
          })
        })
      }

      testWithTls('a pin accepts the pinned certificate and no other', async () => {
        const { good, selfSigned } = testCertificates()
        const pinned = (pin: string): IncomingServer => serverFor('pinner', { tls: { minVersion: 'TLSv1.2', caFile: null, pin } })
        const mailbox = await open(pinned(good.fingerprint.replaceAll(':', '').toLowerCase()))
        await mailbox.close()
        const problem = await failsWith('certificate-pin-mismatch', pinned(selfSigned.fingerprint))
        assert.ok('certificate' in problem && problem.certificate.fingerprint256 === good.fingerprint)
      })

      if (security === 'tls') test('a TLS version that is too low, naming what is offered', async () => {
        const old = await startScriptedServer([{ silence: true }], { certificate: testCertificates().good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })
        const problem = await failsWith('tls-version-too-low', serverFor('x', { port: old.port })).finally(() => old.stop())
        assert.ok('offered' in problem && problem.offered === 'TLSv1.1')
      })

      testWithTls('a CA file that is missing or holds no certificate', async () => {
        await failsWith('ca-file-unusable', serverFor('x', { tls: { minVersion: 'TLSv1.2', caFile: '/nowhere/ca.pem', pin: null } }))
        await failsWith('ca-file-unusable', serverFor('x', { tls: { minVersion: 'TLSv1.2', caFile: testCertificates().good.keyFile, pin: null } }))
      })
    })

    describe('folders', () => {
      testWithFolders('a missing folder, with the folders there are', async () => {
        ground.deliver('folders', mail('x'))
        const problem = await failsWith('folder-not-found', serverFor('folders', { folder: 'Nowhere' }))
        assert.ok('available' in problem && problem.available.includes(inbox))
      })
      if (deniesFolders ?? reach === 'host') testWithFolders('a folder without permission', async () => {
        ground.denyFolder?.('denied', 'Locked')
        await failsWith('folder-access-denied', serverFor('denied', { folder: 'Locked' }))
      })
    })

    describe('a connection that ends in the middle', () => {
      const cut = async (user: string, fault: RelayFault): Promise<{ problem: Problem; got: DownloadedMessage[]; ms: number }> => {
        for (const text of ['small', 'big']) ground.deliver(user, mail(text, text === 'big' ? 'y'.repeat(900_000) : 'z'))
        const relay = await startRelay(security === 'tls' ? ground.ports.tls : ground.ports.plain, fault)
        const got: DownloadedMessage[] = []
        const started = performance.now()
        const problem = await problemOf((async () => {
          const mailbox = await open(serverFor(user, { port: relay.port }))
          for await (const message of mailbox.download(await mailbox.listWaiting())) got.push(message)
        })()).finally(() => relay.stop())
        return { problem, got, ms: performance.now() - started }
      }
      for (const how of ['end', 'reset'] as const) {
        test(`closed in mid-message (${how}): dropped, no half message, nothing marked`, async () => {
          const { problem, got } = await cut(`cut-${how}`, { afterBytes: 300_000, how })
          assert.equal(problem.code, 'connection-dropped')
          assert.ok(got.every(({ raw }) => subjectOf(raw) === 'small'))
          assert.ok(ground.stored(`cut-${how}`).every(({ flags }) => !flags.includes('S')))
        })
      }
      test('silent in mid-message: given up after a while', async () => {
        const { problem, ms } = await cut('cut-silence', { afterBytes: 300_000, how: 'silence' })
        assert.equal(problem.code, 'server-silent')
        assert.ok(ms < 10_000, `${ms} ms`)
      })
      test('abort ends it at once', async () => {
        for (let count = 0; count < 30; count++) ground.deliver('aborter', mail(`m${count}`, 'x'.repeat(500_000)))
        const controller = new AbortController()
        const mailbox = await transport.open(serverFor('aborter'), needs('aborter', ground.secret, controller.signal))
        const started = performance.now()
        const problem = await problemOf((async () => {
          for await (const message of mailbox.download(await mailbox.listWaiting())) {
            assert.ok(message.raw.length > 0)
            controller.abort()
          }
        })())
        assert.equal(problem.code, 'cancelled')
        assert.ok(performance.now() - started < 3_000)
        const before = await problemOf(transport.open(serverFor('aborter'), needs('aborter', ground.secret, AbortSignal.abort())))
        assert.equal(before.code, 'cancelled')
      })
    })
  })
}

/** The steps of a test that goes well. */
function usualSteps(protocol: IncomingProtocol, security: Security, signIn: 'password' | 'token'): TestStepName[] {
  const { reach, has } = incomingProtocols[protocol]
  const token: TestStepName[] = signIn === 'token' ? ['token'] : []
  const begin: TestStepName[] = ['resolve', 'connect', ...(security === 'none' ? [] : ['tls' as const])]
  if (reach === 'host') return [...begin, 'greeting', 'capabilities', ...token, 'sign-in', ...(has.folders ? ['folder' as const] : []), 'sample']
  return [...begin, ...token, 'endpoint', ...(signIn === 'token' ? [] : ['sign-in' as const]), 'mailbox', 'folder', 'sample']
}

function memoryCursor(value: string | null = null): Cursor {
  let kept = value
  return { read: async () => kept, write: async (next) => void (kept = next) }
}

/** Whose mailbox is opened, however the server signs in. */
const userOf = ({ auth }: IncomingServer): string => auth.subject ?? auth.user

async function withTls(security: Security, ground: PromiseGround, certificate: TestCertificate, work: (port: number) => Promise<unknown>): Promise<void> {
  const server = security === 'tls' ? await startScriptedServer([{ silence: true }], { certificate }) : await startScriptedServer(ground.startTlsScript?.(certificate) ?? [])
  await work(server.port).finally(() => server.stop())
}

/** A message of one part, CRLF, with a Message-ID made from its subject. */
export function mail(subject: string, body = 'text'): Buffer {
  return Buffer.from(`From: Ann <ann@example.com>\r\nTo: it@example.com\r\nMessage-ID: <${subject.replaceAll(' ', '-')}@example.com>\r\nSubject: ${subject}\r\n\r\n${body.replace(/.{76}/g, '$&\r\n')}\r\n`)
}
export function subjectOf(raw: Buffer): string {
  return /^Subject: (.*?)\r?$/m.exec(raw.subarray(0, 2_000).toString('latin1'))?.[1] ?? ''
}

/** The problem of a promise that must reject with one. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(() => null, (reason: unknown) => reason)
  if (error instanceof ProblemError) return error.problem
  throw error ?? new Error('It should have failed.')
}

async function all(messages: AsyncIterable<DownloadedMessage>): Promise<DownloadedMessage[]> {
  const found: DownloadedMessage[] = []
  for await (const message of messages) found.push(message)
  return found
}

/** A secret as it would look on the wire: plain, base64, and inside SASL PLAIN. */
function formsOf(secret: string, user: string): string[] {
  return [secret, Buffer.from(secret).toString('base64'), Buffer.from(`\0${user}\0${secret}`).toString('base64'), Buffer.from(secret).toString('latin1')]
}
