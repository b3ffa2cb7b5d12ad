import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { ParsedInput } from '#contract/calls.ts'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { partition } from '#contract/settings.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'

type Console = ReturnType<typeof createConfiguredConsole>
const main = (changes: Partial<OutgoingServerDraft> = {}): OutgoingServerDraft => ({ ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', replyTo: 'it@example.com', auth: { method: 'none', user: '', secret: 'keychain' }, ...changes })
const save = (console: Console, server: OutgoingServerDraft, changes: Partial<ParsedInput<'outgoing.save'>> = {}) =>
  console.outgoing.save({ was: null, server, secret: null, proxySecret: null, clientKeySecret: null, dkimKey: null, draft: false, makeDefault: false, reason: null, workId: 'work-0001', ...changes }, administrator)
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}
const way = { returnToPrimary: 'manual', afterFailures: 1 } as const
const pem = (kind: 'ed25519' | 'ec'): string => {
  const { privateKey } = kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}
const mailbox = (console: Console, name: string, protocol: 'imap' | 'pop3' = 'imap') =>
  console.incoming.save({ was: null, server: { ...newIncomingServer(protocol, 'Main'), name }, secret: null, proxySecret: null, clientKeySecret: null, draft: true, reason: null, workId: 'work-0002' }, administrator)

/** Each value that is wrong, the field where that is said, and the words. */
const wrong: [Partial<OutgoingServerDraft>, string, RegExp][] = [
  [{ alternate: { server: 'main', ...way } }, 'alternate.server', /cannot stand in for itself/],
  [{ alternate: { server: 'spaer', ...way } }, 'alternate.server', /did you mean `spare`/],
  [{ alternate: { server: '', ...way } }, 'alternate.server', /Choose the other server/],
  [{ alternate: { server: 'spare', ...way, afterFailures: 0 } }, 'alternate.afterFailures', /At least one/],
  [{ alternate: { server: 'spare', ...way, afterFailures: 101 } }, 'alternate.afterFailures', /At most 100/],
  [{ alternate: { host: 'smtp://mx2', port: 25, security: 'none', ...way } }, 'alternate.host', /without http/],
  [{ alternate: { host: '', port: 25, security: 'none', ...way } }, 'alternate.host', /Enter the server name/],
  [{ alternate: { host: 'mx2.example.com', port: 70_000, security: 'tls', ...way } }, 'alternate.port', /between 1 and 65535/],
  [{ mostConnections: 0 }, 'mostConnections', /At least one/], [{ mostConnections: 51 }, 'mostConnections', /At most 50/],
  [{ maxMailSize: 9_999 }, 'maxMailSize', /At least 10 kB/], [{ maxMailSize: 1_000_000_001 }, 'maxMailSize', /At most 1 GB/],
  [{ sentCopiesIn: 'shop' }, 'sentCopiesIn', /no IMAP server/], [{ sentCopiesIn: 'itt' }, 'sentCopiesIn', /did you mean `it`/],
  [{ popBeforeSmtp: 'shpo' }, 'popBeforeSmtp', /did you mean `shop`/],
  [{ dkim: { domain: '', selector: 'a', secret: 'keychain' } }, 'dkim.domain', /Enter/], [{ dkim: { domain: 'example.com', selector: 'a b', secret: 'keychain' } }, 'dkim.selector', /Use letters/],
  [{ senderName: 'IT\r\nBcc: all@example.com' }, 'senderName', /one line/], [{ replyTo: 'it@example.com, hr@example.com' }, 'replyTo', /one address/],
  [{ replyTo: 'it@example.com\r\nBcc: x@example.com' }, 'replyTo', /one address/], [{ overrideTo: 'a@b.example;c@d.example' }, 'overrideTo', /one address/],
  [{ conversationId: { attach: true, location: 'subject', prefix: '#\r\nBcc: x' } }, 'conversationId.prefix', /one line/]
]
for (const [changes, field, says] of wrong)
  test(`${JSON.stringify(changes)} is said at ${field}, and kept as a draft`, async () => {
    const console = createConfiguredConsole()
    await mailbox(console, 'it')
    await mailbox(console, 'shop', 'pop3')
    await save(console, main({ name: 'spare' }))
    const problem = await problemOf(save(console, main(changes), { dkimKey: changes.dkim ? pem('ed25519') : null }))
    assert.ok(problem.code === 'invalid-input')
    assert.deepEqual(problem.issues.map(({ path }) => path), [`server.${field}`])
    assert.match(problem.issues[0]?.message ?? '', says)
  })

test('a way that leads back is refused wherever it is closed, and named', async () => {
  const console = createConfiguredConsole()
  await save(console, main({ name: 'c' }))
  await save(console, main({ name: 'b', alternate: { server: 'c', ...way } }))
  await save(console, main({ name: 'a', alternate: { server: 'b', ...way } }))
  assert.match(JSON.stringify(await problemOf(save(console, main({ name: 'c', alternate: { server: 'a', ...way } }), { was: 'c' }))), /`c` → `a` → `b` → `c`/)
  const { issues } = await console.file.validate({ yaml: 'version: 1\noutgoing:\n  - { name: a, protocol: smtp, host: h, replyTo: a@b.example, auth: { method: none }, alternate: { server: b } }\n  - { name: b, protocol: smtp, host: h, replyTo: a@b.example, auth: { method: none }, alternate: { server: a } }\n' })
  assert.deepEqual(issues.map(({ path, line }) => [path, line]), [['outgoing[0].alternate.server', 3], ['outgoing[1].alternate.server', 4]])
})

test('whoever is named follows a new name and is not deleted', async () => {
  const console = createConfiguredConsole()
  await mailbox(console, 'it')
  await save(console, main({ name: 'spare' }))
  await save(console, main({ alternate: { server: 'spare', returnToPrimary: 'health-check', afterFailures: 3 }, sentCopiesIn: 'it' }))
  assert.deepEqual(await problemOf(console.incoming.delete({ name: 'it', reason: null }, administrator)), { code: 'in-use', what: 'incoming server', name: 'it', by: ['main'] })
  assert.deepEqual(await problemOf(console.outgoing.delete({ name: 'spare', reason: null }, administrator)), { code: 'in-use', what: 'outgoing server', name: 'spare', by: ['Main', 'main'] })
  await save(console, main({ name: 'second' }), { was: 'spare' })
  await console.incoming.save({ was: 'it', server: { ...newIncomingServer('imap', 'Main'), name: 'desk' }, secret: null, proxySecret: null, clientKeySecret: null, draft: true, reason: null, workId: 'work-0003' }, administrator)
  const { ready } = await console.sources.outgoingNamed('main')
  assert.deepEqual([ready?.alternate, ready?.sentCopiesIn], [{ server: 'second', returnToPrimary: 'health-check', afterFailures: 3 }, 'desk'])
})

test('a key that cannot sign is refused where it was typed, and is in no words', async () => {
  const console = createConfiguredConsole()
  for (const [key, says] of [['hunter2', /^Mail cannot be signed with this key: it is no private key in PEM/], [pem('ec'), /^Mail cannot be signed with this key: it is of type ec/]] as const) {
    const problem = await problemOf(save(console, main({ dkim: { domain: 'example.com', selector: 'a', secret: 'keychain' } }), { dkimKey: key }))
    assert.ok(problem.code === 'invalid-input' && problem.issues.length === 1 && problem.issues[0]?.path === 'dkimKey', JSON.stringify(problem))
    assert.match(problem.issues[0].message, says)
    assert.ok(!JSON.stringify(problem).includes(key.slice(40, 60) || key))
  }
})

test('a DKIM key goes to the credential store and nowhere else; it follows a new name, and goes with its server', async () => {
  const console = createConfiguredConsole()
  const dkim = { domain: 'example.com', selector: 'a', secret: 'keychain' }
  assert.match(JSON.stringify(await problemOf(save(console, main({ dkim })))), /"path":"dkimKey".*Paste the private key/)
  const key = pem('ed25519')
  await save(console, main({ dkim }), { dkimKey: key })
  await mailbox(console, 'main')
  assert.equal(console.secrets.get('dkim/main'), key)
  assert.deepEqual((await console.outgoing.list()).map(({ hasDkimKey }) => hasDkimKey), [true])
  await console.incoming.save({ was: 'main', server: { ...newIncomingServer('imap', 'Main'), name: 'it' }, secret: null, proxySecret: null, clientKeySecret: null, draft: true, reason: null, workId: 'work-0003' }, administrator)
  assert.equal(console.secrets.has('dkim/it'), false, 'an incoming server of the same name has no part in it')
  await mailbox(console, 'main')
  await save(console, main({ name: 'out', dkim }), { was: 'main' })
  assert.deepEqual([console.secrets.get('dkim/out'), console.secrets.has('dkim/main')], [key, false])
  const everything = `${await console.wholeDatabase()}${(await console.file.export()).yaml}${JSON.stringify(await console.outgoing.list())}`
  assert.doesNotMatch(everything, new RegExp(key.split('\n')[1]?.slice(0, 20).replace(/[+/]/g, '.') ?? 'no key'))
  await console.outgoing.delete({ name: 'out', reason: null }, administrator)
  assert.equal(console.secrets.has('dkim/out'), false)
})

const everyKey = `version: 1
incoming: [{ name: it, protocol: imap, draft: true }]
outgoing:
  - { name: main, protocol: smtp, host: mail.example.com, replyTo: it@example.com, auth: { method: none }, alternate: { server: spare, returnToPrimary: health-check, afterFailures: 3 }, mostConnections: 2, maxMailSize: 25MB, whenUncertain: send-again, sentCopiesIn: it, dkim: { domain: example.com, selector: a.b, secret: file:dkim.pem } }
  - { name: spare, protocol: smtp, host: mx2.example.com, replyTo: it@example.com, auth: { method: none }, alternate: { host: mx3.example.com, security: tls } }
`

test('the new keys go through file, export, comparison and CSV as they are', async () => {
  const first = createConfiguredConsole()
  first.files['/etc/mailroom/dkim.pem'] = pem('ed25519')
  const { warnings } = await first.file.import({ yaml: everyKey, replace: false, reason: null, fileName: '/etc/mailroom/a.yaml' }, administrator)
  assert.deepEqual(warnings.map(({ path }) => path), ['incoming[0].auth.secret'])
  const { ready } = await first.sources.outgoingNamed('main')
  assert.partialDeepStrictEqual(ready, { alternate: { server: 'spare', returnToPrimary: 'health-check', afterFailures: 3 }, mostConnections: 2, maxMailSize: 25_000_000, whenUncertain: 'send-again', sentCopiesIn: 'it', dkim: { domain: 'example.com', selector: 'a.b' } })
  assert.deepEqual((await first.sources.outgoingNamed('spare')).ready?.alternate, { host: 'mx3.example.com', port: 465, security: 'tls', returnToPrimary: 'manual', afterFailures: 1 })
  const { yaml } = await first.file.export()
  const second = createConfiguredConsole()
  await second.file.import({ yaml, replace: true, reason: null, fileName: 'x' }, administrator)
  assert.deepEqual([(await second.file.export()).yaml, (await second.file.diff({ yaml })).differences], [yaml, []])
  const third = createConfiguredConsole()
  await third.file.import({ yaml: (await first.file.exportCsv()).csv, replace: false, reason: null, fileName: 'x.csv' }, administrator)
  assert.deepEqual((await third.sources.outgoingNamed('main')).server, (await first.sources.outgoingNamed('main')).server)
  const asking = (await first.file.export({ ask: true })).yaml
  assert.match(asking, /dkim:\n {6}domain: example.com\n {6}selector: a.b\n {6}secret: file:dkim.pem/)
  await save(first, main({ name: 'main', alternate: { host: 'mx9.example.com', port: 25, security: 'none', ...way } }), { was: 'main' })
  const [entry] = await first.history.list({ name: 'main', what: null, who: null, query: '', before: null, limit: 1 })
  const fields = entry?.changes.map(({ field }) => field) ?? []
  for (const field of ['alternate.server', 'alternate.host', 'alternate.afterFailures', 'mostConnections', 'maxMailSize', 'whenUncertain', 'sentCopiesIn']) assert.ok(fields.includes(field), `${field} of ${fields.join(', ')}`)
})

test('a new server begins as a copy of another, without its name and secrets', async () => {
  const console = createConfiguredConsole()
  await save(console, main({ senderName: 'IT', block: true, mostConnections: 2, auth: { method: 'password', user: 'it', secret: 'env:IT' }, proxySecret: 'env:PROXY' }))
  const copy = await console.outgoing.template({ protocol: 'graph', copyOf: 'main' })
  assert.deepEqual(copy, { ...main({ name: '', senderName: 'IT', block: true, mostConnections: 2, auth: { method: 'password', user: 'it', secret: 'keychain' } }) })
  assert.deepEqual(await console.outgoing.template({ protocol: 'smtp', copyOf: null }), newOutgoingServer('smtp'))
  assert.deepEqual(await problemOf(console.outgoing.template({ protocol: 'smtp', copyOf: 'mian' })), { code: 'not-found', what: 'outgoing server', name: 'mian', nearest: 'main' })
})

test('a new partition gets a server of its own that begins as the default’s, secrets too', async () => {
  const console = createConfiguredConsole()
  const hr = { was: null, partition: partition.parse({ name: 'HR' }), copyOutgoing: true, reason: null }
  assert.match(JSON.stringify(await problemOf(console.partitions.save(hr, administrator))), /"path":"partition.outgoing"/)
  await save(console, main({ senderName: 'IT', auth: { method: 'password', user: 'it', secret: 'keychain' } }), { secret: 'hunter2' })
  await mailbox(console, 'hr')
  await console.partitions.save(hr, administrator)
  assert.deepEqual((await console.partitions.list()).map(({ name, outgoing }) => [name, outgoing]), [['HR', 'HR 2'], ['Main', 'main']])
  assert.deepEqual((await console.sources.outgoingFor('HR'))?.server, { ...main({ senderName: 'IT', auth: { method: 'password', user: 'it', secret: 'keychain' } }), name: 'HR 2' })
  assert.equal(console.secrets.get('server/HR 2'), 'hunter2')
  assert.deepEqual((await console.history.list({ name: 'HR 2', what: null, who: null, query: '', before: null, limit: 5 })).map(({ what, action }) => [what, action]), [['outgoing server', 'added']])
  await problemOf(console.partitions.save(hr, administrator))
  assert.deepEqual([(await console.outgoing.list()).length, console.secrets.size], [2, 2], 'what was refused leaves no server and no secret')
})
