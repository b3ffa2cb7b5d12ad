import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { createRig, createWorld, mailOf, testServer, type Rig, type World } from '../../testbed/fetching-rig.ts'
import { differing, ledgerOver, type LedgerUnderTest } from '../../testbed/ledger-over.ts'
import { passwordConnection } from '../../testbed/password-connection.ts'

type Ground = { world: World; rig: Rig; ledger: LedgerUnderTest; server: IncomingServer }
function ground(change: Partial<IncomingServer> = {}, options: { servers?: Map<number, IncomingServer>; sharers?: Map<number, number[]>; addedAt?: string } = {}): Ground {
  const world = createWorld()
  const rig = createRig(world, options.sharers ? { sharers: options.sharers } : {})
  const server = testServer(change)
  const ledger = ledgerOver({ database: world.database, servers: options.servers ?? new Map([[1, server]]), transport: world.mail.transport, connection: async () => passwordConnection('it', 'secret'), ...options })
  return { world, rig, ledger, server }
}
const kinds: Partial<IncomingServer>[] = [{}, { afterFetch: 'move', moveTo: 'Done' }, { afterFetch: 'delete' }, { protocol: 'pop3', port: 110, security: 'none', errorFolder: { enabled: false, name: 'Errors', stopAfter: null, notify: false } }]
const nameOf = (change: Partial<IncomingServer>): string => `${change.protocol ?? 'imap'} ${change.afterFetch ?? 'mark-seen'}`

for (const change of kinds)
  test(`a round, then nothing is lost: ${nameOf(change)}`, async () => {
    const { world, rig, ledger, server } = ground(change)
    world.mail.deliver(mailOf('1', 'printer'), mailOf('2', 'spam'), mailOf('3', 'bad'), mailOf('4', 'again'))
    const before = await ledger.check('it')
    assert.deepEqual([before.verdict, differing(before), before.onServer.inbox, before.inLedger], ['nothing-lost', ['waiting 4'], 4, []])
    assert.equal((await rig.round({ server })).result.problem, null)
    const after = await ledger.check('it')
    assert.deepEqual([after.verdict, differing(after)], ['nothing-lost', []])
    assert.deepEqual(after.inLedger, [{ outcome: 'dropped', count: 1 }, { outcome: 'error', count: 1 }, { outcome: 'request', count: 2 }])
    assert.equal(after.onServer.known, after.onServer.inbox)
    assert.deepEqual(world.mail.inbox.map(({ seen }) => seen), server.afterFetch === 'mark-seen' ? world.mail.inbox.map(() => server.protocol === 'imap') : [])
  })

test('mail that was read by another program is taken again', async () => {
  const { world, rig, ledger, server } = ground({}, { addedAt: '2026-01-01T00:00:00Z' })
  world.mail.deliver(mailOf('1', 'one'), mailOf('2', 'two'))
  const [first] = world.mail.inbox
  Object.assign(first ?? {}, { seen: true, receivedAt: new Date().toISOString() })
  await rig.round({ server })
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found)], ['differs', ['not-taken! 1']])
  assert.deepEqual(found.differences[0]?.messages.map(({ id, subject, messageId }) => [id, subject, messageId]), [['1', 'one', '1@example.com']])
  assert.deepEqual(await ledger.takeAgain({ name: 'it', ids: ['1', '2', 'never-there'], workId: randomUUID() }), { marked: 1 })
  assert.deepEqual(ledger.woken, [1])
  // What the ledger knows stays read: unread it would wait for ever.
  assert.deepEqual(world.mail.inbox.map(({ seen }) => seen), [false, true])
  await rig.round({ server })
  const last = await ledger.check('it')
  assert.deepEqual([last.verdict, differing(last), last.inLedger], ['nothing-lost', [], [{ outcome: 'request', count: 2 }]])
})

test('mail that was read before the server was added is told apart, and can be taken too', async () => {
  const { world, rig, ledger, server } = ground({}, { addedAt: '2026-11-20T08:00:00Z' })
  world.mail.deliver(mailOf('1', 'old'), mailOf('2', 'new'))
  Object.assign(world.mail.inbox[0] ?? {}, { seen: true, receivedAt: '2026-11-19T08:00:00Z' })
  await rig.round({ server })
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found)], ['nothing-lost', ['not-taken 1']])
  assert.match(found.differences[0]?.title ?? '', /before this mailbox was first fetched/)
  assert.deepEqual(await ledger.takeAgain({ name: 'it', ids: ['1'], workId: randomUUID() }), { marked: 1 })
})

test('mail for others is left alone and is no loss', async () => {
  const { world, ledger, server } = ground()
  const rig = createRig(world, { decide: (input) => ({ ...createDropped(), leave: input.parsed.content.subject.includes('others') }) })
  world.mail.deliver(mailOf('1', 'for others'), mailOf('2', 'for us'))
  await rig.round({ server })
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found), found.onServer], ['nothing-lost', [], { inbox: 2, unread: 1, known: 2, errorFolder: 0 }])
  const { rows } = await ledger.list({ server: 'it', outcome: 'dropped', query: 'others', limit: 10, before: null })
  assert.deepEqual(rows.map(({ subject, from, isFinished, reason }) => ({ subject, from, isFinished, reason })), [{ subject: 'for others', from: 'ann@example.com', isFinished: true, reason: 'not for us' }])
})

test('cut off between commit and server: unfinished, and the next round finishes it', async () => {
  for (const step of ['acknowledge', 'move']) {
    const { world, rig, ledger, server } = ground()
    world.mail.deliver(mailOf('1', 'good'), mailOf('2', 'bad'))
    world.mail.before = (asked) => {
      if (asked === step) throw new ProblemError({ code: 'connection-dropped', host: 'x', port: 1, during: asked })
    }
    assert.equal((await rig.round({ server })).result.problem?.code, 'connection-dropped')
    world.mail.before = () => undefined
    const found = await ledger.check('it')
    assert.equal(found.verdict, 'nothing-lost')
    assert.ok(differing(found).every((one) => /^unfinished \d$/.test(one)) && found.differences.length === 1, JSON.stringify(differing(found)))
    const { rows } = await ledger.list({ server: null, outcome: null, query: '', limit: 10, before: null })
    assert.ok(rows.some(({ isFinished }) => !isFinished))
    assert.equal((await rig.round({ server })).result.problem, null)
    const last = await ledger.check('it')
    assert.deepEqual([last.verdict, differing(last), last.onServer.errorFolder], ['nothing-lost', [], 1])
  }
})

test('what people do in the error folder is seen: taken out, put in', async () => {
  const { world, rig, ledger, server } = ground()
  world.mail.deliver(mailOf('1', 'bad one'), mailOf('2', 'bad two'))
  await rig.round({ server })
  const [taken] = world.mail.errorFolder.splice(0, 1)
  assert.equal(taken?.uid, '1')
  world.mail.errorFolder.push({ uid: '77', raw: Buffer.from(mailOf('77', 'put in')), seen: false })
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found)], ['differs', ['not-in-error-folder! 1', 'not-recorded! 1']])
  assert.deepEqual(found.differences.map(({ messages }) => messages.map(({ id, subject }) => [id, subject])), [[[null, 'bad one']], [['77', 'put in']]])
})

test('two servers on one mailbox: what one of them took is no loss for the other', async () => {
  const server = testServer()
  const other = testServer({ name: 'twin' })
  const sharers = new Map([[1, [2]], [2, [1]]])
  const { world, rig, ledger } = ground({}, { servers: new Map([[1, server], [2, other]]), sharers, addedAt: '2026-01-01T00:00:00Z' })
  world.mail.deliver(mailOf('1', 'one'), mailOf('2', 'bad'))
  for (const message of world.mail.inbox) message.receivedAt = new Date().toISOString()
  await rig.round({ server })
  world.mail.deliver(mailOf('3', 'three'))
  await rig.round({ server: other, serverId: 2 })
  for (const name of ['it', 'twin']) {
    const found = await ledger.check(name)
    assert.deepEqual([found.verdict, differing(found), found.onServer.known], ['nothing-lost', [], 2], name)
  }
  const alone = ledgerOver({ database: world.database, servers: new Map([[2, other]]), transport: world.mail.transport, connection: async () => passwordConnection('it', 'secret'), addedAt: '2026-01-01T00:00:00Z' })
  assert.deepEqual(differing(await alone.check('twin')), ['not-taken! 1', 'not-recorded! 1'])
})

test('the mailbox is numbered anew: nothing is lost, it is said, and nothing comes twice', async () => {
  const { world, rig, ledger, server } = ground({}, { addedAt: '2026-01-01T00:00:00Z' })
  world.mail.deliver(mailOf('1', 'one'), mailOf('2', 'spam'), mailOf('3', 'three'))
  await rig.round({ server })
  world.mail.identity = 'INBOX 2'
  for (const [index, message] of world.mail.inbox.entries()) Object.assign(message, { uid: String(900 + index), receivedAt: new Date().toISOString() })
  world.mail.deliver(mailOf('4', 'four'))
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found), found.onServer], ['nothing-lost', ['waiting 1', 'renumbered 3'], { inbox: 4, unread: 1, known: 3, errorFolder: 0 }])
  await rig.round({ server })
  const after = await ledger.check('it')
  assert.deepEqual([after.verdict, differing(after)], ['nothing-lost', ['renumbered 3']])
  assert.deepEqual(after.inLedger, [{ outcome: 'dropped', count: 1 }, { outcome: 'request', count: 3 }])
})

test('another mailbox under the same name, where mail is deleted: fetching waits for a person, and reconciling says so', async () => {
  const { world, rig, ledger, server } = ground({ afterFetch: 'delete' })
  world.mail.deliver(mailOf('1', 'one'))
  await rig.round({ server })
  world.mail.identity = 'INBOX 2'
  world.mail.deliver(mailOf('2', 'two'))
  assert.equal((await rig.round({ server })).result.problem?.code, 'mailbox-identity-changed')
  const found = await ledger.check('it')
  assert.deepEqual(differing(found), ['waiting 1', 'renumbered 1'])
  assert.match(found.differences[1]?.remedy ?? '', /waits for a person/)
})

test('a server that does not move what it says it moved: the mail is unfinished, not doubled', async () => {
  const { world, rig, ledger, server } = ground({ afterFetch: 'move', moveTo: 'Done' })
  world.mail.deliver(mailOf('1', 'one'))
  world.mail.before = (asked) => {
    if (asked === 'acknowledge') throw new ProblemError({ code: 'source-did-not-shrink', server: 'it', folder: 'INBOX', messages: 1 })
  }
  for (let times = 0; times < 3; times++) assert.equal((await rig.round({ server })).result.problem?.code, 'source-did-not-shrink')
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found), found.inLedger], ['nothing-lost', ['unfinished 1'], [{ outcome: 'request', count: 1 }]])
})

test('rows that name what is not in the database are told', async () => {
  const { world, rig, ledger, server } = ground()
  world.mail.deliver(mailOf('1', 'one'), mailOf('2', 'two'), mailOf('3', 'bad'), mailOf('4', 'four'), mailOf('5', 'five'))
  await rig.round({ server })
  await world.database.transaction(async (transaction) => {
    await transaction.run('DELETE FROM requests WHERE number = 2')
    await transaction.run(`DELETE FROM contents WHERE address = (SELECT content FROM entries WHERE request = 1)`)
    await transaction.run(`DELETE FROM contents WHERE address = (SELECT content FROM entries WHERE request = 3)`)
    await transaction.run(`UPDATE entries SET removed = 'text' WHERE request = 3`)
    await transaction.run('DELETE FROM errors')
  })
  const found = await ledger.check('it')
  // What retention took away is no damage.
  assert.deepEqual([found.verdict, differing(found)], ['differs', ['not-recorded! 1', 'record-missing! 3']])
  assert.deepEqual(found.differences[1]?.messages.map(({ id }) => id), ['1', '2', '3'])
})

test('a server that cannot be reached is an answer with the words of the problem; a bug is none', async () => {
  const { world, ledger } = ground()
  world.mail.before = () => Promise.reject(new ProblemError({ code: 'connection-refused', host: 'mail.example.com', port: 993 }))
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, found.problem], ['not-reachable', { code: 'connection-refused', title: 'mail.example.com, port 993 refused the connection.' }])
  world.mail.before = () => Promise.reject(new TypeError('a bug'))
  await assert.rejects(ledger.check('it'), TypeError)
  await assert.rejects(ledger.check('nobody'), ProblemError)
})

test('what arrives while it is looked at waits, and the connection is closed', async () => {
  const { world, rig, ledger, server } = ground()
  world.mail.deliver(mailOf('1', 'one'))
  await rig.round({ server })
  let asked = 0
  world.mail.before = (step) => {
    if (step === 'inventory' && asked++ === 0) world.mail.deliver(mailOf('2', 'meanwhile'))
  }
  const found = await ledger.check('it')
  assert.deepEqual([found.verdict, differing(found), world.mail.open, ledger.told], ['nothing-lost', ['waiting 1'], 0, [2, 2]])
})

const createDropped = () => ({
  outcome: 'dropped' as const, reason: 'not for us', steps: [], replyTo: null, stripped: [], leave: false, problem: null, newRequest: null, change: null, people: [], answers: [], sender: null, bounce: null, spamRule: null, loop: null
})
