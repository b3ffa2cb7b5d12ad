import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { answeredTable } from './answered-table.ts'
import { type NewMail, outboxTable, type StoredMail } from './outbox-table.ts'
import { sentTable } from './sent-table.ts'
import { sharedTexts } from './shared-texts.ts'
import { threadsTable } from './threads-table.ts'

const mail = (messageId: string, nextAt: string, more: Partial<StoredMail> = {}): Omit<StoredMail, 'id'> => ({
  partition: 'IT', to: 'ann@example.com', subject: 'Your request', content: 'Hello\nAnn', inReplyTo: '<m@example.com>', messageId, request: 7, createdAt: '2026-11-20T08:00:00.000Z', tries: 0, nextAt, problem: null, state: 'waiting', kind: 'acknowledgement', wantedServer: null, html: null, priority: false, begunAt: null, endedAt: null, termFrom: '2026-11-20T08:00:00.000Z', server: null, through: null, serverSaid: '', ...more
})

test('mail comes out of the outbox as it went in, oldest first, when its time has come', async () => {
  const database = createMemoryDatabase()
  const later = mail('<3@x>', '2026-11-20T10:00:00.000Z', { request: null, inReplyTo: null, tries: 2, problem: { code: 'outgoing-blocked', server: 'main' } })
  await database.transaction((transaction) => outboxTable.add(transaction, [mail('<1@x>', '2026-11-20T09:00:00.000Z'), mail('<2@x>', '2026-11-20T08:00:00.000Z'), later]))
  const due = (now: string, limit = 10) => outboxTable.dueIds(database, { now, farthest: '9999' }, null, limit)
  assert.deepEqual([await due('2026-11-20T07:59:59.999Z'), await due('2026-11-20T08:00:00.000Z'), await due('2026-11-20T09:30:00.000Z'), await due('2026-11-20T09:30:00.000Z', 1)], [[], [2], [1, 2], [1]])
  assert.deepEqual((await outboxTable.list(database, 10))[2], { ...later, id: 3 })
})

test('a mail that failed waits, all can be tried at once, and what was sent is gone', async () => {
  const database = createMemoryDatabase()
  await database.transaction((transaction) => outboxTable.add(transaction, [mail('<1@x>', '2026-11-20T08:00:00.000Z'), mail('<2@x>', '2026-11-20T08:00:00.000Z')]))
  const due = () => outboxTable.dueIds(database, { now: '2026-11-20T09:00:00.000Z', farthest: '9999' }, null, 10)
  await database.transaction((transaction) => outboxTable.end(transaction, [{ id: 1, state: 'waiting', tries: 1, nextAt: '2026-11-21T08:00:00.000Z', at: '2026-11-20T08:00:00.000Z', server: null, through: null, serverSaid: '', problem: { code: 'no-outgoing-server' }, tried: false }]))
  assert.deepEqual(await due(), [2])
  assert.deepEqual((await outboxTable.list(database, 1)).map(({ tries, nextAt, problem }) => ({ tries, nextAt, problem })), [{ tries: 1, nextAt: '2026-11-21T08:00:00.000Z', problem: { code: 'no-outgoing-server' } }])
  await database.transaction((transaction) => outboxTable.retryAllNow(transaction, '2026-11-20T09:00:00.000Z'))
  assert.deepEqual(await due(), [1, 2])
  await database.transaction((transaction) => outboxTable.delete(transaction, [1]))
  assert.deepEqual((await outboxTable.list(database, 10)).map(({ id }) => id), [2])
})

test('what we sent is known by its Message-ID, and by no other table’s', async () => {
  const database = createMemoryDatabase()
  const at = '2026-11-20T08:00:00.000Z'
  await database.transaction(async (transaction) => {
    await sentTable.add(transaction, [{ messageId: '<1@x>', request: 7, recipient: 'ann@example.com', at }, { messageId: '<2@x>', request: null, recipient: 'bob@example.com', at }])
    await sentTable.add(transaction, [{ messageId: '<1@x>', request: 8, recipient: 'other@example.com', at }])
    await threadsTable.add(transaction, [{ messageId: '<3@x>', request: 9 }])
  })
  assert.deepEqual([...(await sentTable.of(database, ['<1@x>', '<2@x>', '<3@x>']))], [['<1@x>', { request: 7, recipient: 'ann@example.com' }], ['<2@x>', { request: null, recipient: 'bob@example.com' }]])
  assert.deepEqual([...(await threadsTable.requestsOf(database, ['<1@x>', '<3@x>']))], [['<3@x>', [9]]])
})

test('answers are counted for each recipient and each domain, whatever the case, since a moment, until they are forgotten', async () => {
  const database = createMemoryDatabase()
  const add = (at: string, ...recipients: string[]) => database.transaction((transaction) => answeredTable.add(transaction, recipients, at))
  await add('2026-11-20T08:00:00.000Z', 'Ann@example.com', 'bob@example.com')
  await add('2026-11-20T09:00:00.000Z', 'ann@EXAMPLE.com', 'ann@example.com')
  const count = async (since: string) => Object.fromEntries(await answeredTable.countSince(database, ['ANN@example.com', 'ann@example.com', 'bob@example.com', 'cy@example.com', '@example.com', '@other.example.com'], since))
  assert.deepEqual(await count('2026-11-20T08:00:00.000Z'), { 'ann@example.com': 3, 'bob@example.com': 1, '@example.com': 4 })
  assert.deepEqual(await count('2026-11-20T08:00:00.001Z'), { 'ann@example.com': 2, '@example.com': 2 })
  await database.transaction((transaction) => answeredTable.forgetBefore(transaction, '2026-11-20T09:00:00.000Z'))
  assert.deepEqual(await count(''), { 'ann@example.com': 2, '@example.com': 2 })
})

test('the words of a code go when it was sent or refused, by a try or a person, and without them it is not sent again', async () => {
  const database = createMemoryDatabase()
  const at = '2026-11-20T08:00:00.000Z'
  await database.transaction((transaction) => outboxTable.add(transaction, [mail('<1@x>', at, { kind: 'code' }), mail('<2@x>', at, { kind: 'code' }), mail('<3@x>', at, { kind: 'code', state: 'uncertain' }), mail('<4@x>', at)]))
  const end = { tries: 1, nextAt: at, at, server: 'main', through: 'primary' as const, serverSaid: '250', problem: null, tried: true }
  await database.transaction((transaction) => outboxTable.end(transaction, [{ ...end, id: 1, state: 'sent' }, { ...end, id: 2, state: 'waiting' }, { ...end, id: 4, state: 'refused' }]))
  const words = async () => (await database.all<{ content: string }>('SELECT content FROM outbox_texts ORDER BY mail')).map(({ content }) => content)
  assert.deepEqual(await words(), ['', 'Hello\nAnn', 'Hello\nAnn', 'Hello\nAnn'])
  await database.transaction((transaction) => outboxTable.end(transaction, [{ ...end, id: 2, state: 'refused', problem: { code: 'no-outgoing-server' } }]))
  assert.equal((await words())[1], '')
  await database.transaction((transaction) => outboxTable.arrived(transaction, [3], at))
  assert.equal((await words())[2], '')
  assert.equal(await database.transaction((transaction) => outboxTable.waitNow(transaction, [1, 2, 3, 4], at, ['sent', 'refused'])), 1)
})

test('begun is what waited, a try writes its end and its line, and what is under way is not cancelled', async () => {
  const database = createMemoryDatabase()
  const at = '2026-11-20T08:00:00.000Z'
  await database.transaction((transaction) => outboxTable.add(transaction, ['<1@x>', '<2@x>', '<3@x>', '<4@x>', '<5@x>'].map((id, index) => mail(id, at, index === 3 ? { state: 'held' } : {}))))
  const begun = await database.transaction((transaction) => outboxTable.begin(transaction, { ids: [1, 2, 4, 99], at, server: 'main', through: 'primary' }))
  assert.deepEqual([...begun], [1, 2])
  assert.deepEqual(await database.transaction((transaction) => outboxTable.cancel(transaction, [1, 3, 4], ['waiting', 'sending', 'held'])), { cancelled: 2, tooLate: 1 })
  const end = { tries: 1, nextAt: at, at, server: 'main', through: 'primary' as const, tried: true }
  await database.transaction((transaction) => outboxTable.end(transaction, [{ ...end, id: 1, state: 'sent', serverSaid: '250 taken', problem: null }, { ...end, id: 2, state: 'waiting', serverSaid: '', problem: { code: 'no-outgoing-server' } }, { ...end, id: 5, state: 'refused', server: null, through: null, serverSaid: '', problem: null, tried: false }]))
  const rows = await outboxTable.some(database, [1, 2, 3, 4, 5])
  assert.deepEqual(rows.map(({ id, state, tries, endedAt, begunAt, server, serverSaid, problem, bytes }) => [id, state, tries, endedAt, begunAt, server, serverSaid, problem?.code ?? null, bytes]), [[1, 'sent', 1, at, null, 'main', '250 taken', null, 9], [2, 'waiting', 1, null, null, 'main', '', 'no-outgoing-server', 9], [5, 'refused', 1, at, null, null, '', null, 9]])
  assert.deepEqual(await outboxTable.triesOf(database, 2, 50), [{ at, server: 'main', through: 'primary', problem: { code: 'no-outgoing-server' } }])
  assert.deepEqual(await database.all('SELECT mail FROM outbox_tries ORDER BY mail'), [{ mail: 1 }, { mail: 2 }])
})

test('a page holds what was asked for: a state, a server, words that stand for themselves', async () => {
  const database = createMemoryDatabase()
  const at = '2026-11-20T08:00:00.000Z'
  await database.transaction((transaction) => outboxTable.add(transaction, [mail('<1@x>', at, { subject: '100 % done' }), mail('<2@x>', at, { partition: 'HR', to: 'Bob@example.com' }), mail('<3@x>', at, { state: 'sent', server: 'other', request: 8 }), mail('<4@x>', at, { wantedServer: 'other' }), mail('<5_5@x>', at, { state: 'refused', server: 'main', request: 8 })]))
  const ask = async (more: object): Promise<unknown> => {
    const { mails, total } = await outboxTable.page(database, { state: null, lane: null, request: null, query: '', before: null, limit: 2, ...more })
    return [mails.map(({ id }) => id), total]
  }
  assert.deepEqual([await ask({}), await ask({ before: 4 }), await ask({ state: 'sent' }), await ask({ lane: { server: 'other', partitions: ['HR'] } }), await ask({ lane: { server: 'main', partitions: ['IT'] } })], [[[5, 4], 4], [[2, 1], 4], [[3], 1], [[4, 2], 2], [[5, 1], 2]])
  assert.deepEqual([await ask({ query: 'bob@' }), await ask({ query: '0 %' }), await ask({ query: '5_5' }), await ask({ query: '%' })], [[[2], 1], [[1], 1], [[5], 1], [[1], 1]])
  assert.deepEqual([await ask({ request: 8 }), await ask({ request: 8, state: 'refused' }), await ask({ request: 9 })], [[[5, 3], 2], [[5], 1], [[], 0]], 'of a request what was sent is asked for too')
  assert.match(JSON.stringify(await database.all('EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE request = 8 ORDER BY id DESC')), /outbox_by_request/)
})

test('of what was sent the pictures go at once, not after days: a memory full of one logo is no outbox', async () => {
  const database = createMemoryDatabase()
  const at = '2026-11-20T08:00:00.000Z'
  const large = `<p>Hello</p><img src="data:image/png;base64,${'A'.repeat(30_000)}">`
  await database.transaction((transaction) => outboxTable.add(transaction, [mail('<1@x>', at, { html: large }), mail('<2@x>', at, { html: '<p>Hello</p>' }), mail('<3@x>', at, { html: large }), mail('<4@x>', at, { html: large, state: 'uncertain' })]))
  const ended = (id: number, state: 'sent' | 'refused') => ({ id, state, tries: 1, nextAt: at, at, server: 'main', through: 'primary' as const, serverSaid: '250', problem: null, tried: true })
  await database.transaction(async (transaction) => {
    await outboxTable.end(transaction, [ended(1, 'sent'), ended(2, 'sent'), ended(3, 'refused')])
    await outboxTable.arrived(transaction, [4], at)
  })
  const kept = await Promise.all([1, 2, 3, 4].map((id) => outboxTable.find(database, id)))
  assert.deepEqual(kept.map((one) => [one?.content, one?.html]), [['Hello\nAnn', null], ['Hello\nAnn', '<p>Hello</p>'], ['Hello\nAnn', large], ['Hello\nAnn', null]])
})

test('pictures of a mail to fifty are stored once, come back letter by letter, and go with the last mail that has them', async () => {
  const database = createMemoryDatabase()
  const at = '2026-11-20T08:00:00.000Z'
  const [logo, sign] = ['A', 'B'].map((letter) => `data:image/png;base64,${letter.repeat(100_000)}`)
  const htmlFor = (number: number): string => `<p>Hello ${number % 2}</p><img src="${logo}"><img src="${sign}"><!--\u0001${'0'.repeat(64)}\u0002-->`
  const shown = (number: number): string => htmlFor(number).replace('\u0001', '')
  const stored = async (table: string, column: string): Promise<number> => (await database.all<{ size: number | null }>(`SELECT SUM(LENGTH(${column})) AS size FROM ${table}`))[0]?.size ?? 0
  await database.transaction((transaction) => outboxTable.add(transaction, Array.from({ length: 50 }, (_, index) => mail(`<${index + 1}@x>`, at, { html: htmlFor(index + 1) }))))
  assert.ok((await stored('outbox_texts', 'html')) < 50 * 500, 'the mails hold no picture')
  assert.equal(await stored('shared_texts', 'content'), 200_044)
  const ids = Array.from({ length: 50 }, (_, index) => index + 1)
  for (const read of [await outboxTable.mails(database, ids), await outboxTable.list(database, 50), [await outboxTable.find(database, 1), await outboxTable.find(database, 2)]])
    for (const [index, one] of read.entries()) assert.equal(one?.html, shown(index + 1))
  assert.equal((await outboxTable.some(database, [1]))[0]?.bytes, htmlFor(1).length + 'Hello\nAnn'.length)

  await database.transaction(async (transaction) => {
    await transaction.run(`UPDATE outbox SET state = 'uncertain' WHERE id = 50`)
    await outboxTable.end(transaction, ids.slice(0, 30).map((id) => ({ id, state: 'sent' as const, tries: 1, nextAt: at, at, server: 'main', through: 'primary' as const, serverSaid: '250', problem: null, tried: true })))
    await outboxTable.arrived(transaction, [50], at)
    await outboxTable.delete(transaction, ids.slice(30, 48))
  })
  assert.deepEqual((await Promise.all([1, 50].map((id) => outboxTable.find(database, id)))).map((one) => [one?.state, one?.html, one?.content]), [['sent', null, 'Hello\nAnn'], ['sent', null, 'Hello\nAnn']])
  assert.deepEqual((await outboxTable.some(database, [1, 50])).map(({ bytes }) => bytes), [9, 9])
  assert.equal((await outboxTable.find(database, 49))?.html, shown(49))
  await database.transaction(async (transaction) => {
    await transaction.run('INSERT INTO settings (id, document) VALUES (1, ?)', [await sharedTexts.shorten(transaction, JSON.stringify({ sign }))])
    await outboxTable.cancel(transaction, [49], ['waiting'])
  })
  assert.equal(await stored('shared_texts', 'content'), 100_022, 'the settings have one of them')
})

test('a number is given to one mail only, also when the newest was taken out: what is still to be written of it must not meet another', async () => {
  const database = createMemoryDatabase()
  const mailTo = (to: string): NewMail => ({ partition: 'IT', to, subject: 's', content: 'c', inReplyTo: null, messageId: `<${to}>`, request: null, createdAt: '2026-11-20T08:00:00.000Z', tries: 0, nextAt: '2026-11-20T08:00:00.000Z', problem: null })
  await database.transaction((transaction) => outboxTable.add(transaction, [mailTo('a@example.com'), mailTo('b@example.com')]))
  await database.transaction((transaction) => outboxTable.cancel(transaction, [2], ['waiting']))
  await database.transaction((transaction) => outboxTable.add(transaction, [mailTo('c@example.com')]))
  await database.transaction((transaction) => outboxTable.end(transaction, [{ id: 2, state: 'refused', tries: 1, nextAt: '', at: '2026-11-20T08:00:01.000Z', server: 'main', through: 'primary', serverSaid: '', problem: null, tried: true }]))
  assert.deepEqual((await outboxTable.list(database, 9)).map(({ id, to, state }) => [id, to, state]), [[1, 'a@example.com', 'waiting'], [3, 'c@example.com', 'waiting']])
})
