import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ParsedInput } from '#contract/calls.ts'
import type { Auth } from '#contract/fields.ts'
import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { administrator, createConfiguredConsole, support } from '../../testbed/configured-console.ts'
import type { Caller } from './configuration-needs.ts'

type Console = ReturnType<typeof createConfiguredConsole>
const app: Auth = { method: 'oauth2', provider: 'microsoft', flow: 'client-credentials', tenant: 'contoso.example', clientId: 'abc', user: 'hr@example.com', secret: 'keychain' }
const person: Auth = { method: 'oauth2', provider: 'microsoft', flow: 'interactive', clientId: 'abc', user: 'hr@example.com', secret: 'keychain' }
const graph = (changes: Partial<IncomingServerDraft> = {}): IncomingServerDraft => ({ ...newIncomingServer('graph', 'Main'), name: 'hr', auth: app, ...changes })
const imap = (changes: Partial<IncomingServerDraft> = {}): IncomingServerDraft => ({ ...newIncomingServer('imap', 'Main'), name: 'hr', host: 'mail.example.com', auth: { method: 'password', user: 'hr', secret: 'keychain' }, ...changes })
const typedNothing = { secret: null, proxySecret: null, clientKeySecret: null }
const save = (console: Console, server: IncomingServerDraft, more: Partial<ParsedInput<'incoming.save'>> = {}) =>
  console.incoming.save({ was: null, server, ...typedNothing, draft: true, reason: null, workId: 'work-0001', ...more }, administrator)
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}
const connectionOf = async (console: Console, name = 'hr') => {
  const { ready, issues } = await console.sources.incomingNamed(name)
  assert.ok(ready, JSON.stringify(issues))
  return console.sources.connectionFor('incoming', ready)
}
const tokenOf = async (console: Console): Promise<string> => {
  const { credentials } = await connectionOf(console)
  assert.ok(credentials?.kind === 'token')
  return (await credentials.token(AbortSignal.timeout(1_000))).token
}

test('a password is shown to the server, and every other secret to whom it is for', async () => {
  const console = createConfiguredConsole()
  await save(console, imap({ proxy: 'socks5://me@proxy:1080' }), { secret: 'one', proxySecret: 'two', clientKeySecret: 'three' })
  assert.deepEqual([...console.secrets], [['server/hr', 'one'], ['proxy/hr', 'two'], ['client-key/hr', 'three']])
  assert.deepEqual(await connectionOf(console), { credentials: { kind: 'password', user: 'hr', secret: 'one' }, proxyPassword: 'two', clientKeyPassphrase: 'three' })
  assert.partialDeepStrictEqual((await console.incoming.list())[0], { hasSecret: true, hasProxySecret: true, hasClientKeySecret: true, signIn: null })
})

test('what is missing is named: the secret, or the password of the proxy', async () => {
  const console = createConfiguredConsole()
  await save(console, imap({ proxy: 'http://me@proxy:3128' }))
  assert.deepEqual(await problemOf(connectionOf(console)), { code: 'credentials-missing', server: 'hr' })
  await console.secret.set({ server: 'hr', purpose: 'sign-in', secret: 'x' }, administrator)
  assert.deepEqual(await problemOf(connectionOf(console)), { code: 'proxy-secret-missing', server: 'hr' })
  const { problem, failedAt } = await console.incoming.test({ name: 'hr', server: null, ...typedNothing, workId: 'work-0002' }, administrator)
  assert.deepEqual([problem, failedAt], [{ code: 'proxy-secret-missing', server: 'hr' }, 'proxy'])
  assert.deepEqual(console.asked, [])
  await console.secret.set({ server: 'hr', purpose: 'proxy', secret: 'y' }, administrator)
  assert.equal((await connectionOf(console)).proxyPassword, 'y')
})

test('an application needs its secret; a person needs none, but has to sign in', async () => {
  const console = createConfiguredConsole()
  await save(console, graph())
  assert.equal((await problemOf(connectionOf(console))).code, 'credentials-missing')
  await save(console, graph(), { was: 'hr', secret: 'hunter2' })
  assert.equal(await tokenOf(console), 'token for hunter2')
  assert.equal((await console.incoming.list())[0]?.signIn?.state, 'app')
  await save(console, graph({ name: 'it', auth: person }))
  const { credentials } = await connectionOf(console, 'it')
  assert.ok(credentials?.kind === 'token')
  assert.equal(credentials.user, 'hr@example.com')
  assert.equal((await problemOf(credentials.token(AbortSignal.timeout(1_000)))).code, 'sign-in-needed')
})

test('a token is asked for the mailbox that is named', async () => {
  const console = createConfiguredConsole()
  await save(console, graph({ mailbox: 'shared@example.com', auth: person }))
  const { credentials } = await connectionOf(console)
  assert.equal(credentials?.user, 'shared@example.com')
})

test('signing in announces what is to be done, is written down, and can be forgotten', async () => {
  const console = createConfiguredConsole()
  await save(console, graph({ auth: person }))
  const state = await console.signIns.start({ kind: 'incoming', name: 'hr', workId: 'work-0002' }, administrator)
  assert.equal(state.state, 'signed-in')
  assert.deepEqual(console.events.find(({ name }) => name === 'sign-in-step-happened')?.detail, { workId: 'work-0002', step: { kind: 'open-browser', url: 'https://login.example.com/?state=x', redirectUrl: 'http://localhost' } })
  assert.equal(await tokenOf(console), 'token of a person')
  assert.deepEqual((await console.history.list({ name: 'hr', limit: 1 }))[0]?.changes, [{ field: 'sign-in', from: '', to: 'hr@example.com' }])
  await console.signIns.answer({ workId: 'work-0002', url: 'http://localhost/?code=1' })
  assert.deepEqual(console.signInAnswers, [{ id: 'work-0002', url: 'http://localhost/?code=1' }])
  await console.signIns.forget({ kind: 'incoming', name: 'hr' }, administrator)
  assert.equal((await console.incoming.list())[0]?.signIn?.state, 'never')
  assert.doesNotMatch(await console.wholeDatabase(), /token of a person/)
})

test('only what can sign in by tokens does', async () => {
  const console = createConfiguredConsole()
  await save(console, imap())
  assert.equal((await problemOf(console.signIns.start({ kind: 'incoming', name: 'hr', workId: 'work-0002' }, administrator))).code, 'invalid-input')
  assert.deepEqual(await problemOf(console.signIns.start({ kind: 'outgoing', name: 'hr', workId: 'work-0002' }, administrator)), { code: 'not-found', what: 'outgoing server', name: 'hr', nearest: null })
  await save(console, graph({ name: 'app' }))
  assert.equal((await problemOf(console.signIns.start({ kind: 'incoming', name: 'app', workId: 'work-0002' }, administrator))).code, 'credentials-missing')
  await save(console, graph({ name: 'draft', endpoint: '' }))
  assert.equal((await problemOf(console.signIns.start({ kind: 'incoming', name: 'draft', workId: 'work-0002' }, administrator))).code, 'server-is-draft')
})

test('secrets and tokens go along to a new name, come back when that fails, and go with the server', async () => {
  const console = createConfiguredConsole()
  await save(console, graph({ auth: person, proxy: 'http://me@proxy:3128' }), { proxySecret: 'two' })
  await console.signIns.start({ kind: 'incoming', name: 'hr', workId: 'work-0002' }, administrator)
  await save(console, graph({ name: 'people', auth: person }), { was: 'hr' })
  assert.deepEqual([[...console.secrets], [...console.tokens]], [[['proxy/people', 'two']], [['incoming/people', 'token of a person']]])
  await console.database.transaction((transaction) => transaction.run('ALTER TABLE history RENAME TO hidden'))
  await assert.rejects(save(console, graph({ name: 'again', auth: person }), { was: 'people' }))
  await console.database.transaction((transaction) => transaction.run('ALTER TABLE hidden RENAME TO history'))
  assert.deepEqual([[...console.secrets], [...console.tokens]], [[['proxy/people', 'two']], [['incoming/people', 'token of a person']]])
  await console.incoming.delete({ name: 'people', reason: null }, administrator)
  assert.deepEqual([console.secrets.size, console.tokens.size], [0, 0])
})

test('an import that replaces forgets the tokens of servers that it removes', async () => {
  const console = createConfiguredConsole()
  await save(console, graph({ auth: person }))
  await console.signIns.start({ kind: 'incoming', name: 'hr', workId: 'work-0002' }, administrator)
  await console.file.import({ yaml: 'version: 1', replace: true, reason: null, fileName: 'x' }, administrator)
  assert.equal(console.tokens.size, 0)
})

test('secrets of every purpose come from the file that an import names; one that is missing is a warning with the next step', async () => {
  const console = createConfiguredConsole()
  console.environment['PROXY'] = 'swordfish'
  console.files['/etc/mailroom/pass.txt'] = 'hunter2\n'
  const yaml = (more: string): string => `version: 1
incoming:
  - name: hr
    protocol: imap
    host: h
    auth: { user: u, secret: env:NOT_SET }
    proxy: http://me@proxy:3128
    ${more}
    tls: { clientCertFile: a.pem, clientKeyFile: a.key, clientKeySecret: file:pass.txt }
`
  const importing = (text: string) => console.file.import({ yaml: text, replace: false, reason: null, fileName: '/etc/mailroom/a.yaml' }, administrator)
  const { warnings } = await importing(yaml('proxySecret: env:PROXY'))
  assert.deepEqual([...console.secrets], [['proxy/hr', 'swordfish'], ['client-key/hr', 'hunter2']])
  assert.deepEqual(warnings.map(({ path, line }) => [path, line]), [['incoming[0].auth.secret', 6], ['incoming[0].tls.clientCertFile', 9], ['incoming[0].tls.clientKeyFile', 9]])
  assert.equal((await console.sources.incomingNamed('hr')).server.tls.clientKeyFile, '/etc/mailroom/a.key')
  console.secrets.clear()
  const again = await importing(yaml('debug: false').replace('file:pass.txt', 'keychain'))
  assert.deepEqual(again.warnings.filter(({ path }) => /secret/i.test(path)).map(({ message }) => /`(mailroom secret set .*)`/.exec(message)?.[1]), ['mailroom secret set hr', 'mailroom secret set hr --for proxy', 'mailroom secret set hr --for client-key'])
  assert.doesNotMatch((await console.file.export()).yaml, /swordfish|hunter2/)
})

const moved: [string, Partial<IncomingServerDraft>][] = [
  ['endpoint', { endpoint: 'https://evil.example' }], ['mailbox', { mailbox: 'boss@example.com' }], ['token URL', { auth: { ...app, tokenUrl: 'https://evil.example/token' } }], ['authority', { auth: { ...app, authority: 'https://evil.example' } }],
  ['tenant', { auth: { ...app, tenant: 'evil.example' } }], ['proxy', { proxy: 'http://evil.example:3128' }], ['CA file', { tls: { minVersion: 'TLSv1.2', caFile: '/tmp/evil.pem', pin: null } }], ['client id', { auth: { ...app, clientId: 'evil' } }]
]
for (const [what, changes] of moved)
  test(`support cannot send a stored secret or token elsewhere: another ${what}`, async () => {
    const console = createConfiguredConsole()
    await save(console, graph(), { secret: 'hunter2', proxySecret: 'two', clientKeySecret: 'three' })
    const ask = async (server: IncomingServerDraft, caller: Caller) => {
      const { problem } = await console.incoming.test({ name: 'hr', server, ...typedNothing, workId: 'work-0003' }, caller)
      return [problem?.code ?? 'ok', console.asked.splice(0).map(({ secret }) => secret), console.ways.splice(0)]
    }
    assert.deepEqual(await ask(graph(changes), support), ['credentials-missing', [null], [{ proxyPassword: null, clientKeyPassphrase: null }]])
    assert.deepEqual(await ask(graph({ folder: 'Other' }), support), ['ok', ['token for hunter2'], [{ proxyPassword: 'two', clientKeyPassphrase: 'three' }]])
    assert.deepEqual(await ask(graph(changes), administrator), ['ok', ['token for hunter2'], [{ proxyPassword: 'two', clientKeyPassphrase: 'three' }]])
  })

test('tokens of a person go only where they already go, and never to a server that only bears the name', async () => {
  const console = createConfiguredConsole()
  await save(console, graph({ auth: person }))
  await console.signIns.start({ kind: 'incoming', name: 'hr', workId: 'work-0002' }, administrator)
  const ask = async (name: string | null, server: IncomingServerDraft, caller: Caller) => (await console.incoming.test({ name, server, ...typedNothing, workId: 'work-0003' }, caller)).problem
  assert.equal(await ask('hr', graph({ auth: person }), support), null)
  assert.deepEqual(await ask('hr', graph({ auth: person, endpoint: 'https://evil.example' }), support), { code: 'sign-in-needed', server: 'hr' })
  assert.deepEqual(await ask(null, graph({ auth: person, endpoint: 'https://evil.example' }), support), { code: 'sign-in-needed', server: 'hr' })
  assert.equal(await ask('hr', graph({ auth: person, name: 'renamed' }), administrator), null)
})

test('a typed client secret is really tried, and leaves no token behind', async () => {
  const console = createConfiguredConsole()
  await save(console, graph(), { secret: 'old' })
  await tokenOf(console)
  await console.incoming.test({ name: 'hr', server: graph(), ...typedNothing, secret: 'new', workId: 'work-0003' }, support)
  await console.incoming.test({ name: 'hr', server: null, ...typedNothing, secret: 'newer', workId: 'work-0004' }, support)
  assert.deepEqual(console.asked.map(({ secret }) => secret), ['token for new', 'token for newer'])
  assert.deepEqual([...console.tokens], [['incoming/hr', 'token for old']])
})
