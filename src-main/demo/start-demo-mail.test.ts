import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { createImapTransport } from '../mail/imap/imap-transport.ts'
import { createSmtpTransport } from '../mail/smtp/smtp-transport.ts'
import type { DownloadedMessage, OpenMailbox } from '../mail/incoming-transport.ts'
import { validateConfiguration } from '../servers/configuration-file.ts'
import { passwordConnection } from '../../testbed/password-connection.ts'
import { transportNeeds } from '../../testbed/transport-needs.ts'
import { startDemoMail, type DemoMail } from './start-demo-mail.ts'
import { writeMailbox } from './write-demo-mail.ts'

const log: string[] = []
let demo: DemoMail
let quiet: DemoMail
before(async () => {
  demo = await startDemoMail({ now: () => new Date(), log: { info: (text) => log.push(text) }, arriveEveryMs: 150 })
  quiet = await startDemoMail({ now: () => new Date(), log: { info: (text) => log.push(text) }, arriveEveryMs: 1e9 })
})
after(async () => { await demo.stop(); await quiet.stop() })

const imap = createImapTransport(transportNeeds())
const serverOn = (where: DemoMail, name: 'it' | 'hr', change: Partial<IncomingServer> = {}): IncomingServer => ({
  ...newIncomingServer('imap', 'IT'), name, host: '127.0.0.1', port: where.imapPorts[name], security: 'none', auth: { method: 'password', user: `${name}@demo.example`, secret: 'keychain' }, ...change
}) as IncomingServer
const needsOf = (where: DemoMail, user: string) => ({ ...passwordConnection(user, where.env.MAILROOM_DEMO_PASSWORD ?? ''), signal: AbortSignal.timeout(20_000), transcript: null, cursor: null })
const open = (where: DemoMail, name: 'it' | 'hr', change?: Partial<IncomingServer>): Promise<OpenMailbox> => imap.open(serverOn(where, name, change), needsOf(where, `${name}@demo.example`))
const downloadAll = async (mailbox: OpenMailbox): Promise<DownloadedMessage[]> => {
  const got: DownloadedMessage[] = []
  for await (const message of mailbox.download(await mailbox.listWaiting())) got.push(message)
  return got
}

test('sixty messages, and every byte of them comes through IMAP', async () => {
  const all = [...writeMailbox('it', new Date(0)), ...writeMailbox('hr', new Date(0))]
  assert.ok(all.length >= 60, String(all.length))
  const mailbox = await open(quiet, 'it')
  const got = await downloadAll(mailbox)
  await mailbox.close()
  assert.deepEqual(got.map(({ raw }) => raw.length).sort(), writeMailbox('it', new Date()).map(({ raw }) => raw.length).sort())
  assert.ok(got.some(({ raw }) => raw.length > 1_000_000))
  const japanese = got.find(({ raw }) => raw.includes('charset=iso-2022-jp'))
  assert.match(new TextDecoder('iso-2022-jp').decode(japanese?.raw), /共有フォルダー/)
})

test('marking, moving to the error folder and back work', async () => {
  const mailbox = await open(quiet, 'hr')
  const before = await mailbox.listWaiting()
  const [first, second, third] = before.map(({ id }) => id)
  await mailbox.acknowledge([first ?? ''])
  await mailbox.moveToErrorFolder([second ?? '', third ?? ''])
  assert.equal((await mailbox.listWaiting()).length, before.length - 3)
  assert.deepEqual(await mailbox.moveBackToInbox(null), { moved: 2, missing: 0 })
  assert.equal((await mailbox.listWaiting()).length, before.length - 1)
  await mailbox.close()
})

test('strange messages can be moved to the error folder and back by Message-ID', async () => {
  const mailbox = await open(quiet, 'it')
  const before = await mailbox.listWaiting()
  await mailbox.moveToErrorFolder(before.map(({ id }) => id))
  assert.equal((await mailbox.listWaiting()).length, 0)
  const started = performance.now()
  assert.deepEqual(await mailbox.moveBackToInbox(['<it.1.2026@mail.demo.example>']), { moved: 1, missing: 0 })
  assert.ok(performance.now() - started < 5_000)
  await mailbox.moveBackToInbox(null)
  assert.equal((await mailbox.listWaiting()).length, before.length)
  await mailbox.close()
})

test('deleting and moving after the fetch work', async () => {
  for (const change of [{ afterFetch: 'delete' }, { afterFetch: 'move', moveTo: 'Done mail' }] satisfies Partial<IncomingServer>[]) {
    const mailbox = await open(quiet, 'hr', change)
    const before = await mailbox.listWaiting()
    await mailbox.acknowledge(before.slice(0, 2).map(({ id }) => id))
    assert.equal((await mailbox.listWaiting()).length, before.length - 2, change.afterFetch)
    await mailbox.close()
  }
})

test('mail keeps arriving, and IDLE tells of it', async () => {
  const mailbox = await open(demo, 'it')
  await mailbox.listWaiting()
  assert.equal(await mailbox.waitForNews?.(5_000, new AbortController().signal), true)
  const count = (await mailbox.listWaiting()).length
  await sleep(700)
  assert.ok((await mailbox.listWaiting()).length > count)
  await mailbox.close()
})

test('what is sent through the demo arrives in the demo', async () => {
  const server: OutgoingServer = { ...newOutgoingServer('smtp'), name: 'main', host: '127.0.0.1', port: quiet.smtpPort, security: 'none', replyTo: 'it@demo.example', auth: { method: 'password', user: 'it@demo.example', secret: 'keychain' } }
  const raw = Buffer.from('From: it@demo.example\r\nSubject: Round trip\r\nMessage-ID: <trip@demo.example>\r\n\r\n.A line with a dot\r\n')
  const smtp = createSmtpTransport()
  const answer = await smtp.send(server, { from: 'it@demo.example', recipients: ['hr@demo.example', 'nobody@demo.example', 'ann@example.org'], raw, messageId: '<trip@demo.example>' }, needsOf(quiet, 'it@demo.example'))
  assert.deepEqual(answer.accepted, ['hr@demo.example', 'ann@example.org'])
  assert.deepEqual(answer.refused.map(({ address }) => address), ['nobody@demo.example'])
  const mailbox = await open(quiet, 'hr')
  assert.ok((await downloadAll(mailbox)).some((message) => message.raw.equals(raw)))
  await mailbox.close()
})

test('the connection test is green, and the wrong password is red', async () => {
  const steps: TestStep[] = []
  const { sample } = await imap.diagnose(serverOn(quiet, 'it'), needsOf(quiet, 'it@demo.example'), (step) => steps.push(step))
  assert.deepEqual(steps.filter(({ outcome }) => outcome !== 'ok'), [])
  assert.ok(sample !== null)
  const red: TestStep[] = []
  await imap.diagnose(serverOn(quiet, 'it'), { ...needsOf(quiet, 'facilities@demo.example'), ...passwordConnection('facilities@demo.example', quiet.env.MAILROOM_DEMO_WRONG_PASSWORD ?? '') }, (step) => red.push(step))
  assert.equal(red.at(-1)?.problem?.code, 'credentials-refused', JSON.stringify(red.at(-1)))
})

test('no secret is in the configuration or the log', () => {
  for (const secret of Object.values(demo.env)) assert.ok(!demo.configurationYaml.includes(secret) && !log.join().includes(secret))
})

test('the configuration is a valid file', () => {
  assert.deepEqual(validateConfiguration(demo.configurationYaml).issues, [])
})
