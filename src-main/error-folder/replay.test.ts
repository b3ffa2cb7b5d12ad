import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { createRig, createWorld, decideBySubject, mailOf, testServer, type World } from '../../testbed/fetching-rig.ts'
import { lookUpOne } from '../requests/decide-messages.ts'
import { nothingKnown } from '../requests/nothing-known.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { createProcessMessage } from '../processing/process-message.ts'
import { createRecentTraffic } from '../processing/recent-traffic.ts'
import type { Decide } from '../requests/decide.ts'
import { nativeMailName, nativeServerId } from '../receiving/native-origin.ts'
import { createWorks } from '../work/works.ts'
import { createReplay } from './replay.ts'
import { createRequeue } from './requeue.ts'

const workId = (): string => `work-${Math.random()}`

async function officeWith(mails: (string | Buffer)[], changes: Partial<IncomingServer> = {}) {
  const world = createWorld()
  world.mail.deliver(...mails)
  const rig = createRig(world)
  const server = testServer(changes)
  await rig.round({ server })
  return { world, server, ...toolsOf(world, server) }
}

/** Another `decide` stands for rules that were changed meanwhile. */
function toolsOf(world: World, server: IncomingServer, decide: Decide = decideBySubject) {
  const rig = createRig(world, { decide })
  const stored = { id: 1, server, ready: server, issues: [], lastTest: null }
  const sources = { incoming: async () => [stored], incomingNamed: async () => stored, settings: async () => settingsSchema.parse({}), partitions: async () => [] }
  const { database } = world
  const tryMessage = createProcessMessage({
    settings: sources.settings, partitions: sources.partitions, serverNamed: async () => server, parse: async (raw) => parseMessage(raw), reportUnexpected: rig.reportUnexpected,
    outgoing: async () => nothingKnown.outgoing,
    lookUp: async (parsed) => lookUpOne({ tables: rig.tables, traffic: createRecentTraffic({ now: Date.now }), now: Date.now }, database, 1, await sources.settings(), parsed)
  })
  const replay = createReplay({ ...rig, sources, tryMessage, parse: parseMessage })
  const requeue = createRequeue({ ...rig, sources, works: createWorks(), wake: () => undefined, exclusively: (_id, work) => work() })
  const count = async (): Promise<number> => (await rig.tables.errors.countOpen(database, 1)).open
  const requests = async (): Promise<number> => (await database.all('SELECT number FROM requests')).length
  const ledger = () => database.all<{ identity: string; outcome: string; request: number | null; error: number | null }>('SELECT identity, outcome, request, error FROM ledger ORDER BY id')
  const row = async (id: number) => rig.tables.errors.get(database, id)
  return { rig, replay, requeue, count, requests, ledger, row }
}
const edited = (id: string, subject: string): string => Buffer.from(mailOf(id, subject)).toString('base64')
const mended: Decide = (input) => decideBySubject({ ...input, parsed: { ...input.parsed, content: { ...input.parsed.content, subject: input.parsed.content.subject.replace('bad', 'fine') } } })

test('an edited copy becomes a request, the record no longer counts, and the mail that goes back makes no second one', async () => {
  const { world, server, rig, replay, requeue, count, requests, ledger, row } = await officeWith([mailOf('1', 'bad one'), mailOf('2', 'bad two')])
  const answer = await replay({ id: 1, base64: edited('1', 'good one'), tryOnly: false })
  assert.deepEqual([answer.outcome, answer.request, answer.message?.subject, answer.steps.length], ['request', 1, 'good one', 1])
  assert.deepEqual([await count(), await requests(), (await row(1))?.where, (await row(1))?.request, world.mail.errorFolder.length], [1, 1, 'replayed', 1, 2])
  assert.deepEqual(await ledger(), [
    { identity: 'INBOX 1', outcome: 'request', request: 1, error: 1 }, { identity: 'INBOX 1', outcome: 'error', request: null, error: 2 },
    { identity: 'files', outcome: 'request', request: 1, error: null }
  ])
  assert.deepEqual(await requeue({ server: 'it', ids: null, workId: workId() }), { moved: 2, missing: 0 })
  const { result } = await rig.round({ server })
  assert.deepEqual([result.requests, result.dropped, result.errors, await requests(), await count()], [0, 1, 1, 1, 1])
  assert.deepEqual([(await row(1))?.where, world.mail.inbox.length, world.mail.errorFolder.length], ['replayed', 1, 1], 'the replayed one was marked like any other mail that was taken')
})

test('a copy that is replayed while its mail goes back stays settled, and cannot be replayed once more', async () => {
  const { world, server, rig, replay, requests, row } = await officeWith([mailOf('1', 'bad one'), mailOf('2', 'bad two')])
  const stored = { id: 1, server, ready: server, issues: [], lastTest: null }
  const requeue = createRequeue({
    ...rig, sources: { incomingNamed: async () => stored }, works: createWorks(), wake: () => undefined, exclusively: (_id, work) => work(),
    connectionFor: async (one) => {
      await replay({ id: 1, base64: edited('1', 'good one'), tryOnly: false })
      return rig.connectionFor(one)
    }
  })
  assert.deepEqual((await rig.tables.errors.openByServer(world.database)).get(1), 2)
  assert.deepEqual(await requeue({ server: 'it', ids: null, workId: workId() }), { moved: 2, missing: 0 })
  assert.deepEqual([(await row(1))?.where, (await row(1))?.request, (await row(2))?.where, (await rig.tables.errors.openByServer(world.database)).size], ['replayed', 1, 'inbox', 0])
  await assert.rejects(replay({ id: 1, base64: edited('1', 'good once more'), tryOnly: false }), /nothing-to-replay/)
  const { result } = await rig.round({ server })
  assert.deepEqual([result.dropped, await requests()], [1, 1])
})

test('the message as it is, after a rule was changed, is not taken for one that was seen already, and settles its own entry', async () => {
  const { world, server, replay } = await officeWith([mailOf('1', 'bad one')])
  const unchanged = await replay({ id: 1, base64: null, tryOnly: false })
  assert.deepEqual([unchanged.outcome, unchanged.request], ['error', null])
  const later = toolsOf(world, server, mended)
  const answer = await later.replay({ id: 1, base64: null, tryOnly: false })
  assert.deepEqual([answer.outcome, answer.request], ['request', 1])
  assert.deepEqual(await later.ledger(), [{ identity: 'INBOX 1', outcome: 'request', request: 1, error: 1 }])
  await later.requeue({ server: 'it', ids: [1], workId: workId() })
  const { result } = await later.rig.round({ server })
  assert.deepEqual([result.fetched, result.dropped, await later.requests(), world.mail.errorFolder.length], [1, 1, 1, 0])
})

test('bytes that were sent but not edited count as the message as it is', async () => {
  const { world, server } = await officeWith([mailOf('1', 'bad one')])
  const { replay, ledger } = toolsOf(world, server, mended)
  await replay({ id: 1, base64: edited('1', 'bad one'), tryOnly: false })
  assert.equal((await ledger()).length, 1)
})

test('a copy that fails again leaves everything as it was, and says why', async () => {
  const { world, replay, count, requests, ledger, row } = await officeWith([mailOf('1', 'bad one')])
  const before = [await ledger(), await row(1), [...world.records.keys()]]
  const answer = await replay({ id: 1, base64: edited('1', 'still bad'), tryOnly: false })
  assert.equal(answer.outcome, 'error')
  assert.match(answer.reason ?? '', /bad/)
  assert.deepEqual([await ledger(), await row(1), [...world.records.keys()], await count(), await requests()], [...before, 1, 0])
  const bug = await replay({ id: 1, base64: edited('1', 'a bug'), tryOnly: false })
  assert.deepEqual([bug.outcome, await count(), (await ledger()).length], ['error', 1, 1])
})

test('a trial stores nothing and explains', async () => {
  const { world, replay, ledger, requests, row } = await officeWith([mailOf('1', 'bad one')])
  const answer = await replay({ id: 1, base64: edited('1', 'good one'), tryOnly: true })
  assert.deepEqual([answer.outcome, answer.request, answer.message?.subject], ['request', null, 'good one'])
  assert.deepEqual([(await ledger()).length, await requests(), (await row(1))?.where, world.contents.size], [1, 0, 'error-folder', 1])
})

test('a copy may become a reply, or be dropped: then too there is nothing left to be done', async () => {
  const { replay, count, row } = await officeWith([mailOf('1', 'fine'), mailOf('2', 'bad two'), mailOf('3', 'bad three')])
  assert.deepEqual((({ outcome, request }) => [outcome, request])(await replay({ id: 1, base64: edited('2', 'Re: ##RE-1##'), tryOnly: false })), ['reply', 1])
  assert.deepEqual((({ outcome, request }) => [outcome, request])(await replay({ id: 2, base64: edited('3', 'spam'), tryOnly: false })), ['dropped', null])
  assert.deepEqual([await count(), (await row(1))?.request, (await row(2))?.request, (await row(2))?.where], [0, 1, null, 'replayed'])
})

test('two records with the same mended text make one request', async () => {
  const { replay, requests, row } = await officeWith([mailOf('1', 'bad one'), mailOf('2', 'bad two')])
  await replay({ id: 1, base64: edited('9', 'good'), tryOnly: false })
  const second = await replay({ id: 2, base64: edited('9', 'good'), tryOnly: false })
  assert.deepEqual([second.outcome, second.request, await requests(), (await row(2))?.where], ['dropped', 1, 1, 'replayed'])
})

test('nothing is replayed twice, not even at once', async () => {
  const { replay, requests } = await officeWith([mailOf('1', 'bad one')])
  const both = await Promise.allSettled([1, 2].map(async (number) => replay({ id: 1, base64: edited('1', `good ${number}`), tryOnly: false })))
  assert.deepEqual([both.map(({ status }) => status).sort(), await requests()], [['fulfilled', 'rejected'], 1])
  await assert.rejects(replay({ id: 1, base64: null, tryOnly: false }), /nothing-to-replay/)
  await assert.rejects(replay({ id: 1, base64: null, tryOnly: true }), /nothing-to-replay/)
  await assert.rejects(replay({ id: 77, base64: null, tryOnly: false }), /not-found/)
})

test('a message that was never downloaded cannot be replayed', async () => {
  const { replay } = await officeWith([mailOf('1', 'x'.repeat(20_000))], { maxMessageSize: 10_000 })
  await assert.rejects(replay({ id: 1, base64: null, tryOnly: false }), /nothing-to-replay/)
  await assert.rejects(replay({ id: 1, base64: edited('1', 'good'), tryOnly: false }), /nothing-to-replay/)
})

test('one that is back in the inbox and not fetched yet: the copy wins, and the mail is recognised', async () => {
  const { server, rig, replay, requeue, requests, count } = await officeWith([mailOf('1', 'bad one')])
  await requeue({ server: 'it', ids: null, workId: workId() })
  assert.equal((await replay({ id: 1, base64: edited('1', 'good one'), tryOnly: false })).outcome, 'request')
  const { result } = await rig.round({ server })
  assert.deepEqual([result.dropped, result.errors, await requests(), await count()], [1, 0, 1, 0])
})

test('a skipped message of POP3 is not fetched again after its copy was taken', async () => {
  const { world, server, rig, replay, requeue, requests } = await officeWith([mailOf('1', 'bad one')], { protocol: 'pop3', afterFetch: 'mark-seen' })
  await replay({ id: 1, base64: edited('1', 'good one'), tryOnly: false })
  await assert.rejects(requeue({ server: 'it', ids: null, workId: workId() }), /server-has-no-folders/, 'there is nothing left to be given back')
  const { result } = await rig.round({ server })
  assert.deepEqual([result.fetched, await requests(), world.mail.inbox.length], [0, 1, 1])
})

test('a commit that fails half-way leaves the record open and makes no request', async () => {
  const { world, server } = await officeWith([mailOf('1', 'bad one')])
  const { database } = world
  const failing: World = { ...world, database: { ...database, transaction: (work) => database.transaction((transaction) => work({ all: transaction.all, run: (sql, parameters) => (sql.startsWith('UPDATE ledger') ? Promise.reject(new Error('the disk is gone')) : transaction.run(sql, parameters)) })) } }
  const { replay } = toolsOf(failing, server)
  await assert.rejects(replay({ id: 1, base64: edited('1', 'good one'), tryOnly: false }), /the disk is gone/)
  const after = toolsOf(world, server)
  assert.deepEqual([await after.requests(), await after.count(), (await after.row(1))?.where], [0, 1, 'error-folder'])
})

test('mail of native mail, of a file, and of a server that is gone is replayed too, each as if it came the same way', async () => {
  const { world, server, rig } = await officeWith([mailOf('1', 'bad one'), mailOf('2', 'bad two'), mailOf('3', 'bad three')])
  const serverIds = [nativeServerId, 0, 77]
  await world.database.transaction(async (transaction) => {
    for (const [index, id] of serverIds.entries()) await transaction.run('UPDATE errors SET server = ? WHERE id = ?', [id, index + 1])
  })
  const seen: (string | null)[] = []
  const watching: Decide = (input) => (seen.push(input.server?.name ?? null), mended(input))
  const { replay, requests } = toolsOf(world, server, watching)
  for (const id of [1, 2, 3]) assert.equal((await replay({ id, base64: null, tryOnly: false })).outcome, 'request')
  assert.deepEqual([seen, await requests(), (await rig.tables.errors.countOpen(world.database, null)).open], [[nativeMailName, null, null], 3, 0])
})
