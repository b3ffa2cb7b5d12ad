import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newOutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'
import { mailTables } from '../database/mail-tables.ts'
import { codeMailsTable, senderAddressesTable } from '../database/sender-addresses-table.ts'
import { createSenders } from './create-senders.ts'

const minute = 60_000
const start = Date.parse('2026-11-21T12:00:00Z')
const problemOf = async (failing: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await failing.then(() => null, (reason: unknown) => reason)
  assert.ok(thrown instanceof ProblemError, `a problem was expected: ${String(thrown)}`)
  return thrown.problem
}

async function sendersOver(console = createConfiguredConsole(), time = { wall: start, run: 0 }) {
  const codes: string[] = []
  let woken = 0
  const guessed: string[] = []
  const senders = createSenders({
    ...console.needs, tables: { ...console.needs.tables, outbox: mailTables.outbox, senders: senderAddressesTable, codeMails: codeMailsTable }, settings: console.settings.get,
    clock: { now: () => time.wall, elapsed: () => time.run }, newId: () => `id${codes.length}`, wakeOutbox: () => (woken += 1), guessed: (who) => void guessed.push(who), untilTried: async () => undefined,
    newCode: () => {
      codes.push(String(10_000_000 + codes.length))
      return codes.at(-1) ?? ''
    }
  })
  const pass = (ms: number): void => {
    time.wall += ms
    time.run += ms
  }
  let works = 0
  const add = (address: string, kind: 'sender' | 'group' = 'sender') => senders.add({ address, kind, reason: null, workId: `add-${works++}` }, administrator)
  const sendCode = (address: string) => senders.sendCode({ address, workId: `send-${works++}` })
  const verify = (address: string, code: string) => senders.verify({ address, code, reason: null }, administrator)
  const mails = () => mailTables.outbox.list(console.database, 100)
  const restart = () => sendersOver(console, time)
  const saveServer = async (name: string, replyTo: string, more: Partial<OutgoingServerDraft> = {}) => {
    await console.outgoing.save({ was: null, server: { ...newOutgoingServer('smtp'), name, host: 'smtp.example.com', replyTo, senderName: 'IT', auth: { method: 'none', user: '', secret: 'keychain' }, ...more }, secret: null, proxySecret: null, clientKeySecret: null, dkimKey: null, draft: true, makeDefault: false, reason: null, workId: `save-${works++}` }, administrator)
  }
  const setSettings = async (part: object) => console.settings.save({ settings: settingsSchema.parse({ ...(await console.settings.get()), ...part }), reason: null }, administrator)
  return { ...senders, guessed, console, codes, time, pass, add, sendCode, verify, mails, restart, saveServer, setSettings, woken: () => woken }
}

test('an address is added with a code on its way, and verified by it', async () => {
  const desk = await sendersOver()
  const added = await desk.add('it@Example.COM')
  assert.deepEqual(added, {
    address: 'it@example.com', kind: 'sender', verifiedAt: null, usedBy: [],
    code: { sentAt: '2026-11-21T12:00:00.000Z', expiresAt: '2026-11-21T12:30:00.000Z', triesLeft: 5, nextAt: '2026-11-21T12:01:00.000Z', mail: { state: 'waiting', problem: null } }
  })
  assert.equal(desk.woken(), 1)
  const verified = await desk.verify('it@EXAMPLE.com', ' 1000-0000 ')
  assert.deepEqual([verified.verifiedAt, verified.code], ['2026-11-21T12:00:00.000Z', null])
  const history = await desk.console.history.list({ name: null, what: 'sender address', limit: 10 })
  assert.deepEqual(history.map(({ name, action, who }) => [name, action, who]), [['it@example.com', 'changed', 'Ann'], ['it@example.com', 'added', 'Ann']])
})

test('the code goes before all else, through the server that sends as the address, else the default', async () => {
  const desk = await sendersOver()
  await desk.saveServer('first', 'office@example.com')
  await desk.saveServer('second', 'IT@Example.org')
  await desk.add('IT@example.ORG')
  await desk.add('else@example.net')
  const found = (await desk.mails()).map(({ to, kind, priority, wantedServer, messageId, partition }) => ({ to, kind, priority, wantedServer, messageId, partition }))
  assert.deepEqual(found, [
    { to: 'IT@example.org', kind: 'code', priority: true, wantedServer: 'second', messageId: '<id1@example.org>', partition: '' },
    { to: 'else@example.net', kind: 'code', priority: true, wantedServer: null, messageId: '<id2@example.com>', partition: '' }
  ])
  assert.match((await desk.mails())[0]?.content ?? '', /\n1000 0000\n/)
  assert.ok(!((await desk.mails())[0]?.subject ?? '').includes('1000'))
})

for (const [what, more] of [['is blocked', { block: true }], ['is a draft', { host: '' }]] as const)
  test(`the code goes through the default server where the one that sends as the address ${what}`, async () => {
    const desk = await sendersOver()
    await desk.saveServer('first', 'office@example.com')
    await desk.saveServer('second', 'it@example.org', more)
    await desk.add('it@example.org')
    assert.deepEqual((await desk.mails()).map(({ wantedServer, messageId }) => [wantedServer, messageId]), [[null, '<id1@example.com>']])
  })

test('the code itself is kept nowhere but in its mail', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  const kept = JSON.stringify(await desk.console.database.all('SELECT * FROM sender_addresses')) + (await desk.console.wholeDatabase()) + JSON.stringify(desk.console.events) + JSON.stringify(await desk.list())
  assert.ok(!kept.includes('10000000') && !kept.includes('1000 0000'))
  assert.match(kept, /salt/)
})

test('after five wrong codes a new one is needed, and the old one is not heard', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  for (const triesLeft of [4, 3, 2, 1, 0]) assert.deepEqual(await problemOf(desk.verify('it@example.com', '99999999')), { code: 'code-wrong', triesLeft })
  assert.deepEqual(await problemOf(desk.verify('it@example.com', '10000000')), { code: 'code-wrong', triesLeft: 0 })
  assert.equal((await desk.list())[0]?.code?.triesLeft, 0)
  assert.deepEqual(desk.guessed, ['Ann', 'Ann', 'Ann', 'Ann', 'Ann', 'Ann'])
  desk.pass(minute)
  await desk.sendCode('it@example.com')
  assert.deepEqual(await problemOf(desk.verify('it@example.com', '10000000')), { code: 'code-wrong', triesLeft: 4 })
  assert.notEqual((await desk.verify('it@example.com', '10000001')).verifiedAt, null)
})

test('tries survive a restart, and many at once count as many', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  await problemOf(desk.verify('it@example.com', '0'))
  const again = await desk.restart()
  const left = await Promise.all([1, 2, 3, 4, 5].map((code) => problemOf(again.verify('it@example.com', String(code)))))
  assert.deepEqual(left.map((problem) => (problem.code === 'code-wrong' ? problem.triesLeft : problem.code)), [3, 2, 1, 0, 0])
})

test('a code holds for half an hour, whatever happens to the clock', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  desk.pass(30 * minute)
  assert.deepEqual(await problemOf(desk.verify('it@example.com', '10000000')), { code: 'code-expired' })
  await desk.sendCode('it@example.com')
  desk.time.run += 31 * minute
  assert.deepEqual(await problemOf(desk.verify('it@example.com', '10000001')), { code: 'code-expired' })
  desk.time.wall -= 3_600_000
  assert.deepEqual(await problemOf((await desk.restart()).verify('it@example.com', '10000001')), { code: 'code-expired' })
})

test('a code a minute for each address, also with the clock set forward, and for one that was deleted meanwhile', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  await desk.add('other@example.com')
  desk.pass(20_000)
  assert.deepEqual(await problemOf(desk.sendCode('it@example.com')), { code: 'code-sent-just-now', waitSeconds: 40 })
  desk.time.wall += 3_600_000
  assert.deepEqual(await problemOf(desk.sendCode('it@example.com')), { code: 'code-sent-just-now', waitSeconds: 40 })
  await desk.delete({ address: 'it@example.com', reason: null }, administrator)
  assert.deepEqual(await problemOf(desk.add('it@example.com')), { code: 'code-sent-just-now', waitSeconds: 40 })
  desk.pass(40_000)
  await desk.add('it@example.com')
})

test('a new code takes the place of one that was not sent yet', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  desk.pass(minute)
  await desk.sendCode('it@example.com')
  assert.equal((await desk.mails()).length, 1)
  assert.match((await desk.mails())[0]?.content ?? '', /1000 0001/)
  await desk.delete({ address: 'it@example.com', reason: null }, administrator)
  assert.deepEqual(await desk.mails(), [])
})

const same: [string, string, boolean][] = [
  ['it@example.com', 'it@EXAMPLE.COM', true], ['it@bücher.example', 'it@xn--bcher-kva.example', true], ['it@BÜCHER.example', 'it@xn--bcher-kva.example', true], ['it@example.com', 'it@example.com.', true],
  ['it@example.com', 'IT@example.com', false], ['it@example.com', 'it@mail.example.com', false]
]
for (const [one, other, isSame] of same)
  test(`${one} and ${other} are ${isSame ? 'one address' : 'two addresses'}`, async () => {
    const desk = await sendersOver()
    await desk.add(one)
    await desk.verify(one, '10000000')
    assert.equal(await desk.isVerified(other), isSame)
    if (isSame) assert.equal((await problemOf(desk.add(other))).code, 'name-taken')
    else await desk.add(other)
  })

test('an address without a domain is refused where it was entered', async () => {
  const desk = await sendersOver()
  assert.deepEqual(await problemOf(desk.add('it@exa%mple')), { code: 'invalid-input', issues: [{ path: 'address', message: 'No mail can go to that address.' }] })
  assert.deepEqual([await desk.list(), await desk.mails()], [[], []])
})

test('servers and rules that use an address are named', async () => {
  const desk = await sendersOver()
  await desk.saveServer('main', 'it@Example.com')
  const template = { subject: 'New', text: 'New' }
  await desk.setSettings({
    alerts: { applicationErrors: { enabled: true, to: ['it@example.com'] }, rules: [{ name: 'Night', events: ['expiry'], to: ['it@example.com'] }, { name: 'Day', events: ['expiry'], to: ['ann@example.com'] }] },
    requestMails: [{ name: 'Told', event: 'request-created', to: ['requester', 'it@EXAMPLE.com'], template }]
  })
  assert.deepEqual((await desk.add('it@example.com', 'group')).usedBy, ['main', 'Application errors', 'Night', 'Told'])
})

test('nothing may be sent under an address that is not verified, where that is asked for, until it is', async () => {
  const desk = await sendersOver()
  const server = { name: 'main', replyTo: 'it@Example.com' }
  assert.equal(await desk.mayNotSend(server), null)
  await desk.setSettings({ sending: { requireVerifiedSenders: true } })
  assert.deepEqual(await desk.mayNotSend(server), { code: 'sender-unverified', server: 'main', sender: 'it@Example.com' })
  await desk.add('it@example.com')
  assert.equal((await desk.mayNotSend(server))?.code, 'sender-unverified')
  await desk.verify('it@example.com', '10000000')
  assert.equal(desk.woken(), 2)
  assert.equal(await desk.mayNotSend(server), null)
  assert.equal((await desk.mayNotSend({ ...server, replyTo: 'office@example.com' }))?.code, 'sender-unverified')
  await desk.delete({ address: 'it@example.com', reason: null }, administrator)
  assert.equal((await desk.mayNotSend(server))?.code, 'sender-unverified')
})

test('a missing reason costs no try, and what is not there is said with what is near', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  await desk.setSettings({ history: { reasonRequired: true } })
  assert.equal((await problemOf(desk.verify('it@example.com', '10000000'))).code, 'invalid-input')
  assert.equal((await desk.list())[0]?.code?.triesLeft, 5)
  assert.equal((await problemOf(desk.add('new@example.com'))).code, 'invalid-input')
  assert.deepEqual((await desk.mails()).map(({ to }) => to), ['it@example.com'])
  assert.deepEqual(await problemOf(desk.verify('ti@example.com', '1')), { code: 'not-found', what: 'sender address', name: 'ti@example.com', nearest: 'it@example.com' })
})

test('old codes that nobody could be sent are taken out of the outbox', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  await desk.console.database.transaction((transaction) => codeMailsTable.drop(transaction, { before: '2026-11-21T12:00:00.000Z' }))
  assert.equal((await desk.mails()).length, 1)
  assert.equal(await desk.console.database.transaction((transaction) => codeMailsTable.drop(transaction, { before: '2026-11-21T12:00:00.001Z' })), 1)
})

for (const other of ['boss@example.com#.example.net', 'boss@example.com?.example.net', 'boss@example.com/x', 'boss@example.com\\.example.net', 'boss@example%2ecom', 'bo\u200bss@example.com', 'boss@ex\u0430mple.com'])
  test(`one that only looks like a verified address is not verified by it: ${JSON.stringify(other)}`, async () => {
    const desk = await sendersOver()
    await desk.add('boss@example.com')
    await desk.verify('boss@example.com', '10000000')
    assert.deepEqual([await desk.isVerified('boss@example.com'), await desk.isVerified(other)], [true, false])
    const refused = await desk.add(other).then(({ address }) => address, ({ problem }: ProblemError) => problem.code)
    assert.equal(refused, other.includes('\u0430') ? 'boss@xn--exmple-4nf.com' : 'invalid-input')
  })

test('tries at once are as few as tries one by one, whatever the spelling and after a restart', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  const said = await Promise.all(Array.from({ length: 30 }, (_, index) => desk.verify(index % 2 === 0 ? 'it@example.com' : 'it@EXAMPLE.com.', index === 15 ? '10000000' : '99999999').then(() => 'right', ({ problem }: ProblemError) => problem.code)))
  assert.deepEqual([...new Set(said)], ['code-wrong'])
  assert.equal((await problemOf((await desk.restart()).verify('it@example.com', '10000000'))).code, 'code-wrong')
})

test('an address that was deleted while its code was looked at is not verified, and no history says so', async () => {
  const desk = await sendersOver()
  await desk.add('it@example.com')
  const verifying = desk.verify('it@example.com', '10000000').then(() => 'verified', ({ problem }: ProblemError) => problem.code)
  while ((await senderAddressesTable.find(desk.console.database, 'it@example.com'))?.code?.triesLeft !== 4);
  await desk.delete({ address: 'it@example.com', reason: null }, administrator)
  const said = await verifying
  const history = await desk.console.history.list({ name: null, what: 'sender address', limit: 10 })
  assert.deepEqual([said, history.map(({ action }) => action), await desk.isVerified('it@example.com')], ['not-found', ['deleted', 'added'], false])
})
