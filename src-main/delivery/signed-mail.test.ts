import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import dkimLibrary from 'mailauth/lib/dkim/verify.js'
import { SMTPServer } from 'smtp-server'
import type { SaveAnswer } from '#contract/calls.ts'
import type { TestVerdict } from '#contract/connection-test.ts'
import { newOutgoingServer, type OutgoingServerDraft, type OutgoingServerView } from '#contract/outgoing-server.ts'
import { sampleHtml } from '#contract/sample-mail.ts'
import { openConsoleUnderTest, type ConsoleUnderTest } from '../../testbed/console-under-test.ts'
import { startDnsServer, type DnsServer } from '../../testbed/dns-server.ts'
import { createDns, type Dns } from '../intake/look-up.ts'

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const record = `v=DKIM1; k=rsa; p=${keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
const taken: Buffer[] = []
const smtp = new SMTPServer({
  authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], size: 1_000_000,
  onData(stream, _session, done) {
    const pieces: Buffer[] = []
    stream.on('data', (piece: Buffer) => void pieces.push(piece))
    stream.on('end', () => { taken.push(Buffer.concat(pieces)); done() })
  }
})
let nameServer: DnsServer
let dns: Dns
let core: ConsoleUnderTest
let server: OutgoingServerDraft
before(async () => {
  nameServer = await startDnsServer({ txt: { 's1._domainkey.example.com': record, 'example.com': 'v=spf1 -all', '_dmarc.example.com': 'v=DMARC1; p=reject' } })
  dns = createDns({ servers: [nameServer.address], now: Date.now })
  core = await openConsoleUnderTest({ MAILROOM_DNS: nameServer.address })
  const port = await new Promise<number>((resolve) => { const listening = smtp.listen(0, '127.0.0.1', () => { const at = listening.address(); resolve(typeof at === 'object' && at !== null ? at.port : 0) }) })
  server = { ...newOutgoingServer('smtp'), name: 'main', host: '127.0.0.1', port, security: 'none', auth: { method: 'none', user: '', secret: 'keychain' }, replyTo: 'it@example.com', senderName: 'IT Büro', dkim: { domain: 'example.com', selector: 's1', secret: 'keychain' } }
})
after(async () => {
  await core.stop()
  dns.close()
  await nameServer.stop()
  await new Promise((resolve) => smtp.close(() => resolve(null)))
})
const save = (was: string | null, next: OutgoingServerDraft, dkimKey: string | null) => core.ask('outgoing.save', { was, server: next, dkimKey, draft: false, workId: randomUUID() })
const send = (name: string, more: object = {}) => core.ask('outgoing.send', { name, mail: { to: ['ann@example.org'], subject: 'Grüße', html: sampleHtml('Hello'), attachments: [{ name: 'a.txt', mediaType: 'text/plain', base64: 'YQ==' }], ...more }, workId: randomUUID() })
const verified = async (raw: Buffer | undefined): Promise<string> => (await dkimLibrary.dkimVerify(raw ?? assert.fail('nothing came'), { resolver: dns.until(Date.now() + 5_000), rejectRsaSha1: true })).results.map(({ status, signingDomain }) => `${status.result} ${signingDomain}`).join()
const problemOf = (answer: Awaited<ReturnType<typeof send>>) => (answer.ok ? assert.fail('it went well') : answer.problem)

test('a server with a key signs what it sends; its test finds the key in DNS', async () => {
  const saved = await save(null, server, pem)
  const { verdict } = saved.ok ? (saved.value as SaveAnswer) : assert.fail(JSON.stringify(saved.problem))
  assert.deepEqual(verdict?.steps.filter(({ step }) => step === 'dkim').map(({ outcome }) => outcome), ['ok'], JSON.stringify(verdict?.steps))
  const sent = await send('main')
  assert.ok(sent.ok, JSON.stringify(sent))
  assert.equal(await verified(taken.at(-1)), 'pass example.com')
  assert.equal((await core.must<OutgoingServerView[]>('outgoing.list', {}))[0]?.hasDkimKey, true)
})

test('the key goes along to a new name, and is nowhere in clear', async () => {
  assert.ok((await save('main', { ...server, name: 'renamed' }, null)).ok)
  assert.ok((await send('renamed')).ok)
  assert.equal(await verified(taken.at(-1)), 'pass example.com')
  const lines = pem.split('\n').filter((line) => line.length === 64)
  assert.deepEqual(core.filesWith(lines.slice(2, 5)), [])
  assert.ok(!(await core.everything()).includes(lines[3] ?? assert.fail()))
})

test('a key that is not the one in DNS is said with the record that belongs there', async () => {
  const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const saved = await save('renamed', { ...server, name: 'renamed' }, other)
  const verdict: TestVerdict | null = saved.ok ? (saved.value as SaveAnswer).verdict : assert.fail()
  assert.partialDeepStrictEqual(verdict, { verdict: 'ok', failedAt: null, problem: null })
  assert.partialDeepStrictEqual(verdict?.steps.at(-1), { step: 'dkim', outcome: 'warning', problem: { code: 'dkim-key-not-published', name: 's1._domainkey.example.com' } })
  assert.match(JSON.stringify(verdict), /v=DKIM1; k=ed25519; p=/)
})

test('no key, or one that is none, is said where it is entered; nothing goes out unsigned', async () => {
  for (const [given, words] of [['hunter2', /private key/], [keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /public key/]] as const) {
    const problem = problemOf(await save('renamed', { ...server, name: 'renamed' }, given))
    assert.ok(problem.code === 'invalid-input' && problem.issues[0]?.path === 'dkimKey' && words.test(problem.issues[0].message), JSON.stringify(problem))
  }
  await core.must('secret.delete', { server: 'renamed', purpose: 'dkim' })
  const before = taken.length
  assert.deepEqual(problemOf(await send('renamed')), { code: 'dkim-key-unusable', server: 'renamed', reason: 'none is stored' })
  assert.equal(taken.length, before)
})

test('too large for the setting, and too large for the server: both sizes, and nothing is sent', async () => {
  const large = { attachments: [{ name: 'a.bin', mediaType: 'application/octet-stream', base64: Buffer.alloc(1_500_000).toString('base64') }] }
  assert.ok((await save('renamed', { ...server, name: 'renamed', dkim: null, maxMailSize: 500_000 }, null)).ok)
  const before = taken.length
  assert.partialDeepStrictEqual(problemOf(await send('renamed', large)), { code: 'mail-too-large', limit: 500_000 })
  assert.ok((await save('renamed', { ...server, name: 'renamed', dkim: null }, null)).ok)
  const problem = problemOf(await send('renamed', large))
  assert.ok(problem.code === 'mail-too-large' && problem.limit === 1_000_000 && problem.size > 2_000_000, JSON.stringify(problem))
  assert.equal(taken.length, before)
})
