import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { startGraphServer, type GraphServer } from '../../../testbed/graph-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import type { OutgoingMessage, OutgoingTransport } from '../outgoing-transport.ts'
import type { GraphClient } from './graph-client.ts'
import { createGraphOutgoing } from './graph-outgoing.ts'
import { createSendTogether } from './send-together.ts'

/** Batches as of https://learn.microsoft.com/graph/json-batching, under the limits of https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits. */
describe('mails of several sessions', () => {
  let graph: GraphServer
  let transport: OutgoingTransport
  before(async () => {
    graph = await startGraphServer({ bearer: () => ({ app: 'mailroom', user: '*', rights: ['Mail.ReadWrite', 'Mail.Send'] }) })
  })
  after(() => graph.stop())
  beforeEach(() => {
    Object.assign(graph, { faults: [], asked: [], sent: [], exchanges: 0, mostAtOnce: 0, refused: { concurrency: 0, rate: 0 } })
    transport = createGraphOutgoing(transportNeeds())
  })

  const server = (): OutgoingServer => ({
    ...newOutgoingServer('graph'), name: 'out', host: 'localhost', port: graph.port, endpoint: graph.url, security: 'tls', replyTo: 'it@x.de', timeoutMs: 5_000,
    tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, auth: { method: 'oauth2', user: 'it@x.de', provider: 'microsoft', flow: 'interactive', tenant: 'x.de', clientId: 'mailroom', secret: 'keychain' }
  }) as OutgoingServer
  const connection = (): ConnectionNeeds => ({
    credentials: { kind: 'token', user: 'it@x.de', token: async () => ({ token: 'a.b.c', expiresAt: Date.now() + 3_600_000, scope: [], account: null }) }, proxyPassword: null, clientKeyPassphrase: null, signal: AbortSignal.timeout(30_000), transcript: null, cursor: null
  })
  let count = 0
  const mail = (to = 'a@x.de', bytes = 10): OutgoingMessage => {
    const messageId = `<${++count}@x.de>`
    return { from: 'it@x.de', recipients: [to], messageId, raw: Buffer.from(`From: it@x.de\r\nTo: ${to}\r\nMessage-ID: ${messageId}\r\nAuto-Submitted: auto-generated\r\nSubject: ${count}\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(Math.ceil(bytes / 72))}`) }
  }
  /** Sends each over a session of its own, all at once; what became of them, in their order. */
  const sendAll = async (messages: readonly OutgoingMessage[]): Promise<(Problem | null)[]> => {
    const sessions = await Promise.all(messages.map(() => transport.open(server(), connection())))
    const ends = await Promise.all(messages.map(async (message, index) => sessions[index]?.send(message).then(() => null, (error: unknown) => problemOf(Promise.reject(error))) ?? null))
    for (const session of sessions) session.close()
    return ends
  }
  const codes = (ends: readonly (Problem | null)[]): string[] => ends.map((end) => end?.code ?? 'sent')
  const idsSent = (): string[] => graph.sent.map(({ raw }) => /Message-ID: (\S+)/.exec(raw.toString('latin1'))?.[1] ?? '').sort()

  test('go together, in few requests, each byte for byte, and never more than four at once', async () => {
    const messages = Array.from({ length: 20 }, () => mail('a@x.de', 10_000))
    graph.latencyMs = 5
    assert.deepEqual(codes(await sendAll(messages)), messages.map(() => 'sent'))
    graph.latencyMs = 0
    assert.deepEqual(graph.sent.map(({ raw }) => raw.toString()).sort(), messages.map(({ raw }) => raw.toString()).sort())
    assert.equal(graph.exchanges, 4)
    assert.ok(graph.mostAtOnce <= 4, String(graph.mostAtOnce))
    assert.equal(graph.refused.concurrency, 0)
  })

  test('one that is refused is told so by itself, and keeps none of the others', async () => {
    graph.faults = [{ request: /user-sendmail/, times: 2, answer: { status: 400, code: 'ErrorInvalidRecipients', message: "Recipient 'bad@x.de' is not resolved." } }]
    const messages = Array.from({ length: 8 }, (_one, index) => mail(index === 0 ? 'bad@x.de' : 'a@x.de'))
    const only = { ...server(), mostConnections: 1 }
    const sessions = await Promise.all(messages.map(() => transport.open(only, connection())))
    const ends = await Promise.all(messages.map(async (message, index) => sessions[index]?.send(message).then(() => 'sent', (error: { problem: Problem }) => error.problem.code)))
    assert.deepEqual(ends, ['recipient-refused', ...Array.from({ length: 7 }, () => 'sent')])
    assert.deepEqual(idsSent(), messages.slice(1).map(({ messageId }) => messageId).sort())
  })

  test('a part that is throttled waits as long as is asked, and goes once', async () => {
    graph.faults = [{ request: /user-sendmail/, times: 1, answer: { status: 429, code: 'ApplicationThrottled', message: 'slower', headers: { 'retry-after': '1' } } }]
    const messages = Array.from({ length: 8 }, () => mail())
    const began = performance.now()
    assert.deepEqual(codes(await sendAll(messages)), messages.map(() => 'sent'))
    assert.ok(performance.now() - began > 900)
    assert.equal(new Set(idsSent()).size, 8)
    assert.equal(graph.sent.length, 8)
  })

  test('a long pause is told to those whom it concerns, and what was sent stays sent', async () => {
    graph.faults = [{ request: /user-sendmail/, times: 1, answer: { status: 429, code: 'ApplicationThrottled', message: 'much slower', headers: { 'retry-after': '3600' } } }]
    const ends = await sendAll(Array.from({ length: 8 }, () => mail()))
    assert.ok(ends.some((end) => end?.code === 'delayed-by-provider' && Date.parse(end.until) > Date.now() + 3_000_000), JSON.stringify(ends))
    assert.equal(graph.sent.length, ends.filter((end) => end === null).length)
    assert.ok(ends.every((end) => end === null || end.code === 'delayed-by-provider'), JSON.stringify(ends))
  })

  test('a part of which a gateway cannot say what became is in doubt, and no other', async () => {
    graph.faults = [{ request: /user-sendmail/, times: 1, afterwards: true, answer: { status: 504, code: 'GatewayTimeout', message: 'x' } }]
    const messages = Array.from({ length: 8 }, () => mail())
    const ends = codes(await sendAll(messages))
    assert.deepEqual(ends.filter((end) => end !== 'sent'), ['mail-uncertain'])
    assert.equal(graph.sent.length, 8)
    const doubtful = messages[ends.indexOf('mail-uncertain')]?.messageId ?? ''
    assert.equal(await transport.wasSent(server(), doubtful, connection()), true)
  })

  test('where Graph takes no such batch, each goes by itself, and further ones are not tried in batches', async () => {
    graph.takesTextInBatches = false
    const messages = Array.from({ length: 8 }, () => mail())
    assert.deepEqual(codes(await sendAll(messages)), messages.map(() => 'sent'))
    assert.deepEqual(idsSent(), messages.map(({ messageId }) => messageId).sort())
    graph.exchanges = 0
    await sendAll(Array.from({ length: 6 }, () => mail()))
    graph.takesTextInBatches = true
    assert.equal(graph.exchanges, 6)
    assert.equal(graph.sent.length, 14)
  })

  test('larger ones go by themselves', async () => {
    await sendAll(Array.from({ length: 3 }, () => mail('a@x.de', 200_000)))
    assert.equal(graph.exchanges, 3)
  })
})

test('a gateway that answers every part as if another had failed is not asked for ever', async () => {
  let asked = 0
  const ends = await endsOf(async function* (ids) {
    asked += 1
    if (asked > 50) throw new Error('asked for ever')
    yield Buffer.from(JSON.stringify({ responses: ids.map((id) => ({ id, status: 424, headers: {}, body: { error: { code: 'FailedDependency', message: '' } } })) }))
  })
  assert.deepEqual(ends, ['provider-refused', 'provider-refused', 'provider-refused'])
  assert.equal(asked, 1)
})

test('an answer to a batch that breaks off leaves all of its mails in doubt', async () => {
  const ends = await endsOf(async function* () {
    yield Buffer.from('{"responses":[{"id":"0","status":202}')
    throw new ProblemError({ code: 'connection-dropped', during: 'the answer', host: 'graph.example', port: 443 })
  })
  assert.deepEqual(ends, ['mail-uncertain', 'mail-uncertain', 'mail-uncertain'])
})

/** What becomes of three mails in a batch that is answered 200 with this body. */
async function endsOf(bodyFor: (ids: readonly string[]) => AsyncIterable<Buffer>): Promise<string[]> {
  const client = {
    place: { root: 'https://graph.example', user: 'https://graph.example/users/it', server: { name: 'out' } },
    read: ({ json }: { json: { requests: { id: string }[] } }, reader: (answer: unknown) => Promise<unknown>) => reader({ status: 200, body: bodyFor(json.requests.map(({ id }) => id)) })
  } as unknown as GraphClient
  const together = createSendTogether(1)
  const ends = await Promise.all(['a', 'b', 'c'].map((one) => together.send(client, Buffer.from(one)).then(() => 'sent', (error: unknown) => error)))
  return ends.map((end) => (end instanceof ProblemError ? end.problem.code : String(end)))
}
