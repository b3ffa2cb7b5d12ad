import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { startGmailServer, type GmailServer } from '../../../testbed/gmail-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { ConnectionNeeds, Cursor, OpenMailbox } from '../incoming-transport.ts'
import { mail, problemOf, subjectOf } from '../incoming-transport-promises.ts'
import { createGmailIncoming } from './gmail-incoming.ts'
import { createGmailOutgoing } from './gmail-outgoing.ts'

const scope = (name: string): string => `https://www.googleapis.com/auth/gmail.${name}`
let gmail: GmailServer
before(async () => {
  gmail = await startGmailServer({
    bearer: (token) => (token === 'any' ? { email: '*', scopes: [scope('modify')] } : token === 'ann' ? { email: 'ann@example.com', scopes: [scope('modify')] } : token === 'sender' ? { email: '*', scopes: [scope('send')] } : token === 'narrow' ? { email: '*', scopes: [scope('readonly')] } : null)
  })
})
beforeEach(() => {
  gmail.faults = []
  gmail.asked.length = 0
})
after(() => gmail.stop())

const caFile = (): string => testCertificates().ca.certFile
const place = () => ({ host: 'localhost', port: gmail.port, security: 'tls' as const, endpoint: gmail.url, tls: { minVersion: 'TLSv1.2' as const, caFile: caFile(), pin: null } })
const serverFor = (user: string, change: Partial<IncomingServer> = {}): IncomingServer => ({
  ...(newIncomingServer('gmail', 'IT') as IncomingServer), ...place(), name: 'it', auth: { method: 'oauth2', user, provider: 'google', flow: 'interactive', clientId: 'mailroom', secret: 'keychain' }, ...change
})
const needs = (change: { token?: string; scopes?: string[]; cursor?: Cursor | null } = {}): ConnectionNeeds => ({
  credentials: { kind: 'token', user: '', token: async () => ({ token: change.token ?? 'any', expiresAt: Date.now() + 3_600_000, scope: change.scopes ?? [], account: null }) },
  proxyPassword: null, clientKeyPassphrase: null, signal: AbortSignal.timeout(60_000), transcript: null, cursor: change.cursor ?? null
})
const memory = (value: string | null = null): Cursor & { kept(): string | null } => {
  let kept = value
  return { read: async () => kept, write: async (next) => void (kept = next), kept: () => kept }
}
const google = (code: number, reason: string, message: string, headers: Record<string, string> = {}): { status: number; headers: Record<string, string>; body: string } => ({ status: code, headers, body: JSON.stringify({ error: { code, message, errors: [{ message, domain: 'usageLimits', reason }] } }) })
const transport = createGmailIncoming(transportNeeds({ silenceMs: 3_000 }))
const listed = async (mailbox: OpenMailbox): Promise<string[]> => {
  const subjects: string[] = []
  for await (const { raw } of mailbox.download(await mailbox.listWaiting())) subjects.push(subjectOf(raw))
  return subjects
}
const counted = (name: string): number => gmail.asked.filter((one) => one === name).length

test('with a cursor an idle round costs 4 quota units, and old mail is not looked at again', async () => {
  const cursor = memory()
  for (let count = 0; count < 20; count++) gmail.deliver('idle', mail(`m${count}`))
  const mailbox = await transport.open(serverFor('idle'), needs({ cursor }))
  assert.equal((await mailbox.listWaiting()).length, 20)
  const before = gmail.spent('idle')
  const again = await transport.open(serverFor('idle'), needs({ cursor }))
  assert.equal((await again.listWaiting()).length, 20)
  assert.equal(gmail.spent('idle') - before, 4, 'profile, labels, history')
  gmail.deliver('idle', mail('new'))
  assert.equal((await again.listWaiting()).length, 21)
  assert.equal(gmail.spent('idle') - before, 4 + 2 + 5)
})

test('a historyId that Google forgot costs a full listing', async () => {
  const cursor = memory()
  gmail.deliver('forgetful', mail('one'))
  await (await transport.open(serverFor('forgetful'), needs({ cursor }))).listWaiting()
  gmail.deliver('forgetful', mail('two'))
  gmail.box('forgetful').forgottenBefore = gmail.box('forgetful').historyId() + 1
  assert.deepEqual(await listed(await transport.open(serverFor('forgetful'), needs({ cursor }))), ['one', 'two'])
})

test('what was read, binned, moved or erased elsewhere waits no longer; what was marked unread or moved in waits again', async () => {
  const cursor = memory()
  const box = gmail.box('elsewhere')
  for (const text of ['read', 'binned', 'moved', 'erased', 'stays', 'junk']) gmail.deliver('elsewhere', mail(text))
  const mailbox = await transport.open(serverFor('elsewhere'), needs({ cursor }))
  await mailbox.listWaiting()
  const [read, binned, moved, erased, , junk] = [...box.messages.values()]
  assert.ok(read && binned && moved && erased && junk)
  box.relabel(read, [], ['UNREAD'])
  box.relabel(binned, ['TRASH'], [])
  box.relabel(moved, ['STARRED'], ['INBOX'])
  box.relabel(junk, ['SPAM'], ['INBOX'])
  box.erase(erased)
  assert.deepEqual(await listed(mailbox), ['stays'])
  box.relabel(read, ['UNREAD'], [])
  box.relabel(binned, [], ['TRASH'])
  box.relabel(moved, ['INBOX'], [])
  box.relabel(junk, ['INBOX'], ['SPAM'])
  assert.deepEqual((await listed(mailbox)).toSorted(), ['binned', 'junk', 'moved', 'read', 'stays'])
})

test('another folder or another way of acknowledging begins anew', async () => {
  const cursor = memory()
  gmail.deliver('changed', mail('read before'))
  const [message] = gmail.box('changed').messages.values()
  if (message) gmail.box('changed').relabel(message, [], ['UNREAD'])
  assert.deepEqual(await listed(await transport.open(serverFor('changed'), needs({ cursor }))), [])
  assert.deepEqual(await listed(await transport.open(serverFor('changed', { afterFetch: 'delete' }), needs({ cursor }))), ['read before'])
})

test('of 1,100 messages the oldest 1,000 come first, the rest in the next round', async () => {
  const cursor = memory()
  for (let count = 0; count < 1_100; count++) gmail.box('backlog').insert(mail(`m${count}`), ['INBOX', 'UNREAD'])
  const mailbox = await transport.open(serverFor('backlog'), needs({ cursor }))
  const first = await mailbox.listWaiting()
  assert.equal(first.length, 1_000)
  await mailbox.acknowledge(first.map(({ id }) => id))
  assert.deepEqual(await listed(mailbox), Array.from({ length: 100 }, (_none, count) => `m${count + 1_000}`))
  assert.equal(counted('messages.batchModify'), 1)
})

test('a limit is waited out where that is soon, and told where it is not', async () => {
  gmail.deliver('limited', mail('one'))
  gmail.faults = [{ method: /messages\.list/, times: 1, answer: google(429, 'rateLimitExceeded', 'Too many', { 'retry-after': '1' }) }]
  const began = performance.now()
  assert.deepEqual(await listed(await transport.open(serverFor('limited'), needs())), ['one'])
  assert.ok(performance.now() - began >= 950)
  const until = new Date(Date.now() + 600_000).toISOString()
  gmail.faults = [{ method: /messages\.list/, times: 1, answer: google(403, 'userRateLimitExceeded', `User-rate limit exceeded.  Retry after ${until}`) }]
  const mailbox = await transport.open(serverFor('limited'), needs())
  const problem = await problemOf(mailbox.listWaiting())
  assert.ok(problem.code === 'delayed-by-provider' && Math.abs(Date.parse(problem.until) - Date.parse(until)) < 2_000, JSON.stringify(problem))
  assert.match(problem.serverSaid, /User-rate limit exceeded/)
  const asked = gmail.asked.length
  assert.equal((await problemOf(transport.open(serverFor('limited'), needs()))).code, 'delayed-by-provider')
  assert.equal(gmail.asked.length, asked, 'nothing is asked meanwhile')
  assert.deepEqual(await listed(await transport.open(serverFor('other'), needs())), [], 'other mailboxes go on')
})

test('Google’s own failures are tried again; a message that cannot be had is told as such', async () => {
  gmail.deliver('broken', mail('one'))
  gmail.faults = [{ method: /messages\.get/, times: 2, answer: google(500, 'backendError', 'Backend Error') }]
  assert.deepEqual(await listed(await transport.open(serverFor('broken'), needs())), ['one'])
  const mailbox = await transport.open(serverFor('broken'), needs())
  const messages = await mailbox.listWaiting()
  gmail.faults = [{ method: /messages\.get/, times: 1, answer: { status: 200, body: '{"labelIds":["INBOX"]}' } }]
  const download = () => problemOf(mailbox.download(messages)[Symbol.asyncIterator]().next())
  assert.equal((await download()).code, 'message-unreadable')
  gmail.faults = [{ method: /messages\.get/, times: 100, answer: google(500, 'backendError', 'Backend Error') }]
  assert.equal((await download()).code, 'message-unreadable', 'this message alone')
  gmail.faults = [{ method: /./, times: 100, answer: google(500, 'backendError', 'Backend Error') }]
  assert.equal((await download()).code, 'server-busy', 'the whole service')
})

test('a message that turns out larger than the limit is not read to its end', async () => {
  gmail.deliver('estimate', mail('huge', 'x'.repeat(3_000_000)))
  const mailbox = await transport.open(serverFor('estimate', { maxMessageSize: 100_000 }), needs())
  const [message] = await mailbox.listWaiting()
  const problem = await problemOf(mailbox.download([{ id: message?.id ?? '', size: 90_000 }])[Symbol.asyncIterator]().next())
  assert.ok(problem.code === 'message-too-large' && problem.limit === 100_000 && problem.size < 200_000)
  assert.equal((await mailbox.listWaiting()).length, 1)
})

test('a mailbox of somebody else, one without Gmail, a label that is missing', async () => {
  assert.equal((await problemOf(transport.open(serverFor('bob@example.com'), needs({ token: 'ann' })))).code, 'mailbox-access-denied')
  await (await transport.open(serverFor('', { auth: { ...serverFor('').auth, user: '' } }), needs({ token: 'ann' }))).close()
  gmail.withoutMail.add('nobody@example.com')
  assert.equal((await problemOf(transport.open(serverFor('nobody@example.com'), needs()))).code, 'mailbox-not-found')
})

test('a missing scope is told before anything is fetched, whoever knows of it first', async () => {
  const told = await problemOf(transport.open(serverFor('scoped'), needs({ scopes: [scope('readonly'), 'openid'] })))
  assert.deepEqual(told, { code: 'scope-missing', server: 'it', missing: [scope('modify')], granted: [scope('readonly'), 'openid'] })
  assert.deepEqual(gmail.asked, [])
  gmail.deliver('scoped', mail('one'))
  const mailbox = await transport.open(serverFor('scoped'), needs({ token: 'narrow' }))
  const [message] = await mailbox.listWaiting()
  assert.equal((await problemOf(mailbox.acknowledge([message?.id ?? '']))).code, 'scope-missing')
  assert.equal(gmail.stored('scoped')[0]?.flags, '')
})

test('the test says when a mailbox is open that must not be', async () => {
  const steps = async (token: string): Promise<TestStep | undefined> => {
    const found: TestStep[] = []
    await transport.diagnose(serverFor('ann@example.com', { forbiddenMailbox: 'boss@example.com' }), needs({ token }), (step) => found.push(step))
    return found.at(-1)
  }
  assert.deepEqual([(await steps('ann'))?.step, (await steps('ann'))?.outcome], ['forbidden-mailbox', 'ok'])
  assert.equal((await steps('any'))?.problem?.code, 'forbidden-mailbox-readable')
})

test('another service at the URL', async () => {
  const found: TestStep[] = []
  await transport.diagnose(serverFor('x', { endpoint: `${gmail.url}/elsewhere` }), needs(), (step) => found.push(step))
  assert.deepEqual([found.at(-1)?.step, found.at(-1)?.problem?.code], ['endpoint', 'endpoint-wrong'])
})

test('a mail of more than 25 MB is not sent at all; one that Google limits is delayed, and goes once', async () => {
  const sender = createGmailOutgoing(transportNeeds({ silenceMs: 3_000 }))
  const server: OutgoingServer = { ...(newOutgoingServer('google') as OutgoingServer), ...place(), name: 'out', replyTo: 'ann@example.com', auth: serverFor('ann@example.com').auth }
  const message = (raw: Buffer) => ({ from: 'ann@example.com', recipients: ['it@example.com'], raw, messageId: '<x@example.com>' })
  const large = await problemOf(sender.send(server, message(Buffer.alloc(27_000_000)), needs()))
  assert.ok(large.code === 'mail-too-large' && large.limit === 26_214_400 && gmail.asked.length === 0)
  gmail.faults = [{ method: /send/, times: 1, answer: google(429, 'rateLimitExceeded', 'User-rate limit exceeded', { 'retry-after': '1' }) }]
  await sender.send(server, message(mail('limited')), needs())
  assert.equal(gmail.outbox.length, 1)
})

test('a list whose pages lead to themselves ends', async () => {
  const mailbox = await transport.open(serverFor('loop@example.com'), needs())
  gmail.faults = [{ method: /messages\.list/, times: 1_000, answer: { status: 200, body: '{"messages":[{"id":"1","threadId":"1"}],"nextPageToken":"again"}' } }]
  gmail.asked.length = 0
  assert.equal((await problemOf(mailbox.listWaiting())).code, 'provider-refused')
  assert.ok(gmail.asked.length < 10, String(gmail.asked.length))
  await mailbox.close()
})

test('whether a mail went is told by whoever may search, and by nobody else', async () => {
  const server: OutgoingServer = { ...(newOutgoingServer('google') as OutgoingServer), ...place(), name: 'out', replyTo: 'copies@example.com', timeoutMs: 5_000, auth: { method: 'oauth2', user: 'copies@example.com', provider: 'google', flow: 'interactive', clientId: 'mailroom', secret: 'keychain' } }
  const sending = createGmailOutgoing(transportNeeds())
  const message = { from: 'copies@example.com', recipients: ['a@example.org'], messageId: '<copy@example.com>', raw: Buffer.from('From: copies@example.com\r\nTo: a@example.org\r\nMessage-ID: <copy@example.com>\r\nSubject: x\r\n\r\nx\r\n') }
  await sending.send(server, message, needs({ token: 'sender' }))
  assert.equal(await sending.wasSent(server, message.messageId, needs()), true)
  assert.equal(await sending.wasSent(server, '<other@example.com>', needs()), null, 'it may have gone under a Message-ID of Gmail’s')
  assert.equal(await sending.wasSent(server, message.messageId, needs({ token: 'sender' })), null)
  gmail.faults = [{ method: /messages\.list/, times: 9, answer: google(503, 'backendError', 'Backend Error') }]
  await assert.rejects(sending.wasSent(server, message.messageId, needs()))
})

test('a Message-ID of Gmail’s own is learned by whoever may read, and the mail of others goes all the same', async () => {
  const server: OutgoingServer = { ...(newOutgoingServer('google') as OutgoingServer), ...place(), name: 'out', replyTo: 'ids@example.com', timeoutMs: 5_000, auth: { method: 'oauth2', user: 'ids@example.com', provider: 'google', flow: 'interactive', clientId: 'mailroom', secret: 'keychain' } }
  const message = (id: string) => ({ from: 'ids@example.com', recipients: ['a@example.org'], messageId: `<${id}@example.com>`, raw: Buffer.from(`From: ids@example.com\r\nTo: a@example.org\r\nMessage-ID: <${id}@example.com>\r\nSubject: x\r\n\r\nx\r\n`) })
  const sending = createGmailOutgoing(transportNeeds())
  const learned = async (token: string, ids: readonly string[]): Promise<unknown[]> => {
    const session = await sending.open(server, needs({ token }))
    const found: unknown[] = []
    for (const id of ids) found.push(await (await session.send(message(id))).knownAs?.())
    session.close()
    return found
  }
  assert.deepEqual(await learned('any', ['kept']), [null])
  gmail.givesMessageIds = true
  assert.deepEqual(await learned('any', ['one', 'two']), ['<CA+one@example.com.mail.gmail.com>', '<CA+two@example.com.mail.gmail.com>'])
  assert.deepEqual(await learned('sender', ['three', 'four']), [null, null])
  gmail.givesMessageIds = false
})

test('an answer that breaks off, and a gateway that gave up, leave in doubt whether a mail went; a page of somebody else is no answer', async () => {
  const server: OutgoingServer = { ...(newOutgoingServer('google') as OutgoingServer), ...place(), name: 'out', replyTo: 'doubt@example.com', timeoutMs: 5_000, auth: { method: 'oauth2', user: 'doubt@example.com', provider: 'google', flow: 'interactive', clientId: 'mailroom', secret: 'keychain' } }
  const message = { from: 'doubt@example.com', recipients: ['a@example.org'], messageId: '<doubt@example.com>', raw: Buffer.from('From: doubt@example.com\r\nTo: a@example.org\r\nMessage-ID: <doubt@example.com>\r\nSubject: x\r\n\r\nx\r\n') }
  const answers = { 'mail-uncertain': [{ status: 200, headers: { 'content-length': '5000', connection: 'close' }, body: '{"id"' }, google(504, 'backendError', 'Gateway Timeout')], 'endpoint-wrong': [{ status: 200, body: '<html>Sign in to the hotel</html>' }], 'mail-deferred': [google(500, 'backendError', 'Backend Error')] }
  for (const [code, faults] of Object.entries(answers)) for (const answer of faults) {
    gmail.faults = [{ method: /send/, times: 1, answer }]
    assert.equal((await problemOf(createGmailOutgoing(transportNeeds({ silenceMs: 500 })).send(server, message, needs()))).code, code, JSON.stringify(answer))
  }
})
