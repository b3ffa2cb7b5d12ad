import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestStep } from '#contract/connection-test.ts'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { startEwsServer, type EwsServer, type EwsServerOptions } from '../../../testbed/ews-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { ConnectionLimits } from '../connection/destination.ts'
import type { ConnectionNeeds, Cursor, OpenMailbox, TokenSource } from '../incoming-transport.ts'
import { mail, problemOf, subjectOf } from '../incoming-transport-promises.ts'
import type { OutgoingMessage } from '../outgoing-transport.ts'
import { createEwsIncoming } from './ews-incoming.ts'
import { createEwsOutgoing } from './ews-outgoing.ts'

const secret = 'correct-horse-battery'
const limits: Partial<ConnectionLimits> = { connectMs: 2_000, handshakeMs: 2_000, greetingMs: 1_000, silenceMs: 1_500, stepMs: 6_000, probeMs: 500 }

async function exchange(context: TestContext, options: Partial<EwsServerOptions> = {}): Promise<EwsServer> {
  const server = await startEwsServer({ offers: ['Negotiate', 'NTLM', 'Basic'], passwordOf: (user) => (user.includes('nobody') ? null : secret), ...options })
  context.after(() => server.stop())
  return server
}
const tls = { minVersion: 'TLSv1.2' as const, caFile: testCertificates().ca.certFile, pin: null }
const serverFor = ({ port, url }: EwsServer, change: Partial<IncomingServer> = {}): IncomingServer =>
  ({ ...(newIncomingServer('ews', 'IT') as IncomingServer), name: 'it', host: 'localhost', port, security: 'tls', endpoint: url, auth: { method: 'ntlm', user: 'CORP\\help', secret: 'keychain' }, tls, ...change })
const withUser = (method: 'password' | 'ntlm', user: string): Partial<IncomingServer> => ({ auth: { method, user, secret: 'keychain' } })
const byApplication = (user: string): Partial<IncomingServer> => ({ auth: { method: 'oauth2', user, provider: 'microsoft', flow: 'client-credentials', tenant: 'example.com', clientId: 'mailroom', secret: 'keychain' } })
const needsFor = ({ auth }: Pick<IncomingServer, 'auth'>, change: Partial<ConnectionNeeds> = {}): ConnectionNeeds =>
  ({ credentials: { kind: 'password', user: auth.user, secret }, proxyPassword: null, clientKeyPassphrase: null, signal: AbortSignal.timeout(30_000), transcript: null, cursor: null, ...change })
const withToken = (token: TokenSource): Partial<ConnectionNeeds> => ({ credentials: { kind: 'token', user: 'help', token } })
const issued = (token: string) => ({ token, expiresAt: Date.now() + 3_600_000, scope: [], account: 'help@example.com' })

async function openIn(context: TestContext, server: IncomingServer, change: Partial<ConnectionNeeds> = {}): Promise<OpenMailbox> {
  const mailbox = await createEwsIncoming(transportNeeds(limits)).open(server, needsFor(server, change))
  context.after(() => mailbox.close().catch(() => undefined))
  return mailbox
}
const openProblem = (server: IncomingServer, change: Partial<ConnectionNeeds> = {}) => problemOf(createEwsIncoming(transportNeeds(limits)).open(server, needsFor(server, change)))
async function stepsOf(server: IncomingServer, change: Partial<ConnectionNeeds> = {}): Promise<TestStep[]> {
  const steps: TestStep[] = []
  await createEwsIncoming(transportNeeds(limits)).diagnose(server, needsFor(server, change), (step) => steps.push(step))
  return steps
}
function memoryCursor(): Cursor & { writes: string[] } {
  const writes: string[] = []
  return { writes, read: async () => writes.at(-1) ?? null, write: async (value) => void writes.push(value) }
}
const subjects = async (mailbox: OpenMailbox): Promise<string[]> => {
  const found: string[] = []
  for await (const { raw } of mailbox.download(await mailbox.listWaiting())) found.push(subjectOf(raw))
  return found
}
const asked = (server: EwsServer, operation: string): number => server.asked.filter((one) => one.operation === operation).length

describe('signing in', () => {
  test('DOMAIN\\user and user@domain are both taken, by NTLM and by password', async (context) => {
    const server = await exchange(context)
    server.store('help').deliver(mail('hello'))
    for (const method of ['ntlm', 'password'] as const) for (const user of ['CORP\\help', 'help@example.com', 'help']) {
      const mailbox = await openIn(context, serverFor(server, withUser(method, user)))
      assert.deepEqual(await subjects(mailbox), ['hello'], `${method} ${user}`)
      await mailbox.close()
    }
  })

  test('NTLM signs in once for a connection, and again when it was replaced', async (context) => {
    const tries: boolean[] = []
    const server = await exchange(context, { onSignIn: (_user, ok) => tries.push(ok) })
    server.store('help').deliver(mail('hello'))
    const mailbox = await openIn(context, serverFor(server))
    await subjects(mailbox)
    assert.deepEqual([tries, server.connections()], [[true], 1])
    server.dropConnections()
    await sleep(50)
    assert.deepEqual(await subjects(mailbox), ['hello'])
    assert.deepEqual(tries, [true, true])
  })

  test('NTLM is bound to the certificate where the server asks for it, and does without a time stamp', async (context) => {
    for (const options of [{ needsBinding: true }, { withTimestamp: false }, { offers: ['Negotiate'] as const, needsBinding: true }]) {
      const server = await exchange(context, options)
      const mailbox = await openIn(context, serverFor(server))
      assert.deepEqual(await mailbox.listWaiting(), [], JSON.stringify(options))
    }
  })

  test('a password that is refused is tried once', async (context) => {
    for (const method of ['ntlm', 'password'] as const) {
      const tries: boolean[] = []
      const server = await exchange(context, { onSignIn: (_user, ok) => tries.push(ok) })
      assert.equal((await openProblem(serverFor(server, withUser(method, 'CORP\\help')), { credentials: { kind: 'password', user: 'CORP\\help', secret: 'wrong' } })).code, 'credentials-refused')
      assert.deepEqual(tries, [false], method)
    }
  })

  test('a method that is not offered is told with what is', async (context) => {
    const table: [EwsServerOptions['offers'], 'password' | 'ntlm', string[]][] = [
      [['Basic'], 'ntlm', ['password (Basic)']],
      [['NTLM', 'Negotiate'], 'password', ['NTLM', 'NTLM or Kerberos (Negotiate)']],
      [['Bearer'], 'password', ['OAuth 2.0 (Bearer)']]
    ]
    for (const [offers, method, offered] of table) {
      const server = serverFor(await exchange(context, { offers }), withUser(method, 'help'))
      assert.deepEqual(await openProblem(server), { code: 'sign-in-method-not-offered', server: 'it', offered })
      const last = (await stepsOf(server)).at(-1)
      assert.deepEqual([last?.step, last?.problem?.code], ['endpoint', 'sign-in-method-not-offered'])
    }
  })

  test('a token that lacks claims is asked for again with them', async (context) => {
    const server = await exchange(context, { offers: ['Bearer'], claims: '{"access_token":{}}', tokenOf: (token) => (token === 'with-claims' ? 'help' : null) })
    const seen: unknown[] = []
    const mailbox = await openIn(context, serverFor(server, { auth: { ...byApplication('help@example.com').auth, flow: 'interactive', method: 'oauth2', user: 'help@example.com', secret: 'keychain' } }), withToken(async (_signal, refused) => {
      seen.push(refused ?? null)
      return issued(refused === undefined && seen.length === 1 ? 'plain' : 'with-claims')
    }))
    assert.deepEqual(await mailbox.listWaiting(), [])
    assert.deepEqual(seen.slice(0, 2), [null, { token: 'plain', claims: '{"access_token":{}}' }])
  })
})

describe('a server that is busy', () => {
  const open = async (context: TestContext, fault: (count: number) => Parameters<EwsServer['setFault']>[0] extends infer F ? (F extends (operation: string) => infer R ? R : never) : never) => {
    const server = await exchange(context)
    server.store('help').deliver(mail('hello'))
    const mailbox = await openIn(context, serverFor(server))
    let count = 0
    server.setFault(() => fault(++count))
    return { server, mailbox }
  }
  test('is left alone for as long as it says, and then asked again', async (context) => {
    const faults = [
      { fault: 'ErrorServerBusy', text: 'The server cannot service this request right now. Try again later.', backOffMs: 300 },
      { response: 'ErrorServerBusy', text: 'The server cannot service this request right now. Try again later.', backOffMs: 300 },
      { http: 503, headers: { 'retry-after': '1' } }
    ]
    for (const fault of faults) {
      const { mailbox } = await open(context, (count) => (count <= 2 ? fault : null))
      const started = performance.now()
      assert.equal((await mailbox.listWaiting()).length, 1)
      assert.ok(performance.now() - started >= 590, JSON.stringify(fault))
    }
  })

  test('that asks for more than patience is delayed by the provider until then', async (context) => {
    const { mailbox, server } = await open(context, () => ({ fault: 'ErrorServerBusy', text: 'Try again later.', backOffMs: 300_000 }))
    const problem = await problemOf(mailbox.listWaiting())
    assert.equal(problem.code, 'delayed-by-provider')
    const wait = 'until' in problem ? Date.parse(problem.until) - Date.now() : 0
    assert.ok(wait > 290_000 && wait <= 300_000, String(wait))
    const before = server.asked.length
    assert.equal((await problemOf(mailbox.listWaiting())).code, 'delayed-by-provider')
    assert.equal(server.asked.length, before, 'nothing is asked meanwhile')
  })
})

describe('change tracking', () => {
  test('a folder of many is listed in pages, and later only what changed is asked for', async (context) => {
    const server = await exchange(context)
    const store = server.store('help')
    for (let count = 0; count < 1_100; count++) store.deliver(mail(`m${count}`))
    const cursor = memoryCursor()
    const mailbox = await openIn(context, serverFor(server), { cursor })
    const listed = await mailbox.listWaiting()
    assert.equal(listed.length, 1_100)
    assert.equal(asked(server, 'SyncFolderItems'), 3)
    assert.deepEqual(listed.map(({ id }) => id), [...store.items.keys()])
    store.deliver(mail('one more'))
    assert.equal((await mailbox.listWaiting()).length, 1_101)
    assert.equal(asked(server, 'SyncFolderItems'), 4)
    assert.equal(asked(server, 'FindItem'), 0)
  })

  test('what is read, unread, moved or deleted elsewhere is seen', async (context) => {
    const server = await exchange(context)
    const store = server.store('help')
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => store.deliver(mail(name)))
    assert.ok(a && b && c && d)
    store.mark(d, true)
    const cursor = memoryCursor()
    const mailbox = await openIn(context, serverFor(server), { cursor })
    assert.deepEqual(await subjects(mailbox), ['a', 'b', 'c'])
    store.mark(a, true)
    store.move(b, store.folderNamed('Drafts')?.id ?? '')
    store.remove(c)
    store.mark(d, false)
    assert.deepEqual(await subjects(mailbox), ['d'])
    const again = await openIn(context, serverFor(server), { cursor })
    assert.deepEqual(await subjects(again), ['d'])
  })

  test('a state that the server no longer takes, another folder, another way to acknowledge: everything is listed anew', async (context) => {
    const server = await exchange(context)
    server.store('help').deliver(mail('a'))
    const cursor = memoryCursor()
    const first = await openIn(context, serverFor(server), { cursor })
    await subjects(first)
    await cursor.write((cursor.writes.at(-1) ?? '').replace(/"syncState":"[^"]*"/, `"syncState":"${Buffer.from('rubbish').toString('base64')}"`))
    assert.deepEqual(await subjects(await openIn(context, serverFor(server), { cursor })), ['a'])
    assert.deepEqual(await subjects(await openIn(context, serverFor(server, { folder: 'Drafts' }), { cursor })), [])
    assert.deepEqual(await subjects(await openIn(context, serverFor(server, { afterFetch: 'delete' }), { cursor })), ['a'])
  })
})

describe('streaming notifications', () => {
  const listening = async (context: TestContext, options: Partial<EwsServerOptions> = {}, change: Partial<IncomingServer> = {}) => {
    const server = await exchange(context, { heartbeatMs: 200, ...options })
    const mailbox = await openIn(context, serverFor(server, { fetchEveryMs: 5_000, ...change }))
    await mailbox.listWaiting()
    const wait = (limitMs = 8_000, signal = new AbortController().signal): Promise<boolean> => mailbox.waitForNews?.(limitMs, signal) ?? Promise.resolve(false)
    return { server, store: server.store('help'), mailbox, wait }
  }
  const untilAsked = async (server: EwsServer, operation: string, count = 1): Promise<void> => {
    while (asked(server, operation) < count) await sleep(10)
    await sleep(30)
  }

  test('new mail is told at once, also what came before the stream began', async (context) => {
    const { server, store, mailbox, wait } = await listening(context)
    const started = performance.now()
    const heard = wait()
    await untilAsked(server, 'GetStreamingEvents')
    store.deliver(mail('new'))
    assert.equal(await heard, true)
    assert.ok(performance.now() - started < 2_000)
    assert.equal((await mailbox.listWaiting()).length, 1)
    assert.equal(await wait(600), false, 'what was listed is no news')
    store.deliver(mail('in between'))
    assert.equal(await wait(), true)
    const other = await listening(context)
    other.store.deliver(mail('before the subscription'))
    assert.equal(await other.wait(), true)
  })

  test('ends with false after the limit and when it is called off', async (context) => {
    const { wait } = await listening(context)
    assert.equal(await wait(400), false)
    assert.equal(await wait(10_000, AbortSignal.timeout(200)), false)
  })

  test('goes on when the server ends the stream or forgets the subscription', async (context) => {
    const { server, store, wait } = await listening(context, { minuteMs: 250 })
    const heard = wait()
    await untilAsked(server, 'GetStreamingEvents', 2)
    assert.equal(asked(server, 'Subscribe'), 1)
    server.forgetSubscriptions()
    await untilAsked(server, 'Subscribe', 2)
    store.deliver(mail('new'))
    assert.equal(await heard, true)
  })

  test('a stream without heartbeat is dead', async (context) => {
    const { wait } = await listening(context, { heartbeatMs: 60_000 })
    assert.equal((await problemOf(wait(20_000))).code, 'server-silent')
  })

  test('where the server gives none, it is asked in turn', async (context) => {
    const { server, store, wait } = await listening(context)
    server.setFault((operation) => (operation === 'Subscribe' ? { response: 'ErrorExceededSubscriptionCount', text: 'You have exceeded the available subscriptions for your account.' } : null))
    assert.equal(await wait(300), false)
    store.deliver(mail('new'))
    assert.equal(await wait(), true)
    assert.equal(asked(server, 'GetStreamingEvents'), 0)
  })
})

describe('mailboxes of others', () => {
  test('a shared mailbox is opened with FullAccess; without it the right is named', async (context) => {
    const server = await exchange(context, { mayOpen: (user, mailbox) => user === 'CORP\\help' && mailbox === 'shared@example.com' })
    server.store('shared').deliver(mail('for all'))
    const shared = await openIn(context, serverFor(server, { mailbox: 'shared@example.com', afterFetch: 'move', moveTo: 'Done' }))
    const listed = await shared.listWaiting()
    await shared.acknowledge(listed.map(({ id }) => id))
    assert.equal([...server.store('shared').items.values()].filter(({ folder }) => folder === server.store('shared').folderNamed('Done')?.id).length, 1)
    assert.equal(server.asked.at(-1)?.anchor, 'shared@example.com')
    const problem = await openProblem(serverFor(server, { mailbox: 'boss@example.com' }))
    assert.ok(problem.code === 'mailbox-access-denied' && problem.right === 'FullAccess' && problem.command.includes('boss@example.com'), JSON.stringify(problem))
    const steps = await stepsOf(serverFor(server, { mailbox: 'boss@example.com' }))
    assert.deepEqual(steps.map(({ step, outcome }) => `${step} ${outcome}`).slice(-2), ['sign-in ok', 'mailbox failed'])
  })

  test('a service account without a mailbox signs in and opens one', async (context) => {
    const server = await exchange(context, { hasMailbox: (user) => !user.includes('svc'), mayOpen: () => true })
    server.store('help').deliver(mail('hello'))
    const steps = await stepsOf(serverFor(server, { ...withUser('ntlm', 'CORP\\svc'), mailbox: 'help@example.com' }))
    assert.deepEqual(steps.map(({ outcome }) => outcome), steps.map(() => 'ok'), JSON.stringify(steps))
    assert.match(steps.find(({ step }) => step === 'sign-in')?.detail ?? '', /CORP\\svc by NTLM, Exchange 15\.2\.1544/)
    const missing = await openProblem(serverFor(server, withUser('ntlm', 'CORP\\svc')))
    assert.equal(missing.code, 'mailbox-not-found')
  })

  test('an application impersonates, and is told when it may not', async (context) => {
    const server = await exchange(context, { offers: ['Bearer'], tokenOf: (token) => (token === 'good' ? 'app' : null), mayImpersonate: (_user, mailbox) => mailbox !== 'boss@example.com', hasMailbox: (user) => !user.startsWith('gone') })
    server.store('help').deliver(mail('hello'))
    const token = withToken(async () => issued('good'))
    assert.deepEqual(await subjects(await openIn(context, serverFor(server, byApplication('help@example.com')), token)), ['hello'])
    assert.equal(server.asked.at(-1)?.impersonated, 'help@example.com')
    const denied = await openProblem(serverFor(server, byApplication('boss@example.com')), token)
    assert.ok(denied.code === 'mailbox-access-denied' && denied.right === 'ApplicationImpersonation', JSON.stringify(denied))
    for (const user of ['gone@example.com', '']) assert.equal((await openProblem(serverFor(server, byApplication(user)), token)).code, 'mailbox-not-found')
  })

  test('a mailbox that must stay closed is tried', async (context) => {
    const server = await exchange(context, { mayOpen: (_user, mailbox) => mailbox === 'open@example.com' })
    const last = async (forbiddenMailbox: string): Promise<TestStep | undefined> => (await stepsOf(serverFor(server, { forbiddenMailbox }))).at(-1)
    assert.deepEqual([(await last('boss@example.com'))?.step, (await last('boss@example.com'))?.outcome], ['forbidden-mailbox', 'ok'])
    assert.equal((await last('open@example.com'))?.problem?.code, 'forbidden-mailbox-readable')
  })
})

describe('endpoints', () => {
  test('something else at the URL is told, and gets no password', async (context) => {
    for (const path of ['/', '/owa/', '/EWS/Services.wsdl']) {
      const tries: boolean[] = []
      const server = await exchange(context, { onSignIn: (_user, ok) => tries.push(ok) })
      const wrong = serverFor(server, { ...withUser('password', 'help'), endpoint: `https://localhost:${server.port}${path}` })
      assert.equal((await openProblem(wrong)).code, 'endpoint-wrong')
      const steps = await stepsOf(wrong)
      assert.deepEqual([steps.at(-1)?.step, steps.at(-1)?.problem?.code], ['endpoint', 'endpoint-wrong'])
      assert.deepEqual(tries, [])
    }
    const server = await exchange(context)
    assert.equal((await openProblem(serverFor(server, { endpoint: 'http://localhost/EWS/Exchange.asmx' }))).code, 'endpoint-wrong')
  })

  test('Exchange Web Services that are switched off for a mailbox', async (context) => {
    const server = await exchange(context)
    server.setFault(() => ({ http: 403 }))
    const problem = await openProblem(serverFor(server))
    assert.ok(problem.code === 'mailbox-access-denied' && /EwsEnabled/.test(problem.command), JSON.stringify(problem))
  })
})

describe('folders and messages', () => {
  test('the inbox is found in any language, folders below it and beside it too', async (context) => {
    const server = await exchange(context, { folderNames: { inbox: 'Posteingang', sentitems: 'Gesendete Elemente' } })
    const store = server.store('help')
    const below = store.addFolder(store.folderNamed('Inbox')?.id ?? '', 'Tickets & <more>')
    store.deliver(mail('ticket'), below.id)
    store.deliver(mail('inbox'))
    assert.deepEqual(await subjects(await openIn(context, serverFor(server))), ['inbox'])
    assert.deepEqual(await subjects(await openIn(context, serverFor(server, { folder: 'inbox/tickets & <MORE>' }))), ['ticket'])
    assert.deepEqual(await subjects(await openIn(context, serverFor(server, { folder: 'Sent Items' }))), [])
    const problem = await openProblem(serverFor(server, { folder: 'Nowhere/Here' }))
    assert.ok(problem.code === 'folder-not-found' && problem.available.includes('Inbox/Tickets & <more>') && problem.available.includes('Gesendete Elemente'), JSON.stringify(problem))
  })

  test('a message that Exchange cannot give is named, and the others can be had one by one', async (context) => {
    const server = await exchange(context)
    const store = server.store('help')
    const items = ['a', 'b', 'c'].map((name) => store.deliver(mail(name)))
    if (items[1]) items[1].fault = 'ErrorMimeContentConversionFailed'
    const mailbox = await openIn(context, serverFor(server))
    const listed = await mailbox.listWaiting()
    const outcomes: string[] = []
    for (const message of listed) {
      const problem = await (async () => {
        for await (const { raw } of mailbox.download([message])) outcomes.push(subjectOf(raw))
        return null
      })().catch((error: unknown) => problemOf(Promise.reject(error as Error)))
      if (problem !== null) outcomes.push(problem.code)
    }
    assert.deepEqual(outcomes, ['a', 'message-unreadable', 'c'])
  })
})

test('a sample of a very large message is its headline, without fetching it', async (context) => {
  const server = await exchange(context)
  server.store('help').deliver(mail('large', 'x'.repeat(6_000_000)))
  const sample = await (await openIn(context, serverFor(server))).sample()
  assert.deepEqual([sample?.from, sample?.subject, sample?.text], ['Ann <ann@example.com>', 'large', ''])
})

describe('sending', () => {
  const outgoing = ({ port, url }: EwsServer, change: Partial<OutgoingServer> = {}): OutgoingServer =>
    ({ ...(newOutgoingServer('ews') as OutgoingServer), name: 'out', host: 'localhost', port, security: 'tls', endpoint: url, replyTo: 'help@example.com', timeoutMs: 10_000, auth: { method: 'ntlm', user: 'help@example.com', secret: 'keychain' }, tls, ...change })
  const message = (size = 10, from = 'help@example.com'): OutgoingMessage => ({ from, recipients: ['ann@example.org'], messageId: '<1@example.com>', raw: Buffer.from(`From: ${from}\r\nTo: ann@example.org\r\nMessage-ID: <1@example.com>\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(size / 100)}`) })
  const send = (server: OutgoingServer, mailToSend: OutgoingMessage) => createEwsOutgoing(transportNeeds()).send(server, mailToSend, needsFor(server))

  test('a copy lies among the sent items, of the shared mailbox where it is sent from one', async (context) => {
    const server = await exchange(context, { mayOpen: () => true, maySendAs: () => true })
    await send(outgoing(server), message())
    await send(outgoing(server, { mailbox: 'shared@example.com' }), message(10, 'shared@example.com'))
    assert.deepEqual(server.sent.map(({ savedTo }) => savedTo), ['help@example.com', 'shared@example.com'])
    assert.equal([...server.store('shared').items.values()][0]?.isRead, true)
  })

  test('50 MB go whole; what is more than IIS takes is told', async (context) => {
    const server = await exchange(context)
    const large = message(50_000_000)
    await send(outgoing(server), large)
    assert.ok(server.sent[0]?.raw.equals(large.raw))
    assert.equal((await problemOf(send(outgoing(server), message(55_000_000)))).code, 'mail-too-large')
    assert.equal(server.sent.length, 1)
  })

  test('reaches whoever has an address that looks like a placeholder of ours', async (context) => {
    const server = await exchange(context)
    const hidden = '{message}@example.org'
    await send(outgoing(server), { ...message(), recipients: ['ann@example.org', hidden] })
    assert.deepEqual(server.sent.map(({ recipients, raw }) => [recipients, raw.equals(message().raw)]), [[['ann@example.org', hidden], true]])
  })

  test('a mail whose fate is unknown is not sent again', async (context) => {
    const server = await exchange(context)
    server.setFault((operation) => (operation === 'CreateItem' ? { drop: true } : null))
    assert.equal((await problemOf(send(outgoing(server), message()))).code, 'mail-uncertain')
    assert.equal(asked(server, 'CreateItem'), 1)
  })
})

test('lists that bring the same page again and again end', { timeout: 20_000 }, async (context) => {
  const server = await exchange(context)
  server.store('help').deliver(mail('hello'))
  const page = (name: string, state: number): string => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:${name}Response xmlns:m="m" xmlns:t="t"><m:ResponseMessages><m:${name}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:SyncState>${state % 2}</m:SyncState><m:IncludesLastItemInRange>false</m:IncludesLastItemInRange><m:RootFolder IncludesLastItemInRange="false"><t:Items><t:Message><t:ItemId Id="one"/></t:Message></t:Items></m:RootFolder></m:${name}ResponseMessage></m:ResponseMessages></m:${name}Response></s:Body></s:Envelope>`
  for (const cursor of [null, memoryCursor()]) {
    const mailbox = await openIn(context, serverFor(server), { cursor })
    let count = 0
    server.setFault((operation) => (operation === 'FindItem' || operation === 'SyncFolderItems' ? { http: 200, headers: { 'content-type': 'text/xml' }, body: page(operation, count++) } : null))
    await mailbox.listWaiting()
    assert.ok(count > 0 && count < 10, String(count))
    server.setFault(null)
    await mailbox.close()
  }
})

describe('copies of what was sent', () => {
  const sender = (server: EwsServer, change: Partial<OutgoingServer> = {}): OutgoingServer => ({ ...newOutgoingServer('ews'), name: 'out', host: 'localhost', port: server.port, security: 'tls', endpoint: server.url, replyTo: 'help@example.com', timeoutMs: 3_000, auth: { method: 'ntlm', user: 'CORP\\help', secret: 'keychain' }, tls, ...change }) as OutgoingServer
  const wasSent = (server: OutgoingServer): Promise<boolean | null> => createEwsOutgoing(transportNeeds(limits)).wasSent(server, '<1@example.com>', needsFor(server))

  test('are told of by nobody who may not look into them, and not by a server in trouble', async (context) => {
    const server = await exchange(context)
    assert.equal(await wasSent(sender(server)), false)
    assert.equal(await wasSent(sender(server, { mailbox: 'shared@example.com' })), null)
    server.setFault(() => ({ response: 'ErrorMailboxStoreUnavailable', text: 'The mailbox database is temporarily unavailable.' }))
    await assert.rejects(wasSent(sender(server)))
    server.setFault(() => ({ http: 401 }))
    await assert.rejects(wasSent(sender(server)))
  })

  test('an answer that breaks off leaves in doubt whether the mail went, an error in it does not', async (context) => {
    const server = await exchange(context)
    const message: OutgoingMessage = { from: 'help@example.com', recipients: ['ann@example.org'], messageId: '<1@example.com>', raw: Buffer.from('From: help@example.com\r\nTo: ann@example.org\r\nMessage-ID: <1@example.com>\r\nSubject: x\r\n\r\nx\r\n') }
    const send = () => problemOf(createEwsOutgoing(transportNeeds(limits)).send(sender(server), message, needsFor(sender(server))))
    server.setFault((operation) => (operation === 'CreateItem' ? { drop: true } : null))
    assert.equal((await send()).code, 'mail-uncertain')
    server.setFault((operation) => (operation === 'CreateItem' ? { http: 200, headers: { 'content-type': 'text/xml', 'content-length': '5000' }, body: '<?xml' } : null))
    assert.equal((await send()).code, 'mail-uncertain')
    server.setFault((operation) => (operation === 'CreateItem' ? { http: 200, headers: { 'content-type': 'text/xml' }, body: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>' } : null))
    assert.equal((await send()).code, 'mail-uncertain')
    server.setFault((operation) => (operation === 'CreateItem' ? { http: 500 } : null))
    assert.notEqual((await send()).code, 'mail-uncertain')
  })
})
