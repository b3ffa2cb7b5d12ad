import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { newIncomingServer } from '#contract/incoming-server.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { ProblemError } from '#contract/problem.ts'
import { dovecotMissing, startDovecot, type Dovecot } from '../../../testbed/dovecot.ts'
import { mixedMessages } from '../../../testbed/message-generator.ts'
import { passwordConnection } from '../../../testbed/password-connection.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { DownloadedMessage, OpenMailbox } from '../incoming-transport.ts'
import { createPop3Transport } from './pop3-transport.ts'

const skip = dovecotMissing() ?? false
let dovecot: Dovecot
before(async () => { if (skip === false) dovecot = await startDovecot({ refused: ['refused'] }) })
after(async () => { if (skip === false) await dovecot.stop() })

const transport = createPop3Transport(transportNeeds())
const serverFor = (user: string, change: Partial<IncomingServer> = {}): IncomingServer => ({
  ...newIncomingServer('pop3', 'IT'), name: 'pop', host: 'localhost', port: dovecot.ports.pop3, security: 'none',
  auth: { method: 'password', user, secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: dovecot.caFile, pin: null }, ...change
}) as IncomingServer
const open = (server: IncomingServer, secret = dovecot.password, lines: string[] = []): Promise<OpenMailbox> =>
  transport.open(server, { ...passwordConnection(server.auth.user, secret), signal: AbortSignal.timeout(20_000), transcript: (line) => void lines.push(line), cursor: null })
const all = async (mailbox: OpenMailbox): Promise<DownloadedMessage[]> => {
  const got: DownloadedMessage[] = []
  for await (const message of mailbox.download(await mailbox.listWaiting())) got.push(message)
  return got
}
const problemOf = (code: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === code

test('mixed messages arrive byte for byte over each security', { skip }, async () => {
  const sent = mixedMessages(120)
  for (const message of sent) dovecot.deliver('mixed', message.raw)
  for (const change of [{}, { security: 'tls', port: dovecot.ports.pop3s }, { security: 'starttls' }] satisfies Partial<IncomingServer>[]) {
    const mailbox = await open(serverFor('mixed', change))
    const got = await all(mailbox)
    await mailbox.close()
    assert.equal(got.length, sent.length)
    const bodies = new Map(got.map(({ raw }) => [raw.toString('latin1').trimEnd(), raw.length]))
    // Dovecot ends every message with a line end, and keeps what was sent otherwise.
    for (const { raw, subject } of sent) assert.ok(bodies.has(raw.toString('latin1').trimEnd()), subject)
  }
})

test('ids stay the same from session to session', { skip }, async () => {
  for (const message of mixedMessages(5)) dovecot.deliver('ids', message.raw)
  const ids = async (): Promise<string[]> => { const mailbox = await open(serverFor('ids')); const found = await mailbox.listWaiting(); await mailbox.close(); return found.map(({ id }) => id) }
  assert.deepEqual(await ids(), await ids())
  assert.equal(new Set(await ids()).size, 5)
})

test('deletion is real only after the goodbye', { skip }, async () => {
  for (const message of mixedMessages(4)) dovecot.deliver('gone', message.raw)
  const server = serverFor('gone', { afterFetch: 'delete' })
  const dropped = new AbortController()
  const first = await transport.open(server, { ...passwordConnection('gone', dovecot.password), signal: dropped.signal, transcript: null, cursor: null })
  const listed = await first.listWaiting()
  await first.acknowledge([listed[0]?.id ?? ''])
  dropped.abort()
  await assert.rejects(first.close(), problemOf('cancelled'))
  const second = await open(server)
  assert.equal((await second.listWaiting()).length, 4)
  await second.acknowledge(listed.slice(0, 3).map(({ id }) => id))
  assert.equal((await second.listWaiting()).length, 1)
  await second.close()
  assert.equal(dovecot.mailbox('gone').messages().length, 1)
})

test('mark-seen leaves the mailbox as it is', { skip }, async () => {
  dovecot.deliver('left', mixedMessages(1)[0]?.raw ?? '')
  const mailbox = await open(serverFor('left'))
  await mailbox.acknowledge((await mailbox.listWaiting()).map(({ id }) => id))
  await mailbox.close()
  assert.equal(dovecot.mailbox('left').messages().length, 1)
})

test('refusals and wrong security are told apart', { skip }, async () => {
  await assert.rejects(open(serverFor('refused')), problemOf('credentials-refused'))
  await assert.rejects(open(serverFor('who'), 'wrong'), problemOf('credentials-refused'))
  await assert.rejects(open(serverFor('who', { port: dovecot.ports.imap })), problemOf('not-a-mail-server'))
  await assert.rejects(open(serverFor('who', { security: 'tls' })), problemOf('server-speaks-plain-text'))
  await assert.rejects(open(serverFor('who', { security: 'tls', port: dovecot.ports.pop3s, tls: { minVersion: 'TLSv1.2', caFile: null, pin: null } })), problemOf('certificate-untrusted'))
})

test('a transcript holds no secret', { skip }, async () => {
  const lines: string[] = []
  await (await open(serverFor('who'), dovecot.password, lines)).close()
  const text = lines.join('\n')
  assert.match(text, /C: CAPA/)
  assert.ok(!text.includes(dovecot.password))
  assert.ok(!text.includes(Buffer.from(`\0who\0${dovecot.password}`).toString('base64')))
})

test('the sample is the oldest message', { skip }, async () => {
  for (const message of mixedMessages(3)) dovecot.deliver('sample', message.raw)
  const mailbox = await open(serverFor('sample'))
  assert.ok((await mailbox.sample()) !== null)
  await mailbox.close()
  const empty = await open(serverFor('empty'))
  assert.equal(await empty.sample(), null)
  await empty.close()
})

test('a diagnosis goes through every step and shows the newest message', { skip }, async () => {
  for (const message of mixedMessages(3)) dovecot.deliver('looked-at', message.raw)
  for (const change of [{}, { security: 'tls', port: dovecot.ports.pop3s }, { security: 'starttls' }] satisfies Partial<IncomingServer>[]) {
    const server = serverFor('looked-at', change)
    const steps: TestStep[] = []
    const { sample } = await transport.diagnose(server, { ...passwordConnection('looked-at', dovecot.password), signal: AbortSignal.timeout(20_000), transcript: null, cursor: null }, (step) => steps.push(step))
    const encrypted = server.security === 'none' ? [] : ['tls']
    assert.deepEqual(steps.map(({ step, outcome }) => `${step} ${outcome}`), ['resolve', 'connect', ...encrypted, 'greeting', 'capabilities', 'sign-in', 'sample'].map((step) => `${step} ok`))
    assert.ok(sample !== null)
  }
})

test('a diagnosis ends at the step that fails', { skip }, async () => {
  const steps: TestStep[] = []
  await transport.diagnose(serverFor('refused'), { ...passwordConnection('refused', 'x'), signal: AbortSignal.timeout(20_000), transcript: null, cursor: null }, (step) => steps.push(step))
  assert.equal(steps.at(-1)?.step, 'sign-in')
  assert.equal(steps.at(-1)?.problem?.code, 'credentials-refused')
})
