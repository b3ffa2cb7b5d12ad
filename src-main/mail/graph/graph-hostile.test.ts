import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { startGraphServer, type GraphServer } from '../../../testbed/graph-server.ts'
import { always, startOddWebServer, type OddWebServer } from '../../../testbed/odd-web-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { ConnectionNeeds, Cursor } from '../incoming-transport.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import type { PushAnnouncements } from '../push-announcements.ts'
import { createGraphIncoming } from './graph-incoming.ts'
import { createGraphOutgoing } from './graph-outgoing.ts'

// What a provider never does, and who has taken its place may.
const secret = 'the-right-token'
let graph: GraphServer
let elsewhere: OddWebServer
before(async () => {
  graph = await startGraphServer({ bearer: (token) => (token === secret ? { app: 'mailroom', user: '*', rights: ['Mail.ReadWrite', 'Mail.Send'] } : null) })
  elsewhere = await startOddWebServer(always(200, '{"value":[]}', { 'content-type': 'application/json' }))
})
after(() => Promise.all([graph.stop(), elsewhere.stop()]))

const needs = (announcements: PushAnnouncements | null = null) => ({ ...transportNeeds({ silenceMs: 3_000, stepMs: 5_000 }), announcements })
const place = () => ({
  name: 'it', endpoint: graph.url, host: 'localhost', port: graph.port, security: 'tls' as const, auth: { method: 'oauth2' as const, user: 'it@x.de', provider: 'microsoft' as const, flow: 'interactive' as const, clientId: 'app', secret: 'keychain' as const },
  tls: { minVersion: 'TLSv1.2' as const, caFile: testCertificates().ca.certFile, pin: null }
})
const incoming = (change: Partial<IncomingServer> = {}): IncomingServer => ({ ...(newIncomingServer('graph', 'IT') as IncomingServer), ...place(), ...change })
const connection = (cursor: Cursor | null = null): ConnectionNeeds => ({
  credentials: { kind: 'token', user: 'it@x.de', token: async () => ({ token: secret, expiresAt: Date.now() + 3_600_000, scope: [], account: 'it@x.de' }) },
  proxyPassword: null, clientKeyPassphrase: null, signal: AbortSignal.timeout(10_000), transcript: null, cursor
})
const memory = (kept: string | null = null): Cursor => ({ read: async () => kept, write: async (value) => void (kept = value) })
const answering = (request: RegExp, body: unknown, times = 1_000): void => void (graph.faults = [{ request, times, answer: { status: 200, body: JSON.stringify(body) } }])
const open = (cursor: Cursor | null = null, announcements: PushAnnouncements | null = null, change: Partial<IncomingServer> = {}) => createGraphIncoming(needs(announcements)).open(incoming(change), connection(cursor))

for (const [what, cursor] of [['by changes', memory()], ['in full', null]] as const) {
  test(`a list ${what} whose pages lead to themselves ends`, async () => {
    graph.faults = []
    const mailbox = await open(cursor)
    const asked = graph.exchanges
    answering(/GET (?:message-delta|mailfolder-list-messages)/, { value: [], '@odata.nextLink': `${graph.url}/v1.0/users/it%40x.de/mailFolders/inbox/messages${cursor === null ? '' : '/delta'}?$skiptoken=again` })
    assert.equal((await problemOf(mailbox.listWaiting())).code, 'provider-refused')
    assert.ok(graph.exchanges - asked < 10, String(graph.exchanges - asked))
    graph.faults = []
    await mailbox.close()
  })
  test(`a list ${what} that goes on at another host takes no token there`, async () => {
    graph.faults = []
    const mailbox = await open(cursor)
    answering(/GET (?:message-delta|mailfolder-list-messages)/, { value: [], '@odata.nextLink': `${elsewhere.url}/v1.0/me/messages` })
    assert.equal((await problemOf(mailbox.listWaiting())).code, 'endpoint-wrong')
    assert.equal(elsewhere.heard.length, 0)
    graph.faults = []
    await mailbox.close()
  })
}

test('a state that leads to itself is no news without end', async () => {
  graph.faults = []
  const mailbox = await open(memory())
  await mailbox.listWaiting()
  const asked = graph.exchanges
  answering(/GET message-delta/, { value: [], '@odata.nextLink': `${graph.url}/v1.0/users/it%40x.de/mailFolders/inbox/messages/delta?$deltatoken=again` })
  assert.equal((await problemOf(mailbox.waitForNews?.(5_000, AbortSignal.timeout(5_000)) ?? Promise.resolve())).code, 'provider-refused')
  assert.ok(graph.exchanges - asked < 10, String(graph.exchanges - asked))
  graph.faults = []
  await mailbox.close()
})

test('ids with slashes, dots and quotes stay ids', async () => {
  graph.faults = []
  const ids = ['../../../me/messages', "a'b\"c", 'x?y=z#w', '..']
  const mailbox = await open()
  answering(/GET mailfolder-list-messages/, { value: ids.map((id) => ({ id, isRead: false, receivedDateTime: '2026-11-21T08:00:00Z' })) }, 1)
  const listed = await mailbox.listWaiting()
  assert.deepEqual(listed.map(({ id }) => id), ids)
  const raws: unknown[] = []
  for await (const one of mailbox.download(listed.slice(0, 3))) raws.push(one)
  assert.deepEqual(raws, [])
  graph.asked.length = 0
  await mailbox.acknowledge(ids.slice(0, 3))
  assert.deepEqual([...new Set(graph.asked)], ['PATCH message-update'])
  await mailbox.close()
})

for (const [what, uploadUrl] of [['is not encrypted', 'http://127.0.0.1:9/upload'], ['is a file', 'file:///etc/passwd']] as const) {
  test(`an attachment does not go to an address that ${what}`, async () => {
    answering(/POST attachment-createuploadsession/, { uploadUrl })
    assert.equal((await problemOf(sendLarge())).code, 'provider-refused')
    graph.faults = []
  })
}

test('an attachment that goes to another host takes no token there', async () => {
  elsewhere.heard.length = 0
  answering(/POST attachment-createuploadsession/, { uploadUrl: `${elsewhere.url}/upload` })
  await sendLarge()
  assert.ok(elsewhere.heard.length > 0)
  assert.ok(elsewhere.heard.every(({ headers }) => !JSON.stringify(headers).includes(secret)))
  graph.faults = []
})

const sendLarge = () => {
  const boundary = '----b'
  const raw = Buffer.from(`From: it@x.de\r\nTo: a@x.de\r\nMessage-ID: <large@x.de>\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\nContent-Type: text/plain\r\n\r\nhi\r\n--${boundary}\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(4_000_000, 7).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n--${boundary}--\r\n`)
  const server: OutgoingServer = { ...(newOutgoingServer('graph') as OutgoingServer), ...place(), replyTo: 'it@x.de' }
  return createGraphOutgoing(needs()).send(server, { from: 'it@x.de', recipients: ['a@x.de'], raw, messageId: '<large@x.de>' }, connection())
}

test('an announcement is heard with the right clientState alone, whatever else comes', async () => {
  graph.faults = []
  let heard: ((announcement: unknown) => void) | null = null
  const right = 'secret-of-the-announcements'
  const mailbox = await open(memory(), { begin: async (hear) => ((heard = hear), { url: 'https://mailroom.example/announcements/x', secret: right, end: () => undefined }) })
  answering(/POST subscription/, {})
  graph.subscriptions.create = (() => ({ status: 201, json: { id: 'one', expirationDateTime: new Date(Date.now() + 86_400_000).toISOString() } })) as never
  await mailbox.listWaiting()
  const waiting = mailbox.waitForNews?.(1_500, AbortSignal.timeout(4_000))
  await new Promise((done) => setTimeout(done, 700))
  const tell = heard as ((announcement: unknown) => void) | null
  assert.ok(tell !== null)
  for (const wrong of [null, 7, 'x', [], { value: 7 }, { value: [null] }, ...['', 'x', right.toUpperCase(), 'ü'.repeat(right.length), '\u{10ffff}'.repeat(right.length)].map((clientState) => ({ value: [{ clientState, subscriptionId: 'one' }] }))]) assert.doesNotThrow(() => tell(wrong), JSON.stringify(wrong))
  assert.equal(await waiting, false)
  const again = mailbox.waitForNews?.(3_000, AbortSignal.timeout(4_000))
  await new Promise((done) => setTimeout(done, 300))
  tell({ value: [{ clientState: right, subscriptionId: 'one' }] })
  assert.equal(await again, true)
  graph.faults = []
  await mailbox.close()
})
