import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { TestStep } from '#contract/connection-test.ts'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { GraphError } from '../../../testbed/graph-error.ts'
import { startGraphServer, type GraphServer } from '../../../testbed/graph-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { ConnectionNeeds, Cursor, OpenMailbox } from '../incoming-transport.ts'
import { mail, problemOf, subjectOf } from '../incoming-transport-promises.ts'
import type { PushAnnouncements } from '../push-announcements.ts'
import { createGraphIncoming } from './graph-incoming.ts'
import { createGraphOutgoing } from './graph-outgoing.ts'

const secret = 'the-right-token'
let graph: GraphServer
let rights: string[]
before(async () => {
  graph = await startGraphServer({ bearer: (token) => (token.startsWith(secret) ? { app: 'mailroom', user: '*', rights } : null), names: { inbox: 'Posteingang', drafts: 'Entwürfe', sentitems: 'Gesendete Elemente', deleteditems: 'Gelöschte Elemente' } })
})
beforeEach(() => {
  rights = ['Mail.ReadWrite', 'Mail.Send']
  Object.assign(graph, { faults: [], chaos: null, asked: [], exchanges: 0, mostAtOnce: 0 })
})
after(() => graph.stop())

const needs = (announcements: PushAnnouncements | null = null) => ({ ...transportNeeds({ silenceMs: 3_000, stepMs: 5_000 }), announcements })
const place = (user: string) => ({
  name: 'it', endpoint: graph.url, host: 'localhost', port: graph.port, security: 'tls' as const, auth: { method: 'oauth2' as const, user, provider: 'microsoft' as const, flow: 'interactive' as const, clientId: 'app', secret: 'keychain' as const },
  tls: { minVersion: 'TLSv1.2' as const, caFile: testCertificates().ca.certFile, pin: null }
})
const incoming = (user: string, change: Partial<IncomingServer> = {}): IncomingServer => ({ ...(newIncomingServer('graph', 'IT') as IncomingServer), ...place(user), ...change })
const outgoing = (user: string, change: Partial<OutgoingServer> = {}): OutgoingServer => ({ ...(newOutgoingServer('graph') as OutgoingServer), ...place(user), replyTo: user, ...change })
const connection = (user: string, change: Partial<ConnectionNeeds> = {}): ConnectionNeeds => ({
  credentials: { kind: 'token', user, token: async () => ({ token: secret, expiresAt: Date.now() + 3_600_000, scope: [], account: user }) },
  proxyPassword: null, clientKeyPassphrase: null, signal: AbortSignal.timeout(30_000), transcript: null, cursor: null, ...change
})
const cursor = (): Cursor & { text: () => string | null } => {
  let kept: string | null = null
  return { read: async () => kept, write: async (value) => void (kept = value), text: () => kept }
}
const subjects = async (mailbox: OpenMailbox): Promise<string[]> => {
  const found: string[] = []
  for await (const { raw } of mailbox.download(await mailbox.listWaiting())) found.push(subjectOf(raw))
  return found
}
const fill = (user: string, count: number): void => {
  for (let at = 0; at < count; at++) graph.deliver(user, mail(`${user} ${at}`))
}

describe('listing', () => {
  test('costs one request once it is known what there is, and a lost state costs a full one', async () => {
    fill('delta@x.de', 300)
    const kept = cursor()
    const mailbox = await createGraphIncoming(needs()).open(incoming('delta@x.de'), connection('delta@x.de', { cursor: kept }))
    const first = await mailbox.listWaiting()
    assert.equal(first.length, 300)
    assert.deepEqual(graph.asked.filter((one) => one.includes('delta')).length, 2, 'pages')
    graph.asked = []
    graph.deliver('delta@x.de', mail('one more'))
    assert.equal((await mailbox.listWaiting()).length, 301)
    assert.deepEqual(graph.asked, ['GET message-delta'])
    graph.forgetDeltaTokens()
    assert.equal((await mailbox.listWaiting()).length, 301)
    await mailbox.close()
  })

  test('heeds what others do: read, moved away, made unread again', async () => {
    fill('others@x.de', 3)
    const kept = cursor()
    const mailbox = await createGraphIncoming(needs()).open(incoming('others@x.de'), connection('others@x.de', { cursor: kept }))
    await mailbox.listWaiting()
    const box = graph.box('others@x.de')
    const [one, two, three] = [...box.messages.values()]
    if (one === undefined || two === undefined || three === undefined) throw new Error('There are three.')
    box.setRead(one, true)
    box.move(two, box.wellKnown('archive').id)
    assert.deepEqual(await subjects(mailbox), ['others@x.de 2'])
    box.setRead(one, false)
    assert.deepEqual(await subjects(mailbox), ['others@x.de 0', 'others@x.de 2'])
    await mailbox.close()
  })

  test('never takes its token to another host', async () => {
    const kept = cursor()
    await kept.write(JSON.stringify({ of: 'x', link: 'https://evil.example/v1.0/delta', pending: [] }))
    fill('evil@x.de', 1)
    const mailbox = await createGraphIncoming(needs()).open(incoming('evil@x.de'), connection('evil@x.de', { cursor: kept }))
    assert.equal((await mailbox.listWaiting()).length, 1)
    await mailbox.close()
  })
})

describe('a batch', () => {
  test('marks 50 mails with few requests, never more than four at once', async () => {
    fill('batch@x.de', 50)
    const mailbox = await createGraphIncoming(needs()).open(incoming('batch@x.de'), connection('batch@x.de'))
    const ids = (await mailbox.listWaiting()).map(({ id }) => id)
    Object.assign(graph, { exchanges: 0, mostAtOnce: 0 })
    await mailbox.acknowledge(ids)
    assert.ok(graph.exchanges <= 4, String(graph.exchanges))
    assert.ok(graph.mostAtOnce <= 4)
    assert.ok(graph.stored('batch@x.de').every(({ flags }) => flags === 'S'))
    assert.equal(graph.refused.concurrency, 0)
    await mailbox.close()
  })

  test('asks again for parts that were throttled and those behind them, and passes over what is gone', async () => {
    fill('parts@x.de', 12)
    const mailbox = await createGraphIncoming(needs()).open(incoming('parts@x.de', { afterFetch: 'move', moveTo: 'Done' }), connection('parts@x.de'))
    const ids = (await mailbox.listWaiting()).map(({ id }) => id)
    const box = graph.box('parts@x.de')
    const gone = [...box.messages.values()][1]
    if (gone !== undefined) box.erase(gone)
    let count = 0
    graph.chaos = (request) => (request === 'POST message-move' && ++count % 4 === 0 ? new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', { 'retry-after': '0' }) : null)
    await mailbox.acknowledge(ids)
    assert.equal(graph.stored('parts@x.de', 'Done').length, 11)
    assert.equal(graph.stored('parts@x.de').length, 0)
    await mailbox.close()
  })

  test('tells a refusal of one part', async () => {
    fill('refused@x.de', 2)
    const mailbox = await createGraphIncoming(needs()).open(incoming('refused@x.de'), connection('refused@x.de'))
    const ids = (await mailbox.listWaiting()).map(({ id }) => id)
    graph.faults = [{ request: /message-update/, times: 1, answer: { status: 403, code: 'ErrorAccessDenied', message: 'Access is denied.' } }]
    assert.equal((await problemOf(mailbox.acknowledge(ids))).code, 'scope-missing')
    await mailbox.close()
  })
})

describe('throttling', () => {
  test('a pause that is asked for is kept, and then the work goes on', async () => {
    fill('pause@x.de', 1)
    const mailbox = await createGraphIncoming(needs()).open(incoming('pause@x.de'), connection('pause@x.de'))
    graph.faults = [{ request: /list-messages/, times: 1, answer: { status: 429, code: 'ApplicationThrottled', message: 'x', headers: { 'retry-after': '1' } } }]
    const begun = performance.now()
    assert.equal((await mailbox.listWaiting()).length, 1)
    assert.ok(performance.now() - begun >= 990)
    await mailbox.close()
  })

  test('an hour is no error: delayed by the provider until then, for both directions at once', async () => {
    const both = needs()
    const mailbox = await createGraphIncoming(both).open(incoming('hour@x.de'), connection('hour@x.de'))
    graph.faults = [{ request: /list-messages/, times: 1, answer: { status: 503, code: 'serviceNotAvailable', message: 'x', headers: { 'retry-after': '3600' } } }]
    const problem = await problemOf(mailbox.listWaiting())
    assert.ok(problem.code === 'delayed-by-provider' && Math.abs(Date.parse(problem.until) - Date.now() - 3_600_000) < 10_000, JSON.stringify(problem))
    const sending = await problemOf(createGraphOutgoing(both).send(outgoing('hour@x.de'), { from: 'hour@x.de', recipients: ['a@x.de'], messageId: '<h@x.de>', raw: mail('h') }, connection('hour@x.de')))
    assert.equal(sending.code, 'delayed-by-provider')
    await mailbox.close()
  })

  test('a claims challenge goes to the sign-in', async () => {
    graph.faults = [{ request: /mailfolder-get/, times: 1, answer: { status: 401, code: 'InvalidAuthenticationToken', message: 'Continuous access evaluation resulted in challenge.', headers: { 'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="' } } }]
    const asked: unknown[] = []
    const token = async (_signal: AbortSignal, refused?: { token: string; claims: string | null }) => {
      asked.push(refused)
      return { token: refused === undefined ? secret : `${secret}2`, expiresAt: Date.now() + 3_600_000, scope: [], account: null }
    }
    const mailbox = await createGraphIncoming(needs()).open(incoming('cae@x.de'), connection('cae@x.de', { credentials: { kind: 'token', user: 'cae@x.de', token } }))
    await mailbox.close()
    assert.deepEqual(asked, [undefined, { token: secret, claims: 'eyJhIjoxfQ==' }])
  })
})

describe('news', () => {
  const push = () => {
    const announcements: PushAnnouncements = { begin: async () => ({ url: 'https://127.0.0.1:1/announcements/x', secret: 'the-secret', end: () => undefined }) }
    return { announcements }
  }

  test('comes by looking where there is no address', async () => {
    const kept = cursor()
    const mailbox = await createGraphIncoming(needs()).open(incoming('look@x.de'), connection('look@x.de', { cursor: kept }))
    await mailbox.listWaiting()
    assert.equal(await mailbox.waitForNews?.(50, new AbortController().signal), false)
    graph.deliver('look@x.de', mail('new'))
    assert.equal(await mailbox.waitForNews?.(50, new AbortController().signal), true)
    assert.deepEqual(await subjects(mailbox), ['new'])
    await mailbox.close()
  })

  test('comes by notifications that carry the secret; lifecycle events renew, make anew, and count as news', async (context) => {
    let heard: ((body: unknown) => void) | null = null
    const listener = createPlainServer((request, response) => {
      const validation = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('validationToken')
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        response.writeHead(validation === null ? 202 : 200, { 'content-type': 'text/plain' }).end(validation ?? '')
        if (validation === null) heard?.(JSON.parse(Buffer.concat(parts).toString('utf8')))
      })
    }).listen(0, '127.0.0.1')
    // A test that fails must still end.
    context.after(() => void listener.closeAllConnections())
    context.after(() => void listener.close())
    listener.unref()
    await once(listener, 'listening')
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/announcements/x`
    const announcements: PushAnnouncements = { begin: async (take) => ((heard = take), { url, secret: 'the-secret', end: () => void (heard = null) }) }
    const mailbox = await createGraphIncoming(needs(announcements)).open(incoming('push@x.de'), connection('push@x.de', { cursor: cursor() }))
    context.after(() => mailbox.close())
    await mailbox.listWaiting()
    const wait = (limitMs = 5_000): Promise<boolean> => mailbox.waitForNews?.(limitMs, AbortSignal.timeout(8_000)) ?? Promise.resolve(false)
    assert.equal(await wait(50), false)
    assert.equal(graph.subscriptions.all.length, 1)
    const [first] = graph.subscriptions.all
    assert.equal(first?.clientState, 'the-secret')
    const waiting = wait()
    graph.asked = []
    graph.deliver('push@x.de', mail('pushed'))
    assert.equal(await waiting, true)
    assert.deepEqual(graph.asked, [], 'nothing had to be looked at')
    assert.deepEqual(await subjects(mailbox), ['pushed'])
    ;(heard as ((body: unknown) => void) | null)?.({ value: [{ clientState: 'a guess', changeType: 'created' }] })
    assert.equal(await wait(50), false, 'not from Graph')
    for (const event of ['missed', 'reauthorizationRequired', 'subscriptionRemoved'] as const) {
      await graph.subscriptions.lifecycle(event)
      graph.asked = []
      assert.equal(await wait(), true, event)
      await wait(50)
      assert.equal(graph.subscriptions.all.length, 1, event)
      // On a slow machine the folder is looked at besides.
      if (event !== 'missed') assert.equal(graph.asked[0], event === 'subscriptionRemoved' ? 'POST subscription' : 'PATCH subscription')
    }
    await mailbox.close()
    assert.equal(graph.subscriptions.all.length, 0)
    listener.close()
  })

  test('where Graph cannot reach the address, the folder is looked at', async () => {
    const { announcements } = push()
    const lines: string[] = []
    const mailbox = await createGraphIncoming(needs(announcements)).open(incoming('unreachable@x.de'), connection('unreachable@x.de', { transcript: (line) => void lines.push(line), cursor: cursor() }))
    await mailbox.listWaiting()
    assert.equal(await mailbox.waitForNews?.(50, new AbortController().signal), false)
    assert.ok(lines.some((line) => line.includes('No change notifications')), lines.join('\n'))
    await mailbox.close()
  })
})

describe('a large mail', () => {
  const big = Buffer.alloc(7_500_000, 'attachment bytes ')
  const withAttachment = (bytes: Buffer): Buffer => Buffer.from(`From: it@x.de\r\nTo: a@x.de\r\nMessage-ID: <large@x.de>\r\nIn-Reply-To: <0@x.de>\r\nAuto-Submitted: auto-replied\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=big.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${(bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n')}\r\n--b--\r\n`)
  const message = { from: 'it@x.de', recipients: ['a@x.de', 'hidden@x.de'], messageId: '<large@x.de>', raw: withAttachment(big) }

  test('goes as a draft with its attachment uploaded in order, and keeps its header', async () => {
    await createGraphOutgoing(needs()).send(outgoing('it@x.de'), message, connection('it@x.de'))
    const sent = graph.sent.at(-1)
    assert.deepEqual(sent?.recipients.toSorted(), ['a@x.de', 'hidden@x.de'])
    assert.match(sent?.raw.toString('latin1') ?? '', /Message-ID: <large@x\.de>\r\nIn-Reply-To: <0@x\.de>\r\nAuto-Submitted: auto-replied/)
    assert.deepEqual(sent?.attachments.map(({ name, contentType, bytes }) => [name, contentType, bytes.equals(big)]), [['big.pdf', 'application/pdf', true]])
    assert.equal(graph.asked.filter((one) => one === 'PUT upload').length, 3)
  })

  test('leaves no draft behind where an upload fails, and is not doubled where an answer is lost', async () => {
    const count = graph.sent.length
    graph.faults = [{ request: /createuploadsession/, times: 1, answer: { status: 400, code: 'ErrorAttachmentSizeLimitExceeded', message: 'too large' } }]
    assert.equal((await problemOf(createGraphOutgoing(needs()).send(outgoing('it@x.de'), message, connection('it@x.de')))).code, 'mail-too-large')
    assert.equal([...graph.box('it@x.de').messages.values()].filter(({ isDraft }) => isDraft).length, 0)
    graph.faults = [{ request: /message-send/, times: 1, afterwards: true, answer: { status: 504, code: 'GatewayTimeout', message: 'x' } }]
    await createGraphOutgoing(needs()).send(outgoing('it@x.de'), message, connection('it@x.de'))
    assert.equal(graph.sent.length, count + 1)
  })

  test('is not in doubt while only a draft was made', async () => {
    const count = graph.sent.length
    for (const request of [/user-post-messages/, /createuploadsession/]) {
      graph.faults = [{ request, times: 1, drop: true }]
      assert.equal((await problemOf(createGraphOutgoing(needs()).send(outgoing('it@x.de'), message, connection('it@x.de')))).code, 'connection-dropped')
      assert.equal(graph.faults[0]?.times, 0)
    }
    assert.equal(graph.sent.length, count)
  })

  test('needs the right to write drafts, and says so before', async () => {
    const credentials = { kind: 'token' as const, user: 'it@x.de', token: async () => ({ token: secret, expiresAt: Date.now() + 3_600_000, scope: ['Mail.Send'], account: null }) }
    const problem = await problemOf(createGraphOutgoing(needs()).send(outgoing('it@x.de'), message, connection('it@x.de', { credentials })))
    assert.ok(problem.code === 'scope-missing' && problem.missing.includes('Mail.ReadWrite'))
    const steps: TestStep[] = []
    rights = ['Mail.Send']
    await createGraphOutgoing(needs()).diagnose(outgoing('it@x.de'), connection('it@x.de', { credentials }), (step) => steps.push(step))
    assert.deepEqual(steps.at(-1)?.outcome, 'warning')
  })
})

// RFC 9110 15.6.3 and 15.6.5: a gateway that gave up on Exchange does not know either. 200 where 202 is due: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/3079
test('a mail of which no answer tells whether it went is uncertain, and the sent items know', async () => {
  const message = { from: 'lost@x.de', recipients: ['a@x.de'], messageId: '<lost@example.com>', raw: Buffer.from('From: lost@x.de\r\nTo: a@x.de\r\nMessage-ID: <lost@example.com>\r\nSubject: lost\r\n\r\nx\r\n') }
  const transport = createGraphOutgoing(needs())
  const wasSent = (messageId = message.messageId): Promise<boolean | null> => transport.wasSent(outgoing('lost@x.de'), messageId, connection('lost@x.de'))
  for (const status of [502, 504]) {
    const count = graph.sent.length
    graph.faults = [{ request: /user-sendmail/, times: 1, afterwards: true, answer: { status, code: 'GatewayTimeout', message: 'x' } }]
    const problem = await problemOf(transport.send(outgoing('lost@x.de'), message, connection('lost@x.de')))
    assert.ok(problem.code === 'mail-uncertain' && problem.serverSaid.includes(String(status)), JSON.stringify(problem))
    assert.equal(graph.sent.length, count + 1)
    assert.equal(await wasSent(), true)
  }
  graph.faults = [{ request: /user-sendmail/, times: 1, answer: { status: 200, body: '' } }]
  assert.equal((await problemOf(transport.send(outgoing('lost@x.de'), { ...message, messageId: '<never@example.com>' }, connection('lost@x.de')))).code, 'mail-uncertain')
  assert.equal(await wasSent('<never@example.com>'), false)
  rights = ['Mail.Send']
  assert.equal(await wasSent(), null)
})

describe('a test', () => {
  const steps = async (server: IncomingServer, change: Partial<ConnectionNeeds> = {}): Promise<TestStep[]> => {
    const found: TestStep[] = []
    await createGraphIncoming(needs()).diagnose(server, connection(server.auth.user, change), (step) => found.push(step))
    return found
  }
  test('tries the mailbox that must stay closed', async () => {
    graph.closed.add('boss@x.de')
    const good = (await steps(incoming('a@x.de', { forbiddenMailbox: 'boss@x.de' }))).at(-1)
    assert.deepEqual([good?.step, good?.outcome], ['forbidden-mailbox', 'ok'])
    const bad = (await steps(incoming('a@x.de', { forbiddenMailbox: 'open@x.de' }))).at(-1)
    assert.equal(bad?.problem?.code, 'forbidden-mailbox-readable')
  })
  test('tells a shared mailbox without rights, one on premises, a missing scope, and a wrong endpoint apart', async () => {
    graph.closed.add('shared@x.de')
    graph.onPremises.add('old@x.de')
    const last = async (server: IncomingServer, change: Partial<ConnectionNeeds> = {}) => (await steps(server, change)).at(-1)?.problem
    const denied = await last(incoming('a@x.de', { mailbox: 'shared@x.de' }))
    assert.ok(denied?.code === 'mailbox-access-denied' && denied.command.includes('Add-MailboxPermission'))
    assert.equal((await last(incoming('old@x.de')))?.code, 'mailbox-not-found')
    const scopes = (scope: string[]) => ({ credentials: { kind: 'token' as const, user: 'a@x.de', token: async () => ({ token: secret, expiresAt: Date.now() + 3_600_000, scope, account: null }) } })
    assert.equal((await last(incoming('a@x.de'), scopes(['Mail.Read'])))?.code, 'scope-missing')
    const { cert, key } = testCertificates().good
    const website = createServer({ cert, key }, (_request, response) => void response.end('<html>Welcome</html>')).listen(0, 'localhost')
    await once(website, 'listening')
    const { port } = website.address() as AddressInfo
    assert.equal((await last(incoming('a@x.de', { port, endpoint: `https://localhost:${port}` })).finally(() => website.close()))?.code, 'endpoint-wrong')
  })
})
