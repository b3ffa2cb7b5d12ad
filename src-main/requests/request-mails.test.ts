import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { quietCommitNeeds } from '../../testbed/commit-needs.ts'
import { createRig, createWorld, mailOf, testServer } from '../../testbed/fetching-rig.ts'
import type { NewPerson } from '../database/people-table.ts'
import { attachmentBytes } from '../processing/parsing/attachment-bytes.ts'
import { safeHtml } from '../processing/parsing/safe-html.ts'
import { decide } from '../processing/pipeline.ts'
import { createRequests } from './requests.ts'

const rule = (event: string, to: string[], template: object = {}) => ({ name: event, event, to, template: { subject: `${event} {{number}} {{status}}`, text: '{{requester}} wrote: {{message}}', ...template } })
const every = [rule('request-created', ['requester', 'desk@example.com'], { html: '<p>{{subject}}</p><script>x</script>' }), rule('reply-received', ['desk@example.com']), rule('request-closed', ['requester', 'cc', 'technician']), rule('request-reopened', ['requester'])]
const tess: NewPerson = { name: 'Tess', address: 'tess@example.com', user: true, analyst: true, signIn: true, rights: [], format: null, source: 'console', createdAt: '2026-11-20T08:00:00.000Z' }

async function office(given: object = { requestMails: every }) {
  const world = createWorld()
  world.settings = settingsSchema.parse({ processing: { emailCommand: { enabled: true } }, ...given })
  const rig = createRig(world, { decide })
  await world.database.transaction((transaction) => rig.tables.people.insert(transaction, [tess]))
  const woken: number[] = []
  const handedOver: unknown[] = []
  const requests = createRequests({ ...rig, safeHtml, attachmentBytes, settings: async () => world.settings, ...quietCommitNeeds(), handOver: async (_transaction, _settings, happened) => void handedOver.push(...happened), wakeOutbox: () => void woken.push(1), now: () => new Date('2026-11-20T09:00:00Z') })
  const outbox = () => rig.tables.outbox.list(world.database, 100)
  const close = (number: number, status: 'open' | 'closed') => requests.close({ number, status }, { who: 'Ada' })
  return { world, rig, tables: rig.tables, woken, handedOver, outbox, close, fetch: async (...mails: string[]) => (world.mail.deliver(...mails), (await rig.round({ server: testServer() })).result) }
}
const subjects = async (outbox: Awaited<ReturnType<typeof office>>['outbox']): Promise<string[]> => (await outbox()).map(({ to, subject }) => `${to} ${subject}`)

test('a new request puts its mails into the outbox under Message-IDs that are known, as answers to the mail, made safe', async () => {
  const { fetch, outbox, world, tables } = await office()
  await fetch(mailOf('1', 'Help <b>'))
  const mails = await outbox()
  assert.deepEqual(mails.map(({ to, subject, kind, request, inReplyTo, html, state }) => [to, subject, kind, request, inReplyTo, html, state]), ['ann@example.com', 'desk@example.com'].map((to) => [to, 'request-created 1 Open', 'request-mail', 1, '<1@example.com>', '<p>Help &lt;b&gt;</p>', 'waiting']))
  assert.equal(mails[0]?.content, 'Ann wrote: Text of 1.')
  assert.notEqual(mails[0]?.messageId, mails[1]?.messageId)
  assert.deepEqual([...(await tables.answered.countSince(world.database, ['ann@example.com', 'desk@example.com'], '')).entries()], [['ann@example.com', 1]])
})

test('a reply to such a mail finds its request, also of a group that never wrote', async () => {
  const { fetch, outbox } = await office()
  await fetch(mailOf('1', 'Help'))
  const id = (await outbox()).find(({ to }) => to === 'desk@example.com')?.messageId ?? ''
  const answered = await fetch(mailOf('2', 'On my way', [`In-Reply-To: ${id}`]).replace('ann@example.com', 'desk@example.com'))
  assert.deepEqual([answered.replies, answered.requests], [1, 0])
  assert.ok((await subjects(outbox)).includes('desk@example.com reply-received 1 Open'))
})

test('requests of one batch have their own numbers in their mails', async () => {
  const { fetch, outbox } = await office({ requestMails: [rule('request-created', ['desk@example.com'])] })
  await fetch(mailOf('1', 'one'), mailOf('2', 'two'), mailOf('3', 'three'))
  assert.deepEqual((await outbox()).map(({ request, subject, inReplyTo }) => [request, subject, inReplyTo]), [1, 2, 3].map((number) => [number, `request-created ${number} Open`, `<${number}@example.com>`]))
})

test('where the outcome is not committed no mail goes out, and then each goes out once', async () => {
  const { fetch, outbox, tables } = await office()
  const broken = mock.method(tables.ledger, 'add', () => Promise.reject(new Error('a fault')))
  for (let failures = 0; failures < 3; failures++) await fetch(...(failures === 0 ? [mailOf('1', 'Help')] : [])).catch(() => undefined)
  assert.equal((await outbox()).length, 0)
  broken.mock.restore()
  await fetch()
  assert.equal((await outbox()).length, 2)
  await fetch(mailOf('1', 'Help'))
  assert.equal((await outbox()).length, 2)
})

test('a request that is handed over to a help desk is mailed about once', async () => {
  const { fetch, outbox, handedOver, close, rig } = await office()
  await fetch(mailOf('1', 'Help'))
  await close(1, 'closed')
  assert.equal(handedOver.length, 1)
  assert.equal((await outbox()).filter(({ to }) => to === 'ann@example.com').length, 2)
  assert.equal(rig.unexpected.length, 0)
})

test('closing and opening again in the console tell those whom the rules name, with the mail they know', async () => {
  const { fetch, outbox, close, woken, world, tables } = await office({ requestMails: every.slice(2) })
  await fetch(mailOf('1', 'Help', ['Cc: Bo <bo@example.org>, it@example.com']))
  const request = await tables.requests.get(world.database, 1)
  await world.database.transaction((transaction) => tables.requests.change(transaction, 1, { values: { technician: 'Tess' }, status: 'open', requester: request?.requester ?? '' }))
  await close(1, 'closed')
  assert.deepEqual((await outbox()).map(({ to, subject, inReplyTo, request: number, content }) => [to, subject, inReplyTo, number, content]), ['ann@example.com', 'bo@example.org', 'it@example.com', 'tess@example.com'].map((to) => [to, 'request-closed 1 Closed', '<1@example.com>', 1, 'Ann wrote: ']))
  assert.equal(woken.length, 1)
  await close(1, 'closed')
  assert.equal((await outbox()).length, 4)
  await close(1, 'open')
  assert.equal((await subjects(outbox)).at(-1), 'ann@example.com request-reopened 1 Open')
})

test('closing by hand goes on where the mail of the request cannot be read any more, and where nobody is to be told', async () => {
  const { fetch, outbox, close, rig, woken, tables, world } = await office({ requestMails: [rule('request-closed', ['cc'])] })
  await fetch(mailOf('1', 'Help', ['Cc: bo@example.org']))
  mock.method(rig.messages, 'parsed', () => Promise.reject(new ProblemError({ code: 'data-folder-damaged', file: 'pack-1', reason: 'gone' })))
  await assert.rejects(close(2, 'closed'), /not-found/)
  await close(1, 'closed')
  assert.deepEqual([(await outbox()).length, woken.length, (await tables.requests.get(world.database, 1))?.status], [0, 0, 'closed'])
})

test('to somebody whose mail came back nothing goes, nor to anybody more often than is allowed', async () => {
  const { fetch, outbox, close, world, tables } = await office({ requestMails: every, processing: { answers: { mostPerHour: 2 } } })
  await fetch(mailOf('1', 'Help'))
  await world.database.transaction((transaction) => tables.answered.add(transaction, ['ann@example.com'], '2026-11-20T08:59:00.000Z'))
  await close(1, 'closed')
  await close(1, 'open')
  assert.deepEqual((await subjects(outbox)).filter((one) => one.startsWith('ann@')), ['ann@example.com request-created 1 Open'])
  const other = await office()
  await other.fetch(mailOf('1', 'Help'))
  await other.world.database.transaction((transaction) => other.tables.people.markUndeliverable(transaction, ['ann@example.com'], '2026-11-20T08:30:00.000Z'))
  await other.close(1, 'closed')
  assert.deepEqual(await subjects(other.outbox), ['ann@example.com request-created 1 Open', 'desk@example.com request-created 1 Open'])
})

test('nor to a technician whom the request knows by name alone', async () => {
  const { fetch, outbox, world, tables } = await office({ requestMails: [rule('reply-received', ['technician'])] })
  await fetch(mailOf('1', 'Help'))
  await world.database.transaction((transaction) => tables.requests.change(transaction, 1, { values: { technician: 'Tess' }, status: 'open', requester: 'ann@example.com' }))
  await fetch(mailOf('2', 'More', ['In-Reply-To: <1@example.com>']))
  assert.deepEqual(await subjects(outbox), ['tess@example.com reply-received 1 Open'])
  await world.database.transaction((transaction) => tables.people.markUndeliverable(transaction, ['tess@example.com'], '2026-11-20T08:30:00.000Z'))
  await fetch(mailOf('3', 'Even more', ['In-Reply-To: <1@example.com>']))
  assert.equal((await outbox()).length, 1)
})
