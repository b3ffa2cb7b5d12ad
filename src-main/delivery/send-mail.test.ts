import { test } from 'node:test'
import assert from 'node:assert/strict'
import { newOutgoingServer, type OutgoingServer, type TestMail } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { OutgoingMessage } from '../mail/outgoing-transport.ts'
import { sendingTransport } from '../../testbed/sending-transport.ts'
import { composeMessage } from '../mail/smtp/compose-message.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import type { ServerSources, StoredOutgoingServer } from '../servers/server-sources.ts'
import { healthCheckEveryMs, type FailOverClock } from './fail-over.ts'
import { createRoutes } from './routes.ts'
import { createDelivery } from './send-mail.ts'

const peer = { host: 'mail.example.com', port: 587 }
const refusedConnection: Problem = { code: 'connection-refused', ...peer }
const primary: OutgoingServer = {
  ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', port: 587, security: 'starttls', replyTo: 'it@Example.com', senderName: 'IT Support',
  auth: { method: 'none', user: '', secret: 'keychain' }, alternate: { host: 'mail2.example.com', port: 465, security: 'tls', returnToPrimary: 'manual', afterFailures: 1 },
  tls: { minVersion: 'TLSv1.2', caFile: null, pin: 'AA:'.repeat(31) + 'AA' }
}
const mail: TestMail = { to: ['ann@example.org'], cc: ['bob@example.org'], bcc: ['eve@example.org'], subject: 'Hello', text: 'Text', html: null, attachments: [] }

/** A delivery whose network is `down`: hosts and what happens on them. */
function testbed(server: OutgoingServer, down: Map<string, Problem>, format: 'html' | 'plain' = 'plain') {
  const sent: { host: string; pin: string | null; message: OutgoingMessage }[] = []
  const announced: string[] = []
  const timers: { ms: number; work: () => void }[] = []
  const stored: { current: StoredOutgoingServer } = { current: { id: 1, server, ready: server, issues: [], lastTest: null } }
  const rung: string[] = []
  const sources = { outgoing: async () => [stored.current], outgoingNamed: async () => stored.current, outgoingFor: async (partition: string) => (partition === 'IT' ? stored.current : null), connectionFor: async () => ({ credentials: null, proxyPassword: null, clientKeyPassphrase: null }), settings: async () => settingsSchema.parse({ emailFormat: { default: format } }) } as Partial<ServerSources> as ServerSources
  const smtp = sendingTransport(async (to, message) => {
    const problem = down.get(to.host)
    if (problem !== undefined) throw new ProblemError(problem)
    sent.push({ host: to.host, pin: to.tls.pin, message })
    return { serverSaid: '250 ok', accepted: message.recipients, refused: [], knownAs: async () => null }
  }, {})
  const clock: FailOverClock = { now: () => Date.UTC(2026, 10, 20), after: (ms, work) => { timers.push({ ms, work }); return () => undefined } }
  const routes = createRoutes({
    sources, clock, announce: (name) => void announced.push(name), subscribe: () => undefined, ring: async ({ kind, server }) => void rung.push(`${kind} ${server}`),
    healthOf: async ({ host }) => ({ healthy: !down.has(host), signInTrouble: false }), reportUnexpected: (thrown) => assert.fail(String(thrown))
  })
  const delivery = createDelivery({ sources, routes, mayNotSend: async ({ name, replyTo }) => (replyTo.startsWith('nobody@') ? { code: 'sender-unverified', server: name, sender: replyTo } : null), clock, compose: composeMessage, sign: async (_server, raw) => raw, newId: () => `id${sent.length}`, transcriptFor: () => null, transports: { ...noTransports, smtp } })
  return { delivery, routes, sent, announced, timers, stored, rung }
}
const never = sendingTransport(async () => assert.fail('not by this protocol'), { diagnose: async () => assert.fail('not by this protocol') })
const noTransports = { ews: never, graph: never, google: never }
const signal = new AbortController().signal
const code = (wanted: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === wanted

test('a mail goes through the primary with its Bcc in the envelope alone', async () => {
  const { delivery, sent } = testbed(primary, new Map())
  const answer = await delivery.sendTest('main', mail, signal)
  assert.equal(answer.through, 'primary')
  const text = sent[0]?.message.raw.toString() ?? ''
  assert.deepEqual(sent[0]?.message.recipients, ['ann@example.org', 'bob@example.org', 'eve@example.org'])
  assert.match(text, /^From: IT Support <it@example\.com>\r$/im)
  assert.match(text, /^To: ann@example\.org\r$/m)
  assert.match(text, /^Cc: bob@example\.org\r$/m)
  assert.match(text, /^Auto-Submitted: auto-generated\r$/m)
  assert.ok(!text.includes('eve@'))
  assert.match(answer.messageId, /^<id0@example\.com>$/)
  assert.ok(text.includes(`Message-ID: ${answer.messageId}`))
})

test('the alternate is used when the primary cannot be reached, and stays', async () => {
  const down = new Map([[primary.host, refusedConnection]])
  const { delivery, routes, sent, rung, announced } = testbed(primary, down)
  assert.equal((await delivery.sendTest('main', mail, signal)).through, 'alternate')
  assert.equal(routes.standInOf('main')?.since, '2026-11-20T00:00:00.000Z')
  down.clear()
  assert.equal((await delivery.sendTest('main', mail, signal)).through, 'alternate')
  assert.deepEqual(sent.map(({ host, pin }) => [host, pin]), [['mail2.example.com', null], ['mail2.example.com', null]])
  assert.deepEqual([rung, announced], [['on-alternate main'], ['servers-changed']])
  await delivery.returnToPrimary('main')
  assert.equal(routes.standInOf('main'), null)
  assert.equal((await delivery.sendTest('main', mail, signal)).through, 'primary')
})

test('a changed configuration ends the use of the alternate', async () => {
  const down = new Map([[primary.host, refusedConnection]])
  const { delivery, stored } = testbed(primary, down)
  await delivery.sendTest('main', mail, signal)
  down.clear()
  const changed = { ...primary, timeoutMs: 5_000 }
  stored.current = { ...stored.current, server: changed, ready: changed }
  assert.equal((await delivery.sendTest('main', mail, signal)).through, 'primary')
})

test('a health check returns to the primary once it answers', async () => {
  const server: OutgoingServer = { ...primary, alternate: { host: 'mail2.example.com', port: 465, security: 'tls', returnToPrimary: 'health-check', afterFailures: 1 } }
  const down = new Map([[primary.host, refusedConnection]])
  const { delivery, routes, timers } = testbed(server, down)
  await delivery.sendTest('main', mail, signal)
  assert.deepEqual(timers.map(({ ms }) => ms), [healthCheckEveryMs])
  timers.shift()?.work()
  await new Promise(setImmediate)
  assert.notEqual(routes.standInOf('main'), null)
  down.clear()
  timers.shift()?.work()
  await new Promise(setImmediate)
  assert.equal(routes.standInOf('main'), null)
})

test('only an unreachable primary brings in the alternate', async () => {
  const refusals: Problem[] = [
    { code: 'credentials-refused', server: 'main', user: 'u', serverSaid: '535' },
    { code: 'recipient-refused', server: 'main', recipients: [], serverSaid: '550' },
    { code: 'starttls-not-offered', ...peer },
    { code: 'connection-dropped', during: 'message', ...peer }
  ]
  for (const problem of refusals) {
    const { delivery, routes, sent } = testbed(primary, new Map([[primary.host, problem]]))
    await assert.rejects(delivery.sendTest('main', mail, signal), code(problem.code))
    assert.deepEqual([sent.length, routes.standInOf('main')], [0, null])
  }
})

test('when both are down the primary stays chosen', async () => {
  const { delivery, routes } = testbed(primary, new Map<string, Problem>([[primary.host, refusedConnection], ['mail2.example.com', { code: 'host-not-found', host: 'mail2.example.com', port: 465 }]]))
  await assert.rejects(delivery.sendTest('main', mail, signal), code('host-not-found'))
  assert.equal(routes.standInOf('main'), null)
})

test('blocked, draft and missing servers are refused', async () => {
  await assert.rejects(testbed({ ...primary, block: true }, new Map()).delivery.sendTest('main', mail, signal), code('outgoing-blocked'))
  const draft = testbed(primary, new Map())
  draft.stored.current = { ...draft.stored.current, ready: null, issues: [{ path: 'host', message: 'Enter the host.' }] }
  await assert.rejects(draft.delivery.sendTest('main', mail, signal), code('server-is-draft'))
  await assert.rejects(testbed(primary, new Map()).delivery.sendNotice({ through: { partition: 'HR' }, to: ['a@example.org'], subject: 's', text: 't' }, signal), code('no-outgoing-server'))
})

test('a notice is marked as ours, so that it is dropped when it comes back, and a test mail is not', async () => {
  const { delivery, sent } = testbed(primary, new Map())
  await delivery.sendNotice({ through: { server: 'main' }, to: ['it@example.org'], subject: 's', text: 't' }, signal)
  await delivery.sendTest('main', mail, signal)
  const marked = sent.map(({ message }) => /^X-Mailroom-Notice: yes\r$/m.test(message.raw.toString()))
  assert.deepEqual(marked, [true, false])
})

test('the default format decides whether HTML goes out beside the text, escaped', async () => {
  const bodies: string[] = []
  for (const format of ['html', 'plain'] as const) {
    const { delivery, sent } = testbed(primary, new Map(), format)
    await delivery.sendTest('main', { ...mail, text: 'one <b> & two\nthree' }, signal)
    bodies.push((sent[0]?.message.raw.toString() ?? '').replaceAll('=\r\n', ''))
  }
  assert.match(bodies[0] ?? '', /multipart\/alternative/)
  assert.match(bodies[0] ?? '', /<p>one &#60;b&#62; &#38; two<br>three<\/p>/)
  assert.doesNotMatch(bodies[1] ?? '', /multipart|<p>/)
})

test('an override sends to one address and keeps the others in a header', async () => {
  const { delivery, sent } = testbed({ ...primary, overrideTo: 'test@example.net' }, new Map())
  await delivery.sendTest('main', mail, signal)
  const message = sent[0]?.message
  assert.deepEqual(message?.recipients, ['test@example.net'])
  assert.match(message?.raw.toString() ?? '', /^To: test@example\.net\r$/m)
  assert.match(message?.raw.toString().replace(/\r\n /g, ' ') ?? '', /^X-Mailroom-Original-To: ann@example\.org, bob@example\.org, eve@example\.org\r$/m)
})

test('nothing that is typed can start a header line', async () => {
  const evil = 'x\r\nBcc: thief@example.net\r\n\r\nbody'
  const { delivery, sent } = testbed({ ...primary, senderName: evil }, new Map())
  await delivery.sendTest('main', { ...mail, subject: evil }, signal)
  assert.doesNotMatch(sent[0]?.message.raw.toString().split('\r\n\r\n')[0] ?? '', /^Bcc:/m)
})

test('a subject and a name beyond ASCII survive', async () => {
  const { delivery, sent } = testbed({ ...primary, senderName: 'Büro Zürich' }, new Map())
  await delivery.sendTest('main', { ...mail, subject: 'Grüße 日本' }, signal)
  const head = sent[0]?.message.raw.toString().split('\r\n\r\n')[0] ?? ''
  assert.match(head, /^Subject: =\?UTF-8\?/m)
  assert.match(head, /^From: =\?UTF-8\?/m)
})

test('nothing goes out under an address that was not verified, neither a test mail nor a notice', async () => {
  const { delivery, sent } = testbed({ ...primary, replyTo: 'nobody@example.com' }, new Map())
  await assert.rejects(delivery.sendTest('main', mail, signal), code('sender-unverified'))
  await assert.rejects(delivery.sendNotice({ through: { partition: 'IT' }, to: ['ann@example.org'], subject: 'Full', text: 'Full' }, signal), code('sender-unverified'))
  assert.deepEqual(sent, [])
})

test('what is told of a test mail can be told to another process', async () => {
  const { delivery } = testbed({ ...primary, alternate: null }, new Map())
  assert.deepEqual(Object.keys(await delivery.sendTest('main', mail, new AbortController().signal)).sort(), ['accepted', 'messageId', 'refused', 'serverSaid', 'through'])
})
