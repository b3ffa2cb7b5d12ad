import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import type { Database } from '../database/database.ts'
import { mailTables } from '../database/mail-tables.ts'
import type { TryEnd } from '../database/outbox-table.ts'
import { createOutboxMarks } from './outbox-marks.ts'

const at = '2026-11-20T08:00:00.000Z'
const end = (id: number): TryEnd => ({ id, state: 'sent', tries: 1, nextAt: at, at, server: 'main', through: 'primary', serverSaid: '', problem: null, tried: true })

async function desk(count: number) {
  const real = createMemoryDatabase()
  await real.transaction((transaction) => mailTables.outbox.add(transaction, Array.from({ length: count }, (_, index) => ({ partition: 'IT', to: 'a@example.com', subject: 's', content: 'c', inReplyTo: null, messageId: `<${index}@x>`, request: null, createdAt: at, tries: 0, nextAt: at, problem: null }))))
  const disk = { commits: 0, isFull: false, reported: 0 }
  const database: Database = { ...real, transaction: async (work) => { disk.commits += 1; if (disk.isFull) throw new Error('the disk is full'); return real.transaction(work) } }
  const clock = createHeldClock()
  const marks = createOutboxMarks({ database, tables: mailTables, clock, wire: { vouches: false }, keepsEnded: async () => true, reportUnexpected: () => void (disk.reported += 1) })
  const states = async (): Promise<unknown[]> => (await real.all('SELECT state FROM outbox ORDER BY id')).map(({ state }) => state)
  return { marks, disk, clock, states, real }
}

test('what is asked for together, or while a commit is under way, is one commit', async () => {
  const { marks, disk, states } = await desk(40)
  const ids = Array.from({ length: 40 }, (_, index) => index + 1)
  assert.deepEqual(new Set(await Promise.all(ids.map((id) => marks.begin(id, 'main', 'primary')))), new Set([true]))
  assert.equal(disk.commits, 1)
  await Promise.all([...ids.slice(0, 30).map((id) => marks.end(end(id))), ...ids.slice(30).map((id) => marks.unbegin(id))])
  assert.equal(disk.commits, 2)
  assert.deepEqual(await states(), [...Array.from({ length: 30 }, () => 'sent'), ...Array.from({ length: 10 }, () => 'waiting')])
  assert.equal(await marks.begin(1, 'main', 'primary'), false, 'what was sent does not begin again')
})

test('of a large mail that was sent the pictures go with its end, and with it others are written', async () => {
  const { marks, disk, states, real } = await desk(3)
  await real.transaction((transaction) => mailTables.outbox.add(transaction, [{ partition: 'IT', to: 'a@example.com', subject: 's', content: 'c', html: `<img src="data:image/png;base64,${'A'.repeat(100_000)}">`, inReplyTo: null, messageId: '<large@x>', request: null, createdAt: at, tries: 0, nextAt: at, problem: null }]))
  await Promise.all([2, 4].map((id) => marks.begin(id, 'main', 'primary')))
  await Promise.all([marks.end({ ...end(4), length: 100_033 }), marks.end({ ...end(2), length: 1 }), marks.begin(1, 'main', 'primary')])
  assert.deepEqual([await states(), disk.reported, await real.all('SELECT html FROM outbox_texts WHERE mail = 4'), await real.all('SELECT * FROM shared_texts')], [['sending', 'sent', 'waiting', 'sent'], 0, [{ html: null }], []])
})

test('a full disk: no mail begins, and what was sent is written once there is room', async () => {
  const { marks, disk, clock, states } = await desk(2)
  await marks.begin(1, 'main', 'primary')
  disk.isFull = true
  const written = marks.end(end(1))
  await assert.rejects(marks.begin(2, 'main', 'primary'), /the disk is full/)
  await clock.pass(3_000)
  assert.deepEqual([await states(), disk.reported > 0], [['sending', 'waiting'], true])
  disk.isFull = false
  await clock.pass(2_000)
  await written
  assert.deepEqual(await states(), ['sent', 'waiting'])
})

test('nobody sends on while too much is unwritten', async () => {
  const { marks, disk, clock } = await desk(60)
  disk.isFull = true
  const all = Array.from({ length: 60 }, (_, index) => marks.end(end(index + 1)))
  let hasRoom = false
  const room = marks.room().then(() => (hasRoom = true))
  await clock.pass(1)
  assert.equal(hasRoom, false)
  disk.isFull = false
  await clock.pass(2_000)
  await Promise.all([room, ...all])
  assert.equal(hasRoom, true)
})

test('a mail that is asked for twice begins once, in the same commit, in the same millisecond, and for another server', async () => {
  const { marks, states } = await desk(3)
  assert.deepEqual(await Promise.all([marks.begin(1, 'main', 'primary'), marks.begin(1, 'main', 'primary'), marks.begin(1, 'second', 'primary'), marks.begin(2, 'second', 'primary')]), [true, false, false, true])
  assert.equal(await marks.begin(1, 'second', 'primary'), false)
  assert.deepEqual(await Promise.all([marks.begin(2, 'main', 'primary'), marks.begin(3, 'main', 'primary')]), [false, true])
  assert.deepEqual(await states(), ['sending', 'sending', 'sending'])
})
