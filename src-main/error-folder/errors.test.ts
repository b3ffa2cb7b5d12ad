import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { makesNothing, plainRequest } from '../../testbed/commit-needs.ts'
import { createRig, createWorld, mailOf, testServer, type Rig, type World } from '../../testbed/fetching-rig.ts'
import { attachmentBytes } from '../processing/parsing/attachment-bytes.ts'
import { safeHtml } from '../processing/parsing/safe-html.ts'
import { nativeMailName, nativeServerId } from '../receiving/native-origin.ts'
import { createWorks } from '../work/works.ts'
import { createErrors } from './errors.ts'
import { createRequeue } from './requeue.ts'

const workId = (): string => `work-${Math.random()}`
const filter = { server: null, code: null, query: '', where: null, since: null, until: null, limit: 100, before: null }

async function officeWith(mails: string[], changes: Partial<IncomingServer> = {}) {
  const world = createWorld()
  world.mail.deliver(...mails)
  return officeOf(world, changes)
}
async function officeOf(world: World, changes: Partial<IncomingServer> = {}) {
  const rig = createRig(world)
  const server = testServer(changes)
  const { result } = await rig.round({ server })
  const stored = { id: 1, server, ready: server, issues: [], lastTest: null }
  const sources = { incoming: async () => [stored], incomingNamed: async () => stored }
  const errors = createErrors({ ...rig, sources, safeHtml, attachmentBytes })
  const requeue = createRequeue({ ...rig, sources, works: createWorks(), wake: () => undefined, exclusively: (_id, work) => work() })
  return { world, rig, server, errors, requeue, result }
}
const open = (rig: Rig): Promise<{ open: number; inErrorFolder: number }> => rig.tables.errors.countOpen(rig.database, 1)
const recordCount = (world: World): number => world.records.size

test('lists by cause, filter and page, and shows a record with its message', async () => {
  const { errors } = await officeWith([mailOf('1', 'bad one'), mailOf('2', 'bug two'), mailOf('3', 'bad three'), mailOf('4', 'fine')])
  const all = await errors.list(filter)
  assert.deepEqual(all.rows.map(({ id, subject, where, server }) => [id, subject, where, server]), [[3, 'bad three', 'error-folder', 'it'], [2, 'bug two', 'error-folder', 'it'], [1, 'bad one', 'error-folder', 'it']])
  assert.deepEqual([all.causes, all.total, all.next], [[{ code: 'message-unreadable', count: 2 }, { code: 'unexpected', count: 1 }], 3, null])
  const some = await errors.list({ ...filter, code: 'message-unreadable', limit: 1 })
  assert.deepEqual([some.rows.map(({ id }) => id), some.causes.length, some.total, some.next], [[3], 2, 2, 3])
  assert.deepEqual((await errors.list({ ...filter, code: 'message-unreadable', limit: 1, before: 3 })).rows.map(({ id }) => id), [1])
  assert.deepEqual((await errors.list({ ...filter, query: 'TWO' })).rows.map(({ id }) => id), [2])
  assert.deepEqual((await errors.list({ ...filter, query: '<3@' })).rows.map(({ id }) => id), [3])
  const detail = await errors.show({ id: 2 })
  assert.match(detail.exception, /TypeError: a bug/)
  assert.match(detail.headers, /^Message-Id: <2@example.com>$/im)
  assert.match(detail.raw ?? '', /Text of 2\./)
  assert.deepEqual([detail.problem.code, detail.text.trim(), detail.rawTruncated], ['unexpected', 'Text of 2.', false])
  await assert.rejects(errors.show({ id: 99 }), /not-found/)
})

test('narrows down by place and by time, whatever form the time is written in', async () => {
  const { errors, requeue } = await officeWith([mailOf('1', 'bad one'), mailOf('2', 'bad two')])
  await requeue({ server: 'it', ids: [1], workId: workId() })
  const idsOf = async (more: Partial<typeof filter> | object): Promise<number[]> => (await errors.list({ ...filter, ...more })).rows.map(({ id }) => id)
  assert.deepEqual([await idsOf({ where: 'inbox' }), await idsOf({ where: 'error-folder' }), await idsOf({ where: 'replayed' })], [[1], [2], []])
  const { failedAt } = await errors.show({ id: 1 })
  const [before, after] = [-60_000, 60_000].map((ms) => new Date(Date.parse(failedAt) + ms).toISOString().replace(/\.\d+Z$/, 'Z'))
  assert.deepEqual([await idsOf({ since: before, until: after }), await idsOf({ since: after }), await idsOf({ until: before }), await idsOf({ since: failedAt, until: null })].map((ids) => ids.length), [2, 0, 0, 2])
  const inInbox = await errors.list({ ...filter, where: 'inbox' })
  assert.deepEqual([inInbox.causes, inInbox.total, inInbox.open], [[{ code: 'message-unreadable', count: 1 }], 1, 1], 'what is back in the inbox waits for nobody')
})

test('shows HTML without anything that runs or loads, and gives the message out byte for byte', async () => {
  const html = mailOf('1', 'bad', ['Content-Type: text/html; charset=iso-8859-1']).replace('Text of 1.', '<p onclick="x()">Gr\u00fc\u00dfe<script>alert(1)</script><img src="http://tracker.example/p.png" alt="logo"></p>')
  const { errors, world } = await officeWith([], {})
  const raw = Buffer.from(html, 'latin1')
  world.mail.deliver(raw)
  const { errors: again } = await officeOf(world)
  const detail = await again.show({ id: 1 })
  assert.match(detail.html ?? '', /Grüße/)
  assert.doesNotMatch(detail.html ?? '', /script|onclick|tracker/)
  assert.deepEqual(await errors.source({ id: 1 }), { base64: raw.toString('base64') })
  await assert.rejects(errors.source({ id: 99 }), /not-found/)
})

test('a stored message that is gone does not hide its record', async () => {
  const { errors, rig } = await officeWith([mailOf('1', 'bad')])
  await rig.database.transaction((transaction) => transaction.run('DELETE FROM contents', []))
  const detail = await errors.show({ id: 1 })
  assert.deepEqual([detail.code, detail.raw, detail.html], ['message-unreadable', null, null])
  assert.match(detail.text, /damaged/i)
})

test('requeue of all: back in the inbox, the count is reset, processed again, records of what failed again replaced', async () => {
  const { world, rig, server, requeue, errors } = await officeWith([mailOf('1', 'bad'), mailOf('2', 'bug'), mailOf('3', 'fine')])
  assert.deepEqual(await requeue({ server: 'it', ids: null, workId: workId() }), { moved: 2, missing: 0 })
  assert.deepEqual([world.mail.errorFolder.length, await open(rig)], [0, { open: 0, inErrorFolder: 0 }])
  assert.deepEqual((await errors.list(filter)).rows.map(({ where }) => where), ['inbox', 'inbox'])
  const mended = createRig(world, { decide: (input) => ({ ...rig0(input), ...(input.parsed.content.subject === 'bug' ? { outcome: 'request' as const, problem: null, newRequest: plainRequest } : {}) }) })
  const { result } = await mended.round({ server })
  assert.deepEqual([result.requests, result.errors, result.dropped], [1, 1, 0])
  assert.deepEqual((await errors.list(filter)).rows.map(({ subject, where }) => [subject, where]), [['bad', 'error-folder']])
  assert.deepEqual([await open(rig), recordCount(world)], [{ open: 1, inErrorFolder: 1 }, 1])
})
const rig0 = (input: { parsed: { content: { subject: string } } }) => ({
  ...makesNothing(), outcome: 'error' as const, problem: { code: 'message-unreadable' as const, reason: input.parsed.content.subject }
})

test('requeue of some: one without a Message-ID, and one of two that share theirs, go alone', async () => {
  const without = (text: string): string => mailOf('x', `bad ${text}`).replace(/^Message-ID.*\r\n/, '')
  const { world, requeue, rig, server } = await officeWith([without('first'), without('second'), mailOf('3', 'bad'), mailOf('3', 'bad twin of three')])
  const left = (): string[] => world.mail.errorFolder.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1] ?? '')
  assert.deepEqual(await requeue({ server: 'it', ids: [2], workId: workId() }), { moved: 1, missing: 0 })
  assert.deepEqual(left(), ['bad first', 'bad', 'bad twin of three'])
  assert.deepEqual(await requeue({ server: 'it', ids: [4], workId: workId() }), { moved: 1, missing: 0 })
  assert.deepEqual([left(), await open(rig)], [['bad first', 'bad'], { open: 2, inErrorFolder: 2 }])
  await rig.round({ server })
  assert.deepEqual([left(), (await open(rig)).open], [['bad first', 'bad', 'bad second', 'bad twin of three'], 4])
})

test('requeue of a message that was never downloaded goes by its size', async () => {
  const { world, requeue } = await officeWith([mailOf('1', 'bad'), mailOf('2', 'x'.repeat(20_000))], { maxMessageSize: 10_000 })
  assert.deepEqual(await requeue({ server: 'it', ids: [1], workId: workId() }), { moved: 1, missing: 0 })
  assert.deepEqual(world.mail.errorFolder.map(({ raw }) => raw.includes('Subject: bad')), [true])
})

test('mail that somebody took out of the error folder no longer counts; one of them and all of them are said to be missing', async () => {
  const { world, requeue, rig } = await officeWith([mailOf('1', 'bad'), mailOf('2', 'bad'), mailOf('3', 'bad')])
  world.mail.errorFolder.splice(0, 2)
  assert.deepEqual(await requeue({ server: 'it', ids: [1], workId: workId() }), { moved: 0, missing: 1 })
  assert.deepEqual(await requeue({ server: 'it', ids: null, workId: workId() }), { moved: 1, missing: 1 })
  assert.deepEqual(await open(rig), { open: 0, inErrorFolder: 0 })
})

test('requeue on POP3: a skipped message is processed again where it is; with none there is nothing to give back', async () => {
  const { world, rig, server, requeue } = await officeWith([mailOf('1', 'bad'), mailOf('2', 'fine')], { protocol: 'pop3', afterFetch: 'mark-seen' })
  assert.equal((await rig.round({ server })).result.fetched, 0)
  assert.deepEqual(await requeue({ server: 'it', ids: null, workId: workId() }), { moved: 1, missing: 0 })
  const { result } = await createRig(world, { decide: () => ({ ...makesNothing(), outcome: 'request', newRequest: plainRequest }) }).round({ server })
  assert.deepEqual([result.fetched, result.requests, recordCount(world), (await open(rig)).open], [1, 1, 0, 0])
  await assert.rejects(requeue({ server: 'it', ids: null, workId: workId() }), /server-has-no-folders/)
})

test('a message that was too large is fetched after the limit was raised', async () => {
  const { world, rig, requeue } = await officeWith([mailOf('1', 'x'.repeat(20_000))], { maxMessageSize: 10_000 })
  await requeue({ server: 'it', ids: null, workId: workId() })
  const stillTooLarge = await rig.round({ server: testServer({ maxMessageSize: 10_000 }) })
  assert.deepEqual([stillTooLarge.result.errors, (await world.database.all('SELECT id FROM errors')).length, recordCount(world)], [1, 1, 1])
  await requeue({ server: 'it', ids: null, workId: workId() })
  assert.equal((await rig.round({ server: testServer({ maxMessageSize: 100_000 }) })).result.requests, 1)
})

test('who listens for changes of native mail hears of its records too', async () => {
  const { errors, rig, world } = await officeWith([mailOf('1', 'bad one')])
  await world.database.transaction((transaction) => transaction.run('UPDATE errors SET server = ? WHERE id = 1', [nativeServerId]))
  await errors.delete({ ids: [1] })
  assert.deepEqual(rig.announced.at(-1), { name: 'errors-changed', detail: { server: nativeMailName, count: 0 } })
})

test('deleting takes records away and leaves the mail alone', async () => {
  const { world, rig, server, errors } = await officeWith([mailOf('1', 'bad'), mailOf('2', 'bad')])
  assert.deepEqual(await errors.delete({ ids: [1, 77] }), { deleted: 1 })
  assert.deepEqual([recordCount(world), world.mail.errorFolder.length, (await open(rig)).open], [1, 2, 1])
  world.mail.deliver(mailOf('3', 'bad'))
  await rig.round({ server })
  assert.deepEqual((await errors.list(filter)).rows.map(({ id }) => id), [3, 2])
})
