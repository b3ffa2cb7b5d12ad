import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { ParsedInput } from '#contract/calls.ts'
import { newOutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { partition, settings as settingsSchema } from '#contract/settings.ts'
import { newIncomingServer } from '#contract/incoming-server.ts'
import type { OutgoingTransport } from '../mail/outgoing-transport.ts'
import { outboxTable } from '../database/outbox-table.ts'
import { administrator, createConfiguredConsole, support } from '../../testbed/configured-console.ts'
import { sendingTransport } from '../../testbed/sending-transport.ts'
import { createOutgoing } from './outgoing.ts'

type Console = ReturnType<typeof createConfiguredConsole>
const main = (changes: Partial<OutgoingServerDraft> = {}): OutgoingServerDraft => ({
  ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', replyTo: 'it@example.com', auth: { method: 'none', user: '', secret: 'keychain' }, ...changes
})
const save = (console: Console, changes: Partial<ParsedInput<'outgoing.save'>> = {}) =>
  console.outgoing.save({ was: null, server: main(), secret: null, proxySecret: null, clientKeySecret: null, dkimKey: null, draft: false, makeDefault: false, reason: null, workId: 'work-0001', ...changes }, administrator)
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}
const outgoingOf = async (console: Console) => (await console.partitions.list()).map(({ name, outgoing }) => [name, outgoing])

test('the first outgoing server becomes the default, another when it is asked for', async () => {
  const console = createConfiguredConsole()
  const { verdict } = await save(console)
  assert.equal(verdict?.verdict, 'ok')
  await save(console, { server: main({ name: 'reserve' }) })
  assert.deepEqual((await console.outgoing.list()).map(({ server, isDefault, usedBy }) => [server.name, isDefault, usedBy]), [['main', true, ['Main']], ['reserve', false, []]])
  await console.outgoing.makeDefault({ name: 'reserve' }, administrator)
  assert.deepEqual(await outgoingOf(console), [['Main', 'reserve']])
  await save(console, { was: 'main', makeDefault: true })
  assert.deepEqual(await outgoingOf(console), [['Main', 'main']])
  assert.deepEqual((await console.history.list({ name: 'Main', limit: 1 }))[0]?.changes, [{ field: 'outgoing', from: 'reserve', to: 'main' }])
})

test('mail that waits for a server by its name, or is asked about, follows when the server is renamed, and waits for that of its partition when the server is deleted', async () => {
  const console = createConfiguredConsole()
  await save(console)
  await save(console, { server: main({ name: 'other' }) })
  const at = '2026-11-21T08:00:00.000Z'
  const mailOf = (own: object) => ({ partition: 'Main', to: 'a@example.com', subject: 's', content: 'c', inReplyTo: null, messageId: '<1@x>', request: null, createdAt: at, tries: 0, nextAt: at, problem: null, ...own })
  await console.database.transaction((transaction) => outboxTable.add(transaction, [mailOf({ wantedServer: 'main', kind: 'code' }), mailOf({ server: 'main', state: 'uncertain' }), mailOf({ wantedServer: 'other', server: 'other' }), mailOf({})]))
  await save(console, { was: 'main', server: main({ name: 'relay' }) })
  assert.deepEqual((await outboxTable.list(console.database, 9)).map(({ wantedServer, server }) => [wantedServer, server]), [['relay', null], [null, 'relay'], ['other', 'other'], [null, null]])
  await console.outgoing.delete({ name: 'other', reason: null }, administrator)
  assert.deepEqual((await outboxTable.list(console.database, 9)).map(({ wantedServer, server }) => [wantedServer, server]), [['relay', null], [null, 'relay'], [null, 'other'], [null, null]])
})

test('partitions follow a renamed server; one without its own sends through the default', async () => {
  const console = createConfiguredConsole()
  await save(console)
  await save(console, { server: main({ name: 'hr' }) })
  await console.partitions.save({ was: null, partition: partition.parse({ name: 'HR', outgoing: 'hr' }), reason: null }, administrator)
  await console.partitions.save({ was: null, partition: partition.parse({ name: 'Law' }), reason: null }, administrator)
  await save(console, { was: 'hr', server: main({ name: 'people' }) })
  assert.deepEqual(await outgoingOf(console), [['HR', 'people'], ['Law', null], ['Main', 'main']])
  const throughWhich = await Promise.all(['HR', 'Law', 'Main', 'gone'].map(async (name) => (await console.sources.outgoingFor(name))?.server.name))
  assert.deepEqual(throughWhich, ['people', 'main', 'main', 'main'])
  assert.deepEqual((await console.outgoing.list()).map(({ usedBy }) => usedBy), [['Law', 'Main'], ['HR']])
})

test('a server in use is not deleted, the last one is', async () => {
  const console = createConfiguredConsole()
  await save(console)
  await save(console, { server: main({ name: 'hr' }) })
  assert.deepEqual(await problemOf(console.outgoing.delete({ name: 'main', reason: null }, administrator)), { code: 'in-use', what: 'outgoing server', name: 'main', by: ['Main'] })
  await console.outgoing.delete({ name: 'hr', reason: null }, administrator)
  await console.outgoing.delete({ name: 'main', reason: null }, administrator)
  assert.deepEqual([await console.outgoing.list(), await outgoingOf(console), await console.sources.outgoingFor('Main')], [[], [['Main', null]], null])
})

test('a server that notifications of a category go through is not deleted, but for the last one, which they go through no more; none is named that is not there', async () => {
  const console = createConfiguredConsole()
  const through = async (name: string | null) => console.settings.save({ settings: settingsSchema.parse({ alerts: { categories: { security: { through: name }, backup: { through: name } } } }), reason: null }, administrator)
  await save(console)
  await save(console, { server: main({ name: 'safe' }) })
  assert.deepEqual(await problemOf(through('saef')), { code: 'invalid-input', issues: ['security', 'backup'].map((category) => ({ path: `alerts.categories.${category}.through`, message: 'There is no outgoing server `saef` — did you mean `safe`?' })) })
  await through('safe')
  assert.deepEqual(await problemOf(console.outgoing.delete({ name: 'safe', reason: null }, administrator)), { code: 'in-use', what: 'outgoing server', name: 'safe', by: ['notifications of the category Security', 'notifications of the category Backup'] })
  const yaml = (outgoing: string) => `version: 1\noutgoing:\n  - { name: ${outgoing}, protocol: smtp, host: h, replyTo: a@b.example, auth: { method: none } }\nalerts:\n  categories:\n    security: { through: safe }\n`
  assert.deepEqual((await console.file.validate({ yaml: yaml('new') })).issues.map(({ path, line }) => [path, line]), [['alerts.categories.security.through', 6]])
  await save(console, { was: 'safe', server: main({ name: 'last' }), makeDefault: true })
  await console.outgoing.delete({ name: 'main', reason: null }, administrator)
  await console.outgoing.delete({ name: 'last', reason: null }, administrator)
  const { categories } = (await console.settings.get()).alerts
  assert.deepEqual([categories.security.through, categories.backup.through], [null, null])
  assert.deepEqual((await console.history.list({ name: 'settings', limit: 1 }))[0]?.changes.map(({ field, from, to }) => [field, from, to]), [['alerts.categories.security.through', 'last', ''], ['alerts.categories.backup.through', 'last', '']])
})

test('a verdict can be cleared', async () => {
  const console = createConfiguredConsole()
  console.servers.answer = async () => ({ code: 'starttls-not-offered', host: 'h', port: 1 })
  await save(console)
  assert.equal((await console.outgoing.list())[0]?.lastTest?.problem?.code, 'starttls-not-offered')
  await console.outgoing.clearTest({ name: 'main' })
  assert.equal((await console.outgoing.list())[0]?.lastTest, null)
  assert.deepEqual(await problemOf(console.outgoing.clearTest({ name: 'mian' })), { code: 'not-found', what: 'outgoing server', name: 'mian', nearest: 'main' })
})

const twoHosts = (changes: Partial<OutgoingServerDraft> = {}): OutgoingServerDraft =>
  main({ auth: { method: 'password', user: 'u', secret: 'keychain' }, alternate: { host: 'mail2.example.com', port: 465, security: 'tls', returnToPrimary: 'manual', afterFailures: 1 }, ...changes })
const noAnswer: Problem = { code: 'connection-refused', host: 'mail2.example.com', port: 465 }

/** Which host fails at which step, and what the test of both says. */
const failing: [what: string, fails: (host: string) => Problem | null, expected: object, tried: string[]][] = [
  ['both work', () => null, { verdict: 'ok', failedAt: null, problem: null }, ['mail.example.com', 'mail2.example.com']],
  ['the second host fails', (host) => (host === 'mail2.example.com' ? noAnswer : null), { verdict: 'failed', failedAt: 'sign-in', problem: noAnswer, alternate: 'mail2.example.com:465' }, ['mail.example.com', 'mail2.example.com']],
  ['the server itself lets nobody in, so that the second host is not tried', () => ({ code: 'credentials-refused', server: 'main', user: 'u', serverSaid: '535' }), { verdict: 'failed', failedAt: 'sign-in' }, ['mail.example.com']]
]
for (const [what, fails, expected, tried] of failing)
  test(`a server with a second host is tested at both: ${what}`, async () => {
    const console = createConfiguredConsole()
    console.servers.answer = async (_signal, host) => fails(host)
    const { verdict } = await save(console, { server: twoHosts(), secret: 'hunter2' })
    assert.partialDeepStrictEqual(verdict, expected)
    assert.equal(verdict?.alternate, 'alternate' in expected ? expected.alternate : undefined)
    assert.deepEqual(console.asked, tried.map((host) => ({ host, secret: 'hunter2' })))
    assert.deepEqual([...new Set(verdict?.steps.map(({ alternate }) => alternate))], tried.length === 2 ? [undefined, 'mail2.example.com:465'] : [undefined])
    assert.deepEqual((await console.outgoing.list())[0]?.lastTest, verdict)
  })

test('the second host is tried where the server itself cannot be reached, and that is what the test says', async () => {
  const console = createConfiguredConsole()
  const diagnose: OutgoingTransport['diagnose'] = async ({ host }, _connection, report) => report({ step: 'connect', outcome: host === 'mail.example.com' ? 'failed' : 'ok', ms: 1, detail: '', problem: host === 'mail.example.com' ? { ...noAnswer, host } : null })
  const smtp = sendingTransport(() => assert.fail('nothing is sent'), { diagnose })
  const outgoing = createOutgoing({ ...console.needs, dkimStep: () => assert.fail('no key'), transports: { smtp, ews: smtp, graph: smtp, google: smtp } })
  const { verdict } = await outgoing.save({ was: null, server: twoHosts({ auth: { method: 'none', user: '', secret: 'keychain' } }), secret: null, proxySecret: null, clientKeySecret: null, dkimKey: null, draft: false, makeDefault: false, reason: null, workId: 'work-0001' }, administrator)
  assert.deepEqual(verdict?.steps.map(({ outcome, alternate }) => [outcome, alternate]), [['failed', undefined], ['ok', 'mail2.example.com:465']])
  assert.partialDeepStrictEqual(verdict, { verdict: 'failed', failedAt: 'connect', problem: { host: 'mail.example.com' } })
  assert.equal(verdict?.alternate, undefined)
})

test('a stored password is not tried at another second host that somebody types who may not change the server', async () => {
  const console = createConfiguredConsole()
  await save(console, { server: twoHosts(), secret: 'hunter2' })
  console.asked.length = 0
  const server = twoHosts({ alternate: { host: 'elsewhere.example', port: 465, security: 'none', returnToPrimary: 'manual', afterFailures: 1 } })
  const test = { name: 'main', server, secret: null, proxySecret: null, clientKeySecret: null, dkimKey: null, workId: 'work-0002' }
  const verdict = await console.outgoing.test(test, support)
  assert.equal(verdict.problem?.code, 'credentials-missing')
  assert.deepEqual(console.asked, [{ host: 'mail.example.com', secret: null }])
  await console.outgoing.test(test, administrator)
  assert.deepEqual(console.asked.slice(1).map(({ secret }) => secret), ['hunter2', 'hunter2'])
})

test('there is always one default partition, and none goes while servers belong to it', async () => {
  const console = createConfiguredConsole()
  const incoming = { ...newIncomingServer('imap', 'Main'), name: 'it' }
  await console.incoming.save({ was: null, server: incoming, secret: null, proxySecret: null, clientKeySecret: null, draft: true, reason: null, workId: 'work-0001' }, administrator)
  const put = (was: string | null, name: string, standard: boolean, outgoing: string | null = null) => console.partitions.save({ was, partition: partition.parse({ name, outgoing, default: standard }), reason: null }, administrator)
  await put('Main', 'Helpdesk', true)
  assert.equal((await console.sources.incomingNamed('it')).server.partition, 'Helpdesk')
  assert.equal((await console.history.list({ name: 'Helpdesk', limit: 5 }))[0]?.action, 'changed')
  assert.equal((await problemOf(put('Helpdesk', 'Helpdesk', false))).code, 'invalid-input')
  assert.equal((await problemOf(put(null, 'X', false, 'nobody'))).code, 'invalid-input')
  assert.equal((await problemOf(put(null, 'helpdesk', false))).code, 'name-taken')
  await put(null, 'HR', true)
  assert.deepEqual((await console.partitions.list()).map(({ name, default: standard }) => [name, standard]), [['HR', true], ['Helpdesk', false]])
  assert.deepEqual(await problemOf(console.partitions.delete({ name: 'Helpdesk', reason: null }, administrator)), { code: 'in-use', what: 'partition', name: 'Helpdesk', by: ['it'] })
  assert.equal((await problemOf(console.partitions.delete({ name: 'HR', reason: null }, administrator))).code, 'invalid-input')
  assert.equal((await problemOf(console.partitions.delete({ name: 'Hr', reason: null }, administrator))).code, 'not-found')
})

test('settings are kept, their change is written down, and a required reason is required', async () => {
  const console = createConfiguredConsole()
  const settings = settingsSchema.parse({ history: { reasonRequired: true }, processing: { attachments: { maxSize: 5_000_000 } } })
  await console.settings.save({ settings, reason: null }, administrator)
  assert.deepEqual(await console.settings.get(), settings)
  assert.deepEqual((await console.history.list({ name: 'settings', limit: 5 }))[0]?.changes, [{ field: 'processing.attachments.maxSize', from: '20MB', to: '5MB' }, { field: 'history.reasonRequired', from: 'no', to: 'yes' }])
  const problem = await problemOf(console.settings.save({ settings, reason: '  ' }, administrator))
  assert.ok(problem.code === 'invalid-input' && problem.issues[0]?.path === 'reason')
  assert.equal((await problemOf(save(console))).code, 'invalid-input')
  await save(console, { reason: 'new relay' })
  assert.equal((await problemOf(console.outgoing.delete({ name: 'main', reason: null }, administrator))).code, 'invalid-input')
})

test('a secret is set, listed by name and deleted; history knows that, not the secret', async () => {
  const console = createConfiguredConsole()
  await save(console, { server: main({ auth: { method: 'password', user: 'u', secret: 'keychain' } }) })
  console.secrets.set('data-key', 'x').set('server/old', 'y')
  await console.secret.set({ server: 'main', purpose: 'sign-in', secret: 'hunter2' }, administrator)
  assert.deepEqual(await console.secret.list(), [{ server: 'main', purpose: 'sign-in', kind: 'outgoing' }, { server: 'old', purpose: 'sign-in', kind: 'unused' }])
  assert.deepEqual(await problemOf(console.secret.set({ server: 'mail', purpose: 'sign-in', secret: 'x' }, administrator)), { code: 'not-found', what: 'incoming server', name: 'mail', nearest: 'main' })
  await console.secret.delete({ server: 'main', purpose: 'sign-in' }, administrator)
  assert.equal((await problemOf(console.secret.delete({ server: 'main', purpose: 'sign-in' }, administrator))).code, 'not-found')
  assert.deepEqual((await console.history.list({ name: 'main', limit: 2 })).map(({ what, action }) => [what, action]), [['secret', 'deleted'], ['secret', 'added']])
  assert.doesNotMatch(await console.wholeDatabase(), /hunter2/)
})
