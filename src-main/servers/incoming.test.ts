import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { ParsedInput } from '#contract/calls.ts'
import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { administrator, createConfiguredConsole, support } from '../../testbed/configured-console.ts'

type Console = ReturnType<typeof createConfiguredConsole>
const it = (changes: Partial<IncomingServerDraft> = {}): IncomingServerDraft => ({
  ...newIncomingServer('imap', 'Main'), name: 'it', host: 'mail.example.com', auth: { method: 'password', user: 'it@example.com', secret: 'keychain' }, ...changes
})
const order = (changes: Partial<ParsedInput<'incoming.save'>> = {}): ParsedInput<'incoming.save'> => ({ was: null, server: it(), secret: null, proxySecret: null, clientKeySecret: null, draft: false, reason: null, workId: 'work-0001', ...changes })
const save = (console: Console, changes: Partial<ParsedInput<'incoming.save'>> = {}) => console.incoming.save(order(changes), administrator)
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}

test('saving stores first, then tries the connection, and keeps the verdict with the server', async () => {
  const console = createConfiguredConsole()
  const answer = await save(console, { secret: 'hunter2', server: it({ enabled: true }) })
  assert.deepEqual([answer.savedAs, answer.issues, answer.verdict?.verdict], ['ready', [], 'ok'])
  assert.deepEqual(console.asked, [{ host: 'mail.example.com', secret: 'hunter2' }])
  assert.deepEqual(console.events.map(({ name }) => name), ['servers-changed', 'test-step-happened', 'test-step-happened', 'servers-changed'])
  const [row] = await console.incoming.list()
  assert.deepEqual([row?.hasSecret, row?.errorCount, row?.server.enabled, row?.lastTest?.verdict], [true, 3, false, 'ok'])
  assert.doesNotMatch(await console.wholeDatabase() + JSON.stringify(console.events) + JSON.stringify(row), /hunter2/)
})

test('a failing connection does not undo the save, and its verdict stays until the next save', async () => {
  const console = createConfiguredConsole()
  console.servers.answer = async () => ({ code: 'credentials-refused', server: 'it', user: 'u', serverSaid: 'NO' })
  const { verdict } = await save(console, { secret: 'wrong' })
  assert.deepEqual([verdict?.verdict, verdict?.failedAt, verdict?.problem?.code], ['failed', 'sign-in', 'credentials-refused'])
  assert.equal((await console.sources.incomingNamed('it')).lastTest?.verdict, 'failed')
  await save(console, { was: 'it', draft: true })
  assert.equal((await console.sources.incomingNamed('it')).lastTest, null)
})

test('a draft is kept whatever is wrong and not connected to; without draft the issues come at their fields', async () => {
  const console = createConfiguredConsole()
  const wrong = it({ host: '', port: 0, partition: 'Mian' })
  const problem = await problemOf(save(console, { server: wrong }))
  assert.ok(problem.code === 'invalid-input')
  assert.deepEqual(problem.issues.map(({ path }) => path), ['server.port', 'server.host', 'server.partition'])
  assert.match(problem.issues[2]?.message ?? '', /did you mean `Main`/)
  assert.deepEqual(await console.incoming.list(), [])
  const answer = await save(console, { server: wrong, draft: true })
  assert.deepEqual([answer.savedAs, answer.verdict, answer.issues.map(({ path }) => path)], ['draft', null, ['port', 'host', 'partition']])
  assert.deepEqual(console.asked, [])
  const { id } = await console.sources.incomingNamed('it')
  assert.equal((await problemOf(console.incoming.setEnabled(id, true, 'Ann'))).code, 'server-is-draft')
  assert.equal((await problemOf(console.incoming.test({ name: 'it', server: null, secret: null, proxySecret: null, clientKeySecret: null, workId: 'work-0002' }, support))).code, 'server-is-draft')
})

test('a running server must be stopped first; starting and stopping are written down once', async () => {
  const console = createConfiguredConsole()
  await save(console)
  const { id } = await console.sources.incomingNamed('it')
  assert.deepEqual([await console.incoming.setEnabled(id, true, 'Ann'), await console.incoming.setEnabled(id, true, 'Ann')], [true, false])
  assert.deepEqual(await problemOf(save(console, { was: 'it' })), { code: 'server-is-running', server: 'it' })
  assert.deepEqual(await problemOf(console.incoming.delete({ name: 'it', reason: null }, administrator)), { code: 'server-is-running', server: 'it' })
  await console.incoming.setEnabled(id, false, 'Ann')
  await save(console, { was: 'it', server: it({ port: 143 }) })
  assert.deepEqual((await console.history.list({ name: 'it', limit: 10 })).map(({ action }) => action), ['changed', 'stopped', 'started', 'added'])
})

test('a renamed server keeps its id, its secret and its history', async () => {
  const console = createConfiguredConsole()
  await save(console, { secret: 'hunter2' })
  const { id } = await console.sources.incomingNamed('it')
  await save(console, { was: 'it', server: it({ name: 'helpdesk', fetchEveryMs: 300_000 }) })
  assert.deepEqual([...console.secrets], [['server/helpdesk', 'hunter2']])
  assert.equal((await console.sources.incomingNamed('helpdesk')).id, id)
  assert.deepEqual(await problemOf(console.sources.incomingNamed('helpdsk')), { code: 'not-found', what: 'incoming server', name: 'helpdsk', nearest: 'helpdesk' })
  const [changed, added] = await console.history.list({ name: 'helpdesk', limit: 10 })
  assert.deepEqual(changed?.changes, [{ field: 'name', from: 'it', to: 'helpdesk' }, { field: 'fetchEvery', from: '1m', to: '5m' }])
  assert.deepEqual([added?.name, added?.action, added?.who, added?.changes.at(-1)?.to], ['it', 'added', 'Ann', 'changed'])
})

test('two servers cannot have one name, not even in another case', async () => {
  const console = createConfiguredConsole()
  await save(console)
  await save(console, { server: it({ name: 'hr' }), workId: 'work-0002' })
  assert.deepEqual(await problemOf(save(console, { server: it({ name: 'IT' }) })), { code: 'name-taken', what: 'incoming server', name: 'IT' })
  assert.equal((await problemOf(save(console, { was: 'hr', server: it() }))).code, 'name-taken')
  assert.equal((await save(console, { was: 'it', server: it({ name: 'IT' }) })).savedAs, 'ready')
  assert.deepEqual(await problemOf(save(console, { was: 'hrr' })), { code: 'not-found', what: 'incoming server', name: 'hrr', nearest: 'hr' })
})

test('deleting takes the secret with it, and a new server never takes over the id', async () => {
  const console = createConfiguredConsole()
  await save(console, { secret: 'hunter2' })
  const { id } = await console.sources.incomingNamed('it')
  await console.database.transaction((transaction) => transaction.run('INSERT INTO mailboxes (server, identity) VALUES (?, ?)', [id, '1']))
  await console.incoming.delete({ name: 'it', reason: 'moved' }, administrator)
  assert.deepEqual([...console.secrets], [])
  assert.deepEqual((await console.history.list({ name: 'it', limit: 1 })).map(({ action, reason }) => [action, reason]), [['deleted', 'moved']])
  await save(console)
  assert.ok((await console.sources.incomingNamed('it')).id > id)
})

test('a secret is shared with the outgoing server of the same name, and is not lost to it', async () => {
  const console = createConfiguredConsole()
  await console.file.import({ yaml: 'version: 1\noutgoing: [{ name: it, protocol: smtp, host: h, replyTo: a@b.org, auth: { user: u } }]', replace: false, reason: null, fileName: 'x' }, administrator)
  await save(console, { secret: 'hunter2' })
  assert.deepEqual(await console.secret.list(), [{ server: 'it', purpose: 'sign-in', kind: 'both' }])
  await save(console, { was: 'it', server: it({ name: 'hr' }) })
  assert.deepEqual([...console.secrets.keys()].sort(), ['server/hr', 'server/it'])
  console.secrets.set('server/it', 'another')
  const problem = await problemOf(save(console, { was: 'hr' }))
  assert.ok(problem.code === 'invalid-input' && problem.issues[0]?.path === 'server.name')
  await console.incoming.delete({ name: 'hr', reason: null }, administrator)
  assert.deepEqual([...console.secrets], [['server/it', 'another']])
})

test('a typed server is tested with the typed secret, and with the stored one only where it may go', async () => {
  const console = createConfiguredConsole()
  await save(console, { secret: 'hunter2' })
  const typed = it({ host: 'other.example.org' })
  const ask = (name: string | null, server: IncomingServerDraft, secret: string | null, caller: typeof administrator | typeof support) => {
    console.asked.length = 0
    return console.incoming.test({ name, server, secret, proxySecret: null, clientKeySecret: null, workId: 'work-0003' }, caller).then((verdict) => [console.asked[0]?.secret, verdict.problem?.code])
  }
  assert.deepEqual(await ask('it', it({ folder: 'Other' }), null, support), ['hunter2', undefined])
  assert.deepEqual(await ask('it', typed, null, support), [null, 'credentials-missing'])
  assert.deepEqual(await ask(null, typed, null, administrator), [null, 'credentials-missing'])
  assert.deepEqual(await ask('it', typed, null, administrator), ['hunter2', undefined])
  assert.deepEqual(await ask(null, typed, 'typed', support), ['typed', undefined])
  assert.equal((await problemOf(ask(null, it({ host: '' }), 'x', support))).code, 'invalid-input')
})

test('what is said in a test is in the transcript, debug or not', async () => {
  const console = createConfiguredConsole()
  await save(console, { draft: true })
  assert.deepEqual(console.said, [])
  await console.incoming.test({ name: 'it', server: null, secret: 'x', proxySecret: null, clientKeySecret: null, workId: 'work-0006' }, support)
  assert.deepEqual(console.said, ['it -- Test', 'it S: * OK ready'])
})

test('a test can be cancelled; a cancelled save is saved', async () => {
  const console = createConfiguredConsole()
  await save(console)
  console.servers.answer = (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ code: 'cancelled' })))
  const testing = console.incoming.test({ name: 'it', server: null, secret: null, proxySecret: null, clientKeySecret: null, workId: 'work-0004' }, support)
  setTimeout(() => console.works.cancel('work-0004'), 5)
  assert.deepEqual(await problemOf(testing), { code: 'cancelled' })
  const saving = save(console, { was: 'it', server: it({ port: 1993 }), workId: 'work-0005' })
  setTimeout(() => console.works.cancel('work-0005'), 5)
  const { verdict } = await saving
  assert.equal(verdict?.problem?.code, 'cancelled')
  assert.equal((await console.sources.incomingNamed('it')).server.port, 1993)
  console.works.start('work-0004')
})

test('where the database refuses, the secret is as it was', async () => {
  const console = createConfiguredConsole()
  await save(console, { secret: 'before' })
  await console.database.transaction((transaction) => transaction.run('DROP TABLE history'))
  await assert.rejects(save(console, { was: 'it', secret: 'after', server: it({ name: 'hr' }) }), /history/)
  assert.deepEqual([...console.secrets], [['server/it', 'before']])
})

test('an outgoing server that is let in by this one keeps knowing it, and keeps it from being deleted', async () => {
  const console = createConfiguredConsole()
  await save(console)
  const main = { ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', replyTo: 'it@example.com', auth: { method: 'none' as const, user: '', secret: 'keychain' }, popBeforeSmtp: 'it' }
  await console.outgoing.save({ was: null, server: main, secret: null, proxySecret: null, clientKeySecret: null, dkimKey: null, draft: false, makeDefault: false, reason: null, workId: 'work-0007' }, administrator)
  await save(console, { was: 'it', server: it({ name: 'support' }), workId: 'work-0008' })
  assert.equal((await console.sources.outgoingNamed('main')).server.popBeforeSmtp, 'support')
  assert.deepEqual(await problemOf(console.incoming.delete({ name: 'support', reason: null }, administrator)), { code: 'in-use', what: 'incoming server', name: 'support', by: ['main'] })
})
