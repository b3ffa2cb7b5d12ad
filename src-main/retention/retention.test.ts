import assert from 'node:assert/strict'
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { quietCommitNeeds } from '../../testbed/commit-needs.ts'
import { createRetentionOffice, type Mail } from '../../testbed/retention-office.ts'
import { createRequests } from '../requests/requests.ts'

const canary = 'canary-7f3a91'
const withFile = (name: string, more = ''): string =>
  ['From: Ann <ann@example.com>', 'To: it@example.com', `Subject: ${name}`, `Message-ID: <${name}@example.com>`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
    '--b', 'Content-Type: text/plain; charset=utf-8', '', `Text of ${name}. ${more}`, '--b', 'Content-Type: text/plain', `Content-Disposition: attachment; filename=${name}.txt`, '', `${canary} in the file of ${name}`, '--b--', ''].join('\r\n')
const old = '2026-10-01T08:00:00.000Z'
const recent = '2026-11-21T08:00:00.000Z'
const mail = (name: string, receivedAt: string, more: Partial<Mail> & { says?: string } = {}): Mail => ({ raw: withFile(name, more.says), receivedAt, ...more })
type Office = Awaited<ReturnType<typeof createRetentionOffice>>
const open = async (t: TestContext, given: Parameters<typeof createRetentionOffice>[0] = {}): Promise<Office> => {
  const office = await createRetentionOffice(given)
  t.after(() => office.close())
  return office
}
const requestsOf = (office: Office) =>
  createRequests({
    database: office.database, tables: office.tables, messages: office.messages, safeHtml: (html) => ({ html, blocked: false }), attachmentBytes: () => Buffer.from('bytes'),
    settings: async () => office.settings, ...quietCommitNeeds(), wakeOutbox: () => undefined, announce: () => undefined, now: () => new Date(office.time.now)
  })
const code = (wanted: string) => (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === wanted
const clean = (office: Office) => office.retention.cleanUp({ workId: 'work-0001' })

test('after its period the attachments are gone from the disk and the request reads as before', async (t) => {
  const office = await open(t)
  office.settings.retention.originals = 30
  await office.take([mail('one', old), mail('two', recent)])
  const requests = requestsOf(office)
  const before = await requests.entry({ id: 1, remoteContent: false })
  const sealed = await office.sealedBytes((await office.tables.entries.get(office.database, 1))?.content ?? '')
  assert.deepEqual((await office.retention.usage()).removable, { originals: 1, texts: 0, errorRecords: 0 })
  assert.ok((await office.allBytes()).includes(sealed))
  const answer = await clean(office)
  assert.deepEqual([answer.originals, answer.texts, answer.pendingBytes], [1, 0, 0])
  const after = await requests.entry({ id: 1, remoteContent: false })
  const { text, from, to, subject, date, messageId } = before
  assert.partialDeepStrictEqual(after, { text, from, to, subject, date, messageId, originalKept: false, removed: { what: 'original', at: '2026-11-21T12:00:00.000Z' } })
  assert.deepEqual(after.attachments.map(({ name, size }) => [name, size]), before.attachments.map(({ name, size }) => [name, size]))
  for (const wanted of [requests.attachment({ entry: 1, index: 0 }), requests.original({ entry: 1 })]) await assert.rejects(wanted, code('content-removed'))
  assert.equal((await requests.attachment({ entry: 2, index: 0 })).fileName, 'two.txt')
  const { texts, strayBytes } = await office.walk()
  assert.deepEqual([texts.filter((one) => one.includes(`${canary} in the file of one`)).length, texts.filter((one) => one.includes(canary)).length, strayBytes], [0, 1, 0])
  assert.ok(!(await office.allBytes()).includes(sealed))
  assert.deepEqual(office.warnings, [])
  assert.partialDeepStrictEqual(await clean(office), { originals: 0, texts: 0, errorRecords: 0, logLines: 0, pendingBytes: 0 })
  assert.equal((await office.retention.usage()).lastCleanUp?.at, '2026-11-21T12:00:00.000Z')
})

test('texts go altogether, each partition by its own period, and stay gone after opening again', async (t) => {
  const office = await open(t)
  office.settings.retention.texts = 365
  const hr = office.partitions.find(({ name }) => name === 'HR')
  assert.ok(hr)
  hr.retention = { originals: 1, texts: 7, errorRecords: null }
  await office.take([mail('it', old), mail('hr', old, { partition: 'HR', says: 'secret-of-hr' }), mail('new', recent, { partition: 'HR' })])
  const sealed = await office.sealedBytes((await office.tables.entries.get(office.database, 2))?.content ?? '')
  assert.deepEqual([(await clean(office)).texts, (await office.retention.usage()).removable], [1, { originals: 0, texts: 0, errorRecords: 0 }])
  const entry = await requestsOf(office).entry({ id: 2, remoteContent: false })
  assert.deepEqual([entry.text, entry.from, entry.attachments, entry.removed?.what], ['The text was removed on 2026-11-21 by the retention period.', null, [], 'text'])
  assert.deepEqual((await requestsOf(office).show({ number: 2 })).subject, 'hr')
  const { texts, strayBytes } = await office.walk()
  assert.deepEqual([texts.some((text) => text.includes('secret-of-hr')), texts.length, strayBytes], [false, 2, 0])
  assert.ok(!(await office.allBytes()).includes(sealed))
  await office.close(true)
  const again = await open(t, { folder: office.folder })
  await again.retention.begin()
  assert.equal((await requestsOf(again).entry({ id: 1, remoteContent: false })).text.includes('Text of it'), true)
})

test('error records go with file, message and row; a message that somebody else needs stays', async (t) => {
  const office = await open(t)
  office.settings.retention.errorRecords = 30
  await office.take([mail('shared', recent)])
  await office.fail(mail('shared', old), 'subject-of-the-shared')
  await office.fail(mail('broken', old), 'subject-of-the-broken')
  const kept = await office.fail(mail('fresh', recent), 'fresh')
  const sealed = await office.sealedBytes((await office.tables.errors.get(office.database, 2))?.content ?? '')
  assert.equal((await office.retention.usage()).removable.errorRecords, 2)
  const answer = await clean(office)
  assert.deepEqual([answer.errorRecords, (await office.tables.errors.all(office.database, null)).map(({ id }) => id)], [2, [kept]])
  assert.ok(answer.freedBytes > 0)
  assert.equal((await readdir(join(office.folder, 'errors'))).length, 1)
  assert.ok((await office.walk()).texts.some((text) => text.includes('file of shared')))
  assert.ok(!(await office.walk()).texts.some((text) => text.includes('file of broken')))
  assert.ok(!(await office.allBytes()).includes(sealed))
})

test('what deletions and crashes left behind is found: contents without a row that needs them, bytes without a content', async (t) => {
  const office = await open(t)
  await office.take([mail('kept', recent)])
  const id = await office.fail(mail('deleted', recent), 'deleted')
  await office.database.transaction((transaction) => office.tables.errors.delete(transaction, [id]))
  await clean(office)
  assert.deepEqual([(await office.walk()).texts.length, (await office.walk()).strayBytes], [1, 0])
  // Taken in and never committed, as after a kill: nothing is known of it but that its pack is longer than it should be.
  await office.intake.take([Buffer.from(mail('never-committed', recent).raw)])
  assert.ok((await office.walk()).strayBytes > 0)
  await office.close(true)
  const again = await open(t, { folder: office.folder })
  await again.retention.begin()
  // The newest pack is written anew as well: the time of grace is over at the next start, or here at once.
  await clean(again)
  assert.deepEqual([(await again.walk()).strayBytes, (await again.walk()).texts.length, again.warnings], [0, 1, []])
})

test('a message that is committed while its pack is written anew is copied before the pack goes', async (t) => {
  const office = await open(t, { graceMs: 900_000 })
  await office.retention.begin()
  office.settings.retention.texts = 30
  await office.take([mail('old', old)])
  const [late] = await office.intake.take([Buffer.from(mail('late', recent).raw)])
  assert.ok(late)
  const answer = await clean(office)
  assert.ok(answer.pendingBytes > 0)
  await office.database.transaction((transaction) => office.tables.contents.add(transaction, [late.stored]))
  await office.database.transaction((transaction) => office.tables.entries.add(transaction, [{ id: 9, request: 1, kind: 'reply', content: late.stored.address, receivedAt: recent, steps: [], stripped: [], originalKept: false }]))
  assert.equal((await office.messages.raw(late.stored.address)).toString(), withFile('late'))
  office.time.now += 899_000
  const timer = office.timers.find(({ at }) => at <= office.time.now + 1_000)
  office.time.now += 1_000
  timer?.work()
  while (!(await readdir(office.contentFolder)).every((name) => name !== 'pack-000001')) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal((await office.messages.raw(late.stored.address)).toString(), withFile('late'))
  // The same message again is not said to lie where it lay.
  const [again] = await office.intake.take([Buffer.from(mail('late', recent).raw)])
  assert.notEqual(again?.stored.place.pack, 1)
  assert.deepEqual(office.warnings, [])
})

test('a message that waits for its commit while the clock jumps is refused and taken anew, never lost in a file that went', async (t) => {
  const office = await open(t, { graceMs: 900_000 })
  await office.retention.begin()
  office.settings.retention.texts = 30
  await office.take([mail('old', old)])
  const late = Buffer.from(mail('late', recent).raw)
  const [waiting] = await office.intake.take([late])
  assert.ok(waiting)
  await clean(office)
  office.time.now += 365 * 86_400_000
  for (const { work } of office.timers.filter(({ at }) => at <= Date.parse('2026-11-21T12:15:00Z'))) work()
  while ((await readdir(office.contentFolder)).includes('pack-000001')) await new Promise((resolve) => setTimeout(resolve, 10))
  const commit = (stored: typeof waiting.stored) => office.database.transaction((transaction) => office.tables.contents.add(transaction, [stored]))
  await assert.rejects(commit(waiting.stored), code('content-gone'))
  const [again] = await office.intake.take([late])
  assert.ok(again)
  await commit(again.stored)
  assert.equal((await office.messages.raw(again.stored.address)).toString(), withFile('late'))
  assert.deepEqual(office.warnings, [])
})

test('a clock that jumps by a year takes no mail away by itself for a day; by hand it goes at once', async (t) => {
  const office = await open(t)
  office.settings.retention.texts = 30
  await office.take([mail('one', recent)])
  await clean(office)
  await office.retention.begin()
  const nextDay = async (): Promise<void> => {
    const due = office.timers.splice(0).sort((one, other) => one.at - other.at)
    office.events.length = 0
    office.time.now = Math.max(office.time.now, due[0]?.at ?? 0)
    for (const { work } of due) work()
    while (!office.events.some(([name]) => name === 'storage-changed') || office.timers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const removable = async (): Promise<number> => (await office.retention.usage()).removable.texts
  office.time.now += 365 * 86_400_000
  await nextDay()
  assert.deepEqual([await removable(), office.warnings.length], [1, 1])
  assert.match(office.warnings[0] ?? '', /last clean-up was on 2026-11-21; 1 messages and records/)
  await nextDay()
  assert.equal(await removable(), 0)
  await office.take([mail('two', '2027-11-22T00:00:00.000Z')])
  office.time.now += 365 * 86_400_000
  assert.equal((await clean(office)).texts, 1)
})

test('a message that cannot be read for now keeps its text, and loses its attachments once it can', async (t) => {
  const office = await open(t)
  office.settings.retention.originals = 30
  await office.take([mail('one', old)])
  await office.intake.close()
  const [pack, aside] = [join(office.contentFolder, 'pack-000001'), join(office.folder, 'aside')]
  await rename(pack, aside)
  assert.partialDeepStrictEqual(await clean(office), { originals: 0, texts: 0 })
  assert.match(office.warnings.join(), /1 messages could not be read and were left as they are: entries 1/)
  await rename(aside, pack)
  assert.partialDeepStrictEqual(await clean(office), { originals: 1, texts: 0 })
  assert.match((await requestsOf(office).entry({ id: 1, remoteContent: false })).text, /Text of one/)
})

test('it can be cancelled, and goes on with the next one; two at once are refused', async (t) => {
  const office = await open(t)
  office.settings.retention.originals = 30
  await office.take(Array.from({ length: 120 }, (_, index) => mail(`m${index}`, old)))
  const first = clean(office)
  await assert.rejects(office.retention.cleanUp({ workId: 'work-0002' }), code('already-running'))
  office.works.cancel('work-0001')
  await assert.rejects(first, code('cancelled'))
  const left = (await office.retention.usage()).removable.originals
  assert.ok(left > 0)
  assert.equal((await clean(office)).originals, left)
  assert.deepEqual([(await office.walk()).strayBytes, (await office.walk()).texts.some((text) => text.includes(canary))], [0, false])
})

test('rows that were deleted are in no file of the database', async (t) => {
  const office = await open(t)
  office.settings.retention.errorRecords = 30
  await office.fail(mail('gone', old), 'subject-canary-of-the-error')
  await clean(office)
  await office.close(true)
  const { openSql } = await import('../database/load-sql.ts')
  const { readSnapshot } = await import('../database/snapshot.ts')
  const { databaseKey } = await import('../database/file-keys.ts')
  const { listFiles, fileHeadLength, segmentFile } = await import('../database/database-files.ts')
  const { replaySegment } = await import('../database/journal.ts')
  const folder = join(office.folder, 'database')
  const key = databaseKey(Buffer.alloc(32, 9))
  const { snapshots, segments } = listFiles(folder)
  assert.equal(snapshots.length, 1)
  const plain = Buffer.from(readSnapshot(key, folder, snapshots[0] ?? 0))
  assert.ok(!plain.includes('subject-canary'))
  for (const segment of segments) replaySegment(key, segmentFile(folder, segment), true, (_, record) => assert.ok(!record.includes('subject-canary')))
  assert.ok(fileHeadLength > 0 && openSql)
})

test('old lines leave both log files, what belongs to them too', async (t) => {
  const office = await open(t)
  const logs = join(office.folder, 'logs')
  await mkdir(logs)
  await writeFile(join(logs, 'mailroom.1.log'), '2026-09-01T00:00:00.000Z one\n2026-09-02T00:00:00.000Z error: two\n    at somewhere\n')
  await writeFile(join(logs, 'mailroom.log'), '2026-10-01T00:00:00.000Z three\n  more\n2026-11-20T00:00:00.000Z four\n  of four\n')
  assert.equal((await clean(office)).logLines, 5)
  assert.deepEqual([await readdir(logs), await readFile(join(logs, 'mailroom.log'), 'utf8')], [['mailroom.log'], '2026-11-20T00:00:00.000Z four\n  of four\n'])
})
