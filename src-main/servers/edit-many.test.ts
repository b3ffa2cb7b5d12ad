import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { IncomingChanges, OutgoingChanges } from '#contract/edit-many.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { createEditIncoming } from '../fetching/edit-incoming.ts'

const yaml = `version: 1
partitions: [{ name: Main, default: true }, { name: IT }]
incoming:
  - { name: it, protocol: imap, host: mail.example.com, auth: { user: it, secret: env:IT } }
  - { name: hr, protocol: imap, host: mail.example.com, auth: { user: hr, secret: env:IT }, fetchEvery: 5m, enabled: true }
  - { name: shop, protocol: pop3, host: mail.example.com, auth: { user: shop, secret: env:IT } }
  - { name: later, protocol: imap, draft: true }
outgoing:
  - { name: main, protocol: smtp, host: mail.example.com, replyTo: it@example.com, auth: { user: it, secret: env:IT } }
  - { name: second, protocol: smtp, host: mx.example.com, replyTo: it@example.com, auth: { user: it, secret: env:IT } }
`
const opened = async () => {
  const console = createConfiguredConsole()
  console.environment['IT'] = 'hunter2'
  await console.file.import({ yaml, replace: false, reason: null, fileName: 'x' }, administrator)
  const did: string[] = []
  const scheduler = (enabled: boolean) => async ({ name }: { name: string }): Promise<void> => {
    did.push(`${enabled ? 'start' : 'stop'} ${name}`)
    await console.incoming.setEnabled((await console.sources.incomingNamed(name)).id, enabled, 'Ann')
  }
  const edit = createEditIncoming({ editMany: console.incoming.editMany, scheduler: { start: scheduler(true), stop: scheduler(false) } })
  const order = (names: string[], changes: IncomingChanges, more: { tryOnly?: boolean; restart?: boolean; reason?: string } = {}) => edit({ names, changes, tryOnly: false, restart: false, reason: null, ...more }, administrator)
  return { console, did, order, exported: async () => (await console.file.export()).yaml }
}
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}

/** Each change of incoming servers, and the fields that are different in each of them. */
const changes: [IncomingChanges, Record<string, string[]>][] = [
  [{ partition: 'IT' }, { it: ['partition'], shop: ['partition'], later: ['partition'] }],
  [{ fetchEveryMs: 300_000, debug: true }, { it: ['fetchEvery', 'debug'], shop: ['fetchEvery', 'debug'], later: ['fetchEvery', 'debug'] }],
  [{ push: false }, { it: ['push'], later: ['push'] }],
  [{ stopAfter: null, minTlsVersion: 'TLSv1.3' }, { it: ['errorFolder.stopAfter', 'tls.minVersion'], shop: ['errorFolder.stopAfter', 'tls.minVersion'], later: ['errorFolder.stopAfter', 'tls.minVersion'] }],
  [{ afterFetch: 'delete', maxMessageSize: 20_000_000, silenceAlert: false, proxy: 'socks5://proxy:1080' }, { it: ['afterFetch', 'maxMessageSize', 'silenceAlert', 'proxy'], shop: ['afterFetch', 'maxMessageSize', 'silenceAlert', 'proxy'], later: ['afterFetch', 'maxMessageSize', 'silenceAlert', 'proxy'] }],
  [{ silenceAlert: true, template: null }, {}]
]
for (const [change, expected] of changes)
  test(`${JSON.stringify(change)} in many servers: shown first, then done, an entry each, and taken back`, async () => {
    const { console, order, exported } = await opened()
    const before = await exported()
    const fields = ({ differences }: Awaited<ReturnType<typeof order>>) => Object.fromEntries(differences.map(({ name, fields: changed }) => [name, changed.map(({ field }) => field)]))
    assert.deepEqual(fields(await order(['it', 'shop', 'later', 'it'], change, { tryOnly: true })), expected)
    assert.equal(await exported(), before)
    const entries = (await console.history.list({ name: null, what: null, who: null, query: '', before: null, limit: 1000 })).length
    const done = await order(['it', 'shop', 'later'], change, { reason: 'audit' })
    assert.deepEqual(fields(done), expected)
    const names = Object.keys(expected)
    const history = await console.history.list({ name: null, what: null, who: null, query: '', before: null, limit: 1000 })
    assert.deepEqual(history.slice(0, history.length - entries).map(({ name, action, reason }) => [name, action, reason]), [...names].reverse().map((name) => [name, 'changed', 'audit']))
    assert.equal(done.earlier === null, names.length === 0)
    assert.deepEqual([...console.secrets.values()], ['hunter2', 'hunter2', 'hunter2', 'hunter2', 'hunter2'])
    if (done.earlier === null) return
    assert.deepEqual((await console.file.diff({ yaml: before })).differences.map(({ name }) => name).sort(), [...names].sort())
    await console.file.rollback({ id: done.earlier, reason: null }, administrator)
    assert.equal(await exported(), before)
  })

/** Each change that is refused, and what is said of it. */
const refused: [string[], IncomingChanges, RegExp][] = [
  [['it', 'shop'], {}, /at least one field/],
  [['it', 'shop'], { afterFetch: 'move', moveTo: 'Done' }, /changes\.afterFetch.*shop: POP3 has no folders/],
  [['it'], { afterFetch: 'move' }, /changes\.moveTo.*it: Enter the folder/],
  [['it', 'shop', 'later'], { fetchEveryMs: 1 }, /changes\.fetchEveryMs.*it, shop, later: Fetch at most every 5 seconds/],
  [['it'], { partition: 'ITT' }, /changes\.partition.*it: .*did you mean `IT`/],
  [['it'], { template: 'nobody' }, /changes\.template/],
  [['it'], { stopAfter: 0 }, /changes\.stopAfter/],
  [['it'], { proxy: 'http://me:secret@proxy:1' }, /changes\.proxy.*without a password/],
  [['it', 'itt'], { debug: true }, /not-found.*"nearest":"it"/]
]
for (const [names, change, says] of refused)
  test(`${JSON.stringify(change)} in ${names.join(', ')} is refused as a whole`, async () => {
    const { order, exported } = await opened()
    const before = await exported()
    assert.match(JSON.stringify(await problemOf(order(names, change, { tryOnly: true }))), says)
    assert.match(JSON.stringify(await problemOf(order(names, change, { restart: true }))), says)
    assert.equal(await exported(), before)
  })

test('a server that runs has to be stopped: by hand, or for the time of the change', async () => {
  const { did, order, exported, console } = await opened()
  assert.deepEqual((await order(['it', 'hr'], { debug: true }, { tryOnly: true })).running, ['hr'])
  assert.deepEqual(await problemOf(order(['it', 'hr'], { debug: true })), { code: 'server-is-running', server: 'hr' })
  assert.doesNotMatch(await exported(), /debug: true/)
  const done = await order(['it', 'hr'], { debug: true }, { restart: true })
  assert.deepEqual([done.differences.length, done.running, done.notStarted, did], [2, ['hr'], [], ['stop hr', 'start hr']])
  assert.deepEqual((await console.incoming.list()).map(({ server }) => [server.name, server.debug, server.enabled]), [['hr', true, true], ['it', true, false], ['later', false, false], ['shop', false, false]])
  await order(['it', 'hr'], { debug: true }, { restart: true })
  assert.equal(did.length, 2, 'nothing to change stops nobody')
})

test('a reason that is wanted is asked for before anything is stopped or changed', async () => {
  const { console, did, order } = await opened()
  await console.file.import({ yaml: 'version: 1\nhistory: { reasonRequired: true }\n', replace: false, reason: null, fileName: 'x' }, administrator)
  assert.match(JSON.stringify(await problemOf(order(['hr'], { debug: true }, { restart: true }))), /"path":"reason"/)
  assert.deepEqual(did, [])
})

test('outgoing servers are changed together too', async () => {
  const { console } = await opened()
  const order = { names: ['main', 'second'], changes: { senderName: 'Service desk', timeoutMs: 60_000, block: true, minTlsVersion: 'TLSv1.3' as const, proxy: null }, tryOnly: false, reason: null }
  const { differences, earlier } = await console.outgoing.editMany(order, administrator)
  assert.deepEqual(differences.map(({ name, fields }) => [name, fields.map(({ field }) => field)]), ['main', 'second'].map((name) => [name, ['senderName', 'timeout', 'block', 'tls.minVersion']]))
  assert.match((await console.file.earlier()).find(({ id }) => id === earlier)?.before ?? '', /^change of 2 outgoing servers$/)
})

/** Each change of outgoing servers, and the fields that are different in both of them. */
const outgoingChanged: [OutgoingChanges, string[]][] = [
  [{ replyTo: 'desk@example.com', overrideTo: 'trial@example.com', embeddedImages: 'base64' }, ['replyTo', 'overrideTo', 'embeddedImages']],
  [{ mostConnections: 2, maxMailSize: 25_000_000, whenUncertain: 'send-again', sentCopiesIn: 'it' }, ['mostConnections', 'maxMailSize', 'whenUncertain', 'sentCopiesIn']],
  [{ alternateServer: 'spare' }, ['alternate']], [{ alternateServer: null, maxMailSize: null, sentCopiesIn: null }, []]
]
for (const [changes, fields] of outgoingChanged)
  test(`${JSON.stringify(changes)} in two outgoing servers`, async () => {
    const { console, exported } = await opened()
    await console.file.import({ yaml: spare, replace: false, reason: null, fileName: 'x' }, administrator)
    const before = await exported()
    const done = await console.outgoing.editMany({ names: ['main', 'second'], changes, tryOnly: false, reason: null }, administrator)
    assert.deepEqual(done.differences.map(({ name, fields: changed }) => [name, [...new Set(changed.map(({ field }) => field.split('.')[0]))]]), fields.length === 0 ? [] : ['main', 'second'].map((name) => [name, fields]))
    if (done.earlier !== null) await console.file.rollback({ id: done.earlier, reason: null }, administrator)
    assert.equal(await exported(), before)
  })
const spare = 'version: 1\noutgoing: [{ name: spare, protocol: smtp, host: mx3.example.com, replyTo: it@example.com, auth: { user: it, secret: env:IT } }]\n'

/** What is refused of outgoing servers, and what is said of it. */
const outgoingRefused: [string[], OutgoingChanges, RegExp][] = [
  [['main', 'second'], { alternateServer: 'second' }, /changes\.alternateServer.*second: A server cannot stand in for itself/],
  [['second'], { alternateServer: 'mian' }, /changes\.alternateServer.*did you mean `main`/],
  [['main'], { mostConnections: 0 }, /changes\.mostConnections.*At least one/],
  [['main', 'second'], { maxMailSize: 1_000 }, /changes\.maxMailSize.*main, second: At least 10 kB/],
  [['main'], { replyTo: 'no address' }, /changes\.replyTo.*one address/],
  [['main'], { overrideTo: 'a@b.example, c@d.example' }, /changes\.overrideTo.*one address/],
  [['main'], { sentCopiesIn: 'shop' }, /changes\.sentCopiesIn.*no IMAP server/]
]
for (const [names, changes, says] of outgoingRefused)
  test(`${JSON.stringify(changes)} in ${names.join(', ')} is refused`, async () => {
    const { console, exported } = await opened()
    const before = await exported()
    for (const tryOnly of [true, false]) assert.match(JSON.stringify(await problemOf(console.outgoing.editMany({ names, changes, tryOnly, reason: null }, administrator))), says)
    assert.equal(await exported(), before)
  })
