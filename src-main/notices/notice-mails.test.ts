import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsOf } from '#contract/problem-words.ts'
import type { NoticeKind } from '#contract/notice.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { createNoticing } from '../../testbed/noticing.ts'
import { mailTables } from '../database/mail-tables.ts'

const minuteMs = 60_000
function createOffice(database = createMemoryDatabase(), alerts: object = {}, clock = createHeldClock()) {
  const logged: string[] = []
  const settings = settingsSchema.parse({ alerts: { applicationErrors: { enabled: true, to: ['admin@example.com'] }, ...alerts } })
  let isFailing = false
  const noticing = createNoticing({ database, clock, settings: async () => (isFailing ? Promise.reject(new Error('no settings')) : settings), logWarning: (text) => logged.push(text) })
  noticing.noticeMails.begin()
  const lost = (server: string, kind: NoticeKind = 'connectivity-lost') => noticing.notify.ring({ kind, server, text: `${kind} ${server}.`, problem: null })
  return { ...noticing, logged, clock, database, settings, lost, fails: (failing: boolean) => void (isFailing = failing) }
}

test('ten thousand messages that fail within an hour make five mails, with counts and the newest cases', async () => {
  const { tell, mails, clock, bell } = createOffice()
  for (let round = 0; round < 100; round++) {
    await tell.messagesFailed(testServer(), Array.from({ length: 100 }, (_, index) => ({ subject: `mail ${round * 100 + index}`, from: 'ann@example.com', problem: { code: 'message-empty' } })))
    await clock.pass(36_000)
  }
  await clock.pass(1)
  assert.ok(mails.length <= 5, `${mails.length} mails`)
  assert.match(mails[1]?.subject ?? '', /^Mailroom: mail of “it” could not be processed, \d+ times from 2026-11-20 08:00 UTC to 2026-11-20 08:\d\d UTC$/)
  assert.match(mails[1]?.content ?? '', /- "mail \d+" from ann@example\.com: The message is empty\.\nand \d+ more\n/)
  await clock.pass(16 * minuteMs)
  const told = mails.map(({ subject }) => Number(/(\d+) times/.exec(subject)?.[1] ?? 100)).reduce((sum, one) => sum + one, 0)
  assert.equal(told, 10_000)
  assert.deepEqual((await bell.list()).notices.map(({ kind, repeats }) => [kind, repeats]), [['message-failed', 9_999]])
})

test('what hostile mail is called forges no line, turns no text and fills no mail', async () => {
  const { tell, mails, notify, clock } = createOffice(undefined, { rules: [{ name: 'r', to: ['admin@example.com'], events: ['attachments-stripped'], servers: [] }] })
  const subject = `x\r\nBcc: all@example.com\r\n\r\n- "forged" \u202egnp.exe \u2066${'y'.repeat(100_000)}`
  await tell.messagesFailed(testServer(), [{ subject, from: subject, problem: { code: 'message-empty' } }])
  const title = wordsOf({ code: 'attachments-stripped', names: Array.from({ length: 20 }, () => subject), from: subject }).title
  for (let turn = 0; turn < 30; turn++) await notify.ring({ kind: 'attachments-stripped', server: 'it', text: title, problem: null, mail: { cases: [title] } })
  await clock.pass(16 * minuteMs)
  assert.equal(mails.length, 3)
  for (const mail of mails) {
    assert.doesNotMatch(mail.subject + mail.content, /[\r\u202e\u2066]|^Bcc:|^- "forged"/m)
    assert.ok(mail.subject.length < 400 && mail.content.length < 10_000, `${mail.subject.length} ${mail.content.length}`)
  }
})

test('a server that is lost and back every minute makes a mail of each, and then one in a quarter of an hour', async () => {
  const { tell, mails, clock, bell } = createOffice()
  for (let minute = 0; minute < 60; minute++) {
    if (minute % 2 === 0) await tell.connectivityLost(testServer(), { code: 'host-unreachable', host: 'h', port: 1 }, 5)
    else await tell.connectivityBack(testServer(), null)
    await clock.pass(minuteMs)
  }
  assert.ok(mails.length <= 6, `${mails.length} mails`)
  assert.deepEqual(mails.slice(0, 2).map(({ subject }) => subject), ['Mailroom: no mail from “it”', 'Mailroom: mail from “it” again'])
  assert.match(mails[2]?.subject ?? '', /^Mailroom: 1[34] notices of it$/)
  assert.match(mails[2]?.content ?? '', /No mail from “it”, \d times from .*\n {2}Fetching from “it” failed/)
  assert.equal((await bell.list()).unread, 2)
})

test('fifty servers that are lost at once make five mails and one about the rest', async () => {
  const { mails, clock, lost } = createOffice()
  for (let index = 0; index < 50; index++) await lost(`server ${index}`)
  assert.equal(mails.length, 5)
  await clock.pass(15 * minuteMs)
  assert.equal(mails.length, 6)
  assert.equal(mails[5]?.subject, 'Mailroom: 45 notices of server 10, server 11, server 12 and 42 more')
  for (let index = 5; index < 50; index++) assert.ok(mails[5].content.includes(`connectivity-lost server ${index}.`), `server ${index}`)
  await clock.pass(3_600_000)
  assert.equal(mails.length, 6)
})

test('what happens to another server, or is of another kind, is told at once; after the time is over it is told at once again', async () => {
  const { mails, clock, lost } = createOffice()
  await lost('it')
  await lost('hr')
  await lost('it', 'error-folder-full')
  await lost('it')
  assert.equal(mails.length, 3)
  await clock.pass(15 * minuteMs)
  assert.equal(mails.length, 4)
  await clock.pass(16 * minuteMs)
  await lost('it')
  assert.equal(mails.length, 5)
})

test('what is held back outlives a restart: it is told when its time is over, or at the start where that is past', async () => {
  const database = createMemoryDatabase()
  const first = createOffice(database)
  await first.lost('it')
  await first.lost('it')
  await first.noticeMails.close()
  const early = createOffice(database, {}, createHeldClock(Date.parse('2026-11-20T08:05:00Z')))
  await early.clock.pass(9 * minuteMs)
  assert.equal(early.mails.length, 0)
  await early.noticeMails.close()
  const late = createOffice(database, {}, createHeldClock(Date.parse('2026-11-20T20:00:00Z')))
  await late.clock.pass(0)
  assert.deepEqual(late.mails.map(({ subject }) => subject), ['Mailroom: connectivity-lost it'])
  assert.equal((await mailTables.outbox.list(database, 10)).length, 2)
})

test('a clock that is put back holds nothing back for long', async () => {
  const database = createMemoryDatabase()
  const first = createOffice(database, {}, createHeldClock(Date.parse('2027-11-20T08:00:00Z')))
  await first.lost('it')
  await first.noticeMails.close()
  const second = createOffice(database)
  await second.lost('it')
  assert.equal(second.mails.length, 1)
})

test('while a notification cannot be sent no more are piled up behind it; then one tells the rest', async () => {
  const { mails, clock, lost, database } = createOffice()
  await lost('it')
  const [stuck] = await mailTables.outbox.list(database, 1)
  assert.ok(stuck)
  await database.transaction((transaction) => mailTables.outbox.end(transaction, [{ id: stuck.id, state: 'waiting', tries: 3, nextAt: '2026-11-21T00:00:00Z', at: '2026-11-20T00:00:00Z', server: null, through: null, serverSaid: '', problem: { code: 'no-outgoing-server' }, tried: false }]))
  for (let hour = 0; hour < 24; hour++) {
    await lost('it')
    await lost('hr')
    await clock.pass(3_600_000)
  }
  assert.equal(mails.length, 1)
  await database.transaction((transaction) => mailTables.outbox.delete(transaction, [stuck.id]))
  await clock.pass(16 * minuteMs)
  assert.deepEqual(mails.map(({ subject }) => subject).slice(1), ['Mailroom: 48 notices of hr, it'])
})

test('who is told is decided when it is told: a rule that is gone mails nobody', async () => {
  const { mails, clock, lost, settings } = createOffice()
  await lost('it')
  await lost('it')
  settings.alerts.applicationErrors.enabled = false
  await clock.pass(3_600_000)
  assert.equal(mails.length, 1)
})

test('settings or a database that fail for a moment neither end the program nor keep back what is held', async () => {
  const { mails, clock, lost, logged, noticeMails, fails } = createOffice()
  await lost('it')
  await lost('it')
  fails(true)
  await clock.pass(20 * minuteMs)
  assert.ok(logged.length > 0 && logged.length < 100, `${logged.length} lines`)
  fails(false)
  await clock.pass(16 * minuteMs)
  assert.equal(mails.length, 2)
  await noticeMails.close()
})

test('mail about a category that is switched off is not written; the bell tells all the same', async () => {
  const { mails, lost, bell, clock, settings } = createOffice(undefined, { categories: { 'mail-flow': { enabled: false } }, rules: [{ name: 'r', events: ['connectivity-lost', 'backup-made'], to: ['ann@example.com'] }] })
  await lost('it')
  await lost('it', 'backup-made')
  assert.deepEqual(mails.map(({ subject }) => subject), ['Mailroom: backup-made it'])
  assert.equal((await bell.list()).unread, 2)
  settings.alerts.categories.backup.enabled = false
  await lost('it', 'backup-made')
  await clock.pass(16 * minuteMs)
  assert.equal(mails.length, 1)
})

test('a category goes through its own server, in mails of its own', async () => {
  const { mails, lost, clock } = createOffice(undefined, { categories: { security: { through: 'locked' } }, rules: [{ name: 'r', events: ['connectivity-lost', 'history-broken', 'expiry'], to: ['ann@example.com'] }], applicationErrors: { enabled: false, to: [] } })
  await lost('it', 'history-broken')
  await lost('it')
  assert.deepEqual(mails.map(({ to, wantedServer, messageId }) => [to, wantedServer, messageId]), [['ann@example.com', 'locked', '<notice-1@example.com>'], ['ann@example.com', null, '<notice-2@example.com>']])
  for (const kind of ['history-broken', 'expiry', 'connectivity-lost'] as const) for (let turn = 0; turn < 2; turn++) await lost('it', kind)
  await clock.pass(16 * minuteMs)
  assert.deepEqual(mails.slice(2).map(({ subject, wantedServer }) => [subject, wantedServer]), [['Mailroom: expiry it', 'locked'], ['Mailroom: connectivity-lost it', null], ['Mailroom: 3 notices of it', 'locked']])
})
