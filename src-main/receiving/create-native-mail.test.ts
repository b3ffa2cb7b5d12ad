import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { nativeMailSettings, type NativeMailSettings } from '#contract/native-mail.ts'
import { ProblemError } from '#contract/problem.ts'
import type { SentMail } from '#contract/outgoing-server.ts'
import { testCertificates } from '../../testbed/certificates.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { freePorts } from '../../testbed/free-ports.ts'
import { mailTables } from '../database/mail-tables.ts'
import { nativeMailTable } from '../database/native-mail-table.ts'
import type { NoticeMail } from '../delivery/send-mail.ts'
import { systemClock } from '../fetching/clock.ts'
import { sendProbe } from '../native-mail/send-probe.ts'
import { startSmtpReceiver } from '../native-mail/smtp-receiver.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import type { CommittedMessage } from '../requests/message-fate.ts'
import { createNativeMail } from './create-native-mail.ts'

/** Native mail over real settings and a real receiver; what is taken is noted instead of decided on. */
async function rig(t: TestContext, more: { sendNotice?: (mail: NoticeMail) => Promise<SentMail>; over?: ReturnType<typeof createConfiguredConsole> } = {}) {
  const office = more.over ?? createConfiguredConsole()
  const taken: string[] = []
  const stopped: string[] = []
  const unexpected: unknown[] = []
  const rung: string[] = []
  const native = createNativeMail({
    database: office.database, table: nativeMailTable, tables: mailTables, sources: office.sources, saveSettings: office.settings.save, works: office.works, announce: office.needs.announce, subscribe: office.needs.subscribe,
    startReceiver: startSmtpReceiver, sendProbe, clock: systemClock, chance: Math.random, newId: randomUUID, reportUnexpected: (thrown) => unexpected.push(thrown),
    sendNotice: async (mail) => (more.sendNotice ?? (() => Promise.reject(new ProblemError({ code: 'no-outgoing-server' }))))(mail),
    bell: { ring: async ({ kind, text }) => rung.push(`${kind}: ${text}`) > 0 }, tell: { messagesFailed: async ({ name }, failed) => void rung.push(`${name}: ${failed.length} failed`) },
    stopFetching: async ({ name }) => void stopped.push(name),
    intake: { take: async (raws) => raws.map((raw) => ({ stored: { address: 'a', place: { pack: 1, offset: 0, length: raw.length }, size: raw.length }, parsed: parseMessage(raw) })) },
    commit: async (_origin, _settings, arrived) => {
      taken.push(...arrived.map((one) => one.taken?.parsed.content.subject ?? ''))
      return arrived.map((one) => {
        const failed = one.taken?.parsed.content.subject === 'bad'
        return { uid: one.uid, outcome: failed ? 'error' : 'request', decided: { arrived: one, problem: failed ? { code: 'message-without-sender' } : null } } as unknown as CommittedMessage
      })
    }
  })
  t.after(() => native.close())
  const [port = 0] = await freePorts(1)
  const wanted = (change: Partial<NativeMailSettings> = {}): NativeMailSettings => nativeMailSettings.parse({ host: 'mail.example.com', listen: '127.0.0.1', port, ...change })
  const bring = (to: string, subject = 'Help'): Promise<void> => sendProbe({ host: '127.0.0.1', port, name: 'client.example.org', to, message: `From: ann@customer.example\r\nSubject: ${subject}\r\n\r\nText` }, AbortSignal.timeout(10_000))
  const activate = (settings = wanted()) => native.activate({ settings, reason: null }, administrator)
  const testIt = (through: string | null = null) => native.test({ through, workId: randomUUID() })
  return { rung, office, native, taken, stopped, unexpected, port, wanted, bring, activate, testIt }
}

test('before it is activated there is nothing', async (t) => {
  const { native, testIt } = await rig(t)
  await native.begin()
  const state = await native.state()
  assert.deepEqual({ ...state, settings: null }, { settings: null, listening: false, problem: null, supportAddress: null, mailServer: null, encrypted: false, received: { mails: 0, refused: 0, lastAt: null }, stage: 'custom', fetching: [] })
  await assert.rejects(testIt(), { problem: { code: 'invalid-input', issues: [{ path: '', message: 'Native mail is not active. Activate it first.' }] } })
  await assert.rejects(native.finish({ stop: [] }, administrator), /invalid-input/)
})

test('activated: an address is made, mail to it is taken at once, and the history says who did it', async (t) => {
  const { native, taken, bring, activate, port, office } = await rig(t)
  await native.begin()
  const state = await activate()
  assert.match(state.supportAddress ?? '', /^(?:[a-z]{2}){3}\d{5}@mail\.example\.com$/)
  assert.deepEqual([state.listening, state.stage, state.mailServer, state.problem, state.encrypted], [true, 'configured', `mail.example.com:${port}`, null, false])
  await bring(state.supportAddress ?? '')
  assert.deepEqual(taken, ['Help'])
  await assert.rejects(bring('somebody@elsewhere.example'), { problem: { code: 'server-refused', host: '127.0.0.1', port, serverSaid: '550 5.7.1 Relaying denied' } })
  const { received } = await native.state()
  assert.deepEqual([received.mails, received.refused], [1, 1])
  const [entry] = await office.history.list({ name: null, limit: 1 })
  assert.equal(entry?.who, 'Ann')
  assert.ok(entry.changes.some(({ field }) => field.includes('nativeMail')), JSON.stringify(entry.changes))
})

test('the address is kept over deactivation, and nothing is taken meanwhile', async (t) => {
  const { native, bring, activate, wanted } = await rig(t)
  await native.begin()
  const first = await activate()
  const off = await native.deactivate({ reason: null }, administrator)
  assert.deepEqual([off.listening, off.stage, off.supportAddress], [false, 'custom', first.supportAddress])
  await assert.rejects(bring(first.supportAddress ?? ''), /connection-dropped/)
  const again = await activate(wanted({ instance: null }))
  assert.equal(again.supportAddress, first.supportAddress)
})

test('where it cannot listen nothing is changed; the old place stays', async (t) => {
  const { native, activate, wanted, bring, office, port } = await rig(t)
  await native.begin()
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => other.close())
  const busy = (other.address() as AddressInfo).port
  const before = JSON.stringify(await office.settings.get())
  await assert.rejects(activate(wanted({ port: busy })), { problem: { code: 'native-mail-cannot-listen', address: '127.0.0.1', port: busy, reason: 'another program listens there already.' } })
  assert.equal(JSON.stringify(await office.settings.get()), before)
  const { supportAddress } = await activate()
  await assert.rejects(activate(wanted({ port: busy })), /native-mail-cannot-listen/)
  await assert.rejects(activate(wanted({ certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' })), /native-mail-certificate-unusable/)
  const state = await native.state()
  assert.deepEqual([state.listening, state.settings.port, state.settings.certFile, state.problem], [true, port, null, null])
  await bring(supportAddress ?? '')
})

test('settings with which nothing could be received are told at their fields', async (t) => {
  const { activate, wanted } = await rig(t)
  const rows: [Partial<NativeMailSettings>, string][] = [
    [{ host: null }, 'settings.host'], [{ certFile: 'a.pem' }, 'settings.keyFile'], [{ keyFile: 'a.pem' }, 'settings.certFile'], [{ partition: 'Mian' }, 'settings.partition'], [{ template: 'None' }, 'settings.template'], [{ listen: ' ' }, 'settings.listen']
  ]
  for (const [change, path] of rows) await assert.rejects(activate(wanted(change)), (thrown: ProblemError) => thrown.problem.code === 'invalid-input' && thrown.problem.issues[0]?.path === path)
  await assert.rejects(activate(wanted({ partition: 'Mian' })), (thrown: ProblemError) => thrown.problem.code === 'invalid-input' && thrown.problem.issues[0]?.message === 'There is no partition `Mian` — did you mean `Main`?')
})

test('where a reason is required and none is given, it does not listen either', async (t) => {
  const { native, activate, office, bring } = await rig(t)
  await native.begin()
  const settings = await office.settings.get()
  await office.settings.save({ settings: { ...settings, history: { reasonRequired: true } }, reason: null }, administrator)
  await assert.rejects(activate(), /invalid-input/)
  assert.equal((await native.state()).listening, false)
  await assert.rejects(bring('postmaster'), /connection-dropped/)
})

test('the move: configured, tested, finished; the named servers stop; another address has to be tested anew', async (t) => {
  const { native, activate, testIt, taken, stopped, office, wanted } = await rig(t)
  await native.begin()
  for (const name of ['it', 'hr']) await office.incoming.save({ was: null, server: { ...newIncomingServer('imap', 'Main'), name, host: 'imap.example.com', auth: { method: 'password', user: name, secret: 'keychain' } }, draft: true, secret: null, proxySecret: null, clientKeySecret: null, reason: null, workId: randomUUID() } as unknown as Parameters<typeof office.incoming.save>[0], administrator)
  assert.equal((await activate()).stage, 'configured')
  await assert.rejects(native.finish({ stop: ['it'] }, administrator), (thrown: ProblemError) => thrown.problem.code === 'invalid-input' && /test mail first/.test(thrown.problem.issues[0]?.message ?? ''))
  const { ms, hops } = await testIt()
  assert.ok(ms >= 0 && ms < 10_000)
  assert.equal(hops, 1)
  assert.deepEqual(taken, [], 'a test mail becomes no request')
  assert.equal((await native.state()).stage, 'tested')
  await assert.rejects(native.finish({ stop: ['it', 'hx'] }, administrator), { problem: { code: 'not-found', what: 'incoming server', name: 'hx', nearest: 'hr' } } as object)
  assert.deepEqual(stopped, [])
  assert.equal((await native.finish({ stop: ['it'] }, administrator)).stage, 'native')
  assert.deepEqual(stopped, ['it'])
  assert.equal((await activate(wanted({ host: 'mx.example.com' }))).stage, 'configured')
})

test('a test through an outgoing server is told by its word, over how many servers it came', async (t) => {
  const { native, activate, testIt, taken, port } = await rig(t, {
    async sendNotice({ through, to: [to = ''], subject }) {
      assert.deepEqual(through, { server: 'main' })
      const message = `Received: from a by b; Fri, 20 Nov 2026 08:00:00 +0000\r\nReceived: from c by a; Fri, 20 Nov 2026 08:00:00 +0000\r\nFrom: it@example.com\r\nSubject: ${subject}\r\n\r\nText`
      // The relay may still say goodbye when the test is over.
      setTimeout(() => void sendProbe({ host: '127.0.0.1', port: place.port, name: 'relay.example.org', to, message }, AbortSignal.timeout(5_000)).catch(() => undefined), 50)
      return { messageId: '<x@example.com>', through: 'primary', serverSaid: '250 OK', accepted: [to], refused: [] }
    }
  })
  const place = { port }
  await native.begin()
  await activate()
  assert.equal((await testIt('main')).hops, 3)
  assert.deepEqual(taken, [])
})

test('a test that cannot be sent says why, and one that is cancelled ends', async (t) => {
  const { native, activate, testIt, office } = await rig(t, { sendNotice: () => new Promise(() => undefined) })
  await native.begin()
  await activate()
  const workId = randomUUID()
  const lost = native.test({ through: 'main', workId })
  await sleep(50)
  office.works.cancel(workId)
  await assert.rejects(lost, { problem: { code: 'cancelled' } })
  assert.equal((await native.state()).stage, 'configured')
  const { native: refused, activate: again, testIt: testAgain } = await rig(t)
  await refused.begin()
  await again()
  await assert.rejects(testAgain('main'), { problem: { code: 'no-outgoing-server' } })
  await testIt()
})

test('without a running host (as on the command line) it listens for the test alone', async (t) => {
  const { native, activate, testIt, office, bring } = await rig(t)
  const { supportAddress } = await activate()
  await native.close()
  const later = await rig(t, { over: office })
  assert.equal((await later.native.state()).listening, false)
  await later.testIt()
  assert.deepEqual([(await later.native.state()).stage, (await later.native.state()).listening], ['tested', false])
  await assert.rejects(bring(supportAddress ?? ''), /connection-dropped/)
  await later.native.begin()
  assert.equal((await later.native.state()).listening, true)
  await bring(supportAddress ?? '')
  assert.deepEqual(later.taken, ['Help'])
  await testIt().then(() => assert.fail('a closed console receives nothing'), () => undefined)
})

test('it follows settings that were changed elsewhere, and tells what stands in the way', async (t) => {
  const { native, office, wanted, taken, port, unexpected, rung } = await rig(t)
  await native.begin()
  const settings = await office.settings.get()
  const saveNative = (nativeMail: NativeMailSettings): Promise<void> => office.settings.save({ settings: { ...settings, nativeMail }, reason: null }, administrator)
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; !(await holds()); tries++) {
      if (tries > 200) assert.fail(`never: ${what}`)
      await sleep(25)
    }
  }
  await saveNative(wanted({ enabled: true, host: null }))
  await until('a missing host is told of', async () => (await native.state()).problem?.code === 'invalid-input')
  await saveNative(wanted({ enabled: true, addresses: ['it@bücher.example'] }))
  await until('it listens', async () => (await native.state()).listening)
  const { supportAddress, settings: saved, problem } = await native.state()
  assert.match(saved.instance ?? '', /^[a-z]{6}\d{5}$/)
  assert.equal(problem, null)
  assert.equal(rung.length, 2)
  assert.match(rung[0] ?? '', /^connectivity-lost: /)
  assert.equal(rung[1], 'connectivity-back: Native mail is received again.')
  await sendProbe({ host: '127.0.0.1', port, name: 'c', to: 'it@xn--bcher-kva.example', message: 'Subject: IDN\r\n\r\nText' }, AbortSignal.timeout(5_000))
  await sendProbe({ host: '127.0.0.1', port, name: 'c', to: supportAddress ?? '', message: 'Subject: own\r\n\r\nText' }, AbortSignal.timeout(5_000))
  assert.deepEqual(taken, ['IDN', 'own'])
  await saveNative({ ...saved, enabled: false })
  await until('it listens no more', async () => !(await native.state()).listening)
  assert.deepEqual(unexpected, [])
})

test('with a certificate the test mail goes over STARTTLS', async (t) => {
  const { native, activate, testIt, wanted } = await rig(t)
  await native.begin()
  const { certFile, keyFile } = testCertificates().good
  assert.equal((await activate(wanted({ certFile, keyFile }))).encrypted, true)
  await testIt()
  assert.equal((await native.state()).stage, 'tested')
})

test('messages that failed are acknowledged, and people are told of them together', async (t) => {
  const { native, activate, bring, rung, office } = await rig(t)
  await native.begin()
  const { supportAddress } = await activate()
  for (let count = 0; count < 3; count++) await bring(supportAddress ?? '', 'bad')
  await native.close()
  assert.deepEqual(rung, ['Native mail: 3 failed'])
  assert.deepEqual(office.events.filter(({ name }) => name === 'errors-changed').map(({ detail }) => detail), [{ server: 'Native mail', count: 0 }])
})
