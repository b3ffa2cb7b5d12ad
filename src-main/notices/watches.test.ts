import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settings as settingsSchema } from '#contract/settings.ts'
import type { IncomingState } from '#contract/incoming-server.ts'
import { stopped } from '../../testbed/configured-console.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { createNoticing } from '../../testbed/noticing.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createReadMailSeen } from './mail-seen.ts'
import { createWatch } from './watch.ts'
import { createLookAtConsole } from './watch-console.ts'
import { createLookForSilence } from './watch-silence.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const start = Date.parse('2026-11-02T00:00:00Z')

function createOffice(database = createMemoryDatabase(), clock = createHeldClock(start)) {
  const settings = settingsSchema.parse({ alerts: { applicationErrors: { enabled: true, to: ['admin@example.com'] } } })
  const logged: string[] = []
  const noticing = createNoticing({ database, settings: async () => settings, clock, logWarning: (text) => logged.push(text) })
  const server = testServer({ enabled: true })
  const state: { of: IncomingState } = { of: { ...stopped, fetching: 'waiting' } }
  const room = { free: 100e9, total: 200e9 }
  const sources = { incoming: async () => [{ id: 1, server, ready: server, issues: [], lastTest: null }] }
  const stateOf = (): IncomingState => ({ ...state.of, lastSuccessAt: new Date(clock.now()).toISOString() })
  const lookForSilence = createLookForSilence({ database, tables: mailTables, mailSeen: createReadMailSeen({ database, tables: mailTables }), sources, stateOf, settings: async () => settings, notify: noticing.notify, now: clock.now, hourOfWeek: (time) => new Date(time).getUTCDay() * 24 + new Date(time).getUTCHours() })
  const lookAtConsole = createLookAtConsole({ database, tables: mailTables, folder: '/data', diskRoom: async () => room, sources, notify: noticing.notify, now: clock.now })
  let uids = 0
  const mail = (count: number, time = clock.now()): Promise<void> =>
    database.transaction((transaction) => mailTables.ledger.add(transaction, Array.from({ length: count }, () => ({ server: 1, identity: 'one', uid: `${clock.now()}-${++uids}`, fingerprint: null, outcome: 'request' as const, reason: null, request: null, error: null, acknowledged: true, headline: null, at: new Date(time).toISOString() }))))
  const kinds = async (): Promise<string[]> => (await noticing.bell.list()).notices.map(({ kind }) => kind).toReversed()
  return { ...noticing, database, clock, settings, server, state, room, lookForSilence, lookAtConsole, mail, kinds, logged }
}
/** Three weeks of five mails an hour in the office's hours, looked at every hour. */
async function threeWeeks(office: ReturnType<typeof createOffice>): Promise<void> {
  for (let hour = 0; hour < 21 * 24; hour++) {
    const time = new Date(office.clock.now())
    if (time.getUTCDay() % 6 !== 0 && time.getUTCHours() >= 8 && time.getUTCHours() < 18) await office.mail(5)
    await office.lookForSilence()
    await office.clock.pass(hourMs)
  }
}

test('three usual weeks ring nothing; then a silence is told once over a restart, and its end once', async () => {
  const office = createOffice()
  await threeWeeks(office)
  assert.deepEqual(await office.kinds(), [])
  await office.clock.pass(15 * hourMs)
  await office.lookForSilence()
  await office.lookForSilence()
  assert.deepEqual(await office.kinds(), ['mailbox-silent'])
  assert.deepEqual((await mailTables.silences.all(office.database)).map(({ server, since }) => [server, since]), [[1, '2026-11-20T17:00:00.000Z']])
  const again = createOffice(office.database, office.clock)
  await office.clock.pass(3 * dayMs)
  await again.lookForSilence()
  await again.mail(1)
  await again.lookForSilence()
  await again.lookForSilence()
  assert.deepEqual(await again.kinds(), ['mailbox-silent', 'mailbox-heard-again'])
  assert.deepEqual([office.mails.length, again.mails.length], [1, 1])
  assert.match(office.mails[0]?.content ?? '', /^No mail has come to “it” since 2026-11-20 17:00 UTC, where about \d+ messages would have\.\n/)
})

test('mail that came while the clock was a year ahead hides no silence', async () => {
  const office = createOffice()
  await threeWeeks(office)
  await office.mail(3, office.clock.now() + 365 * dayMs)
  await office.clock.pass(15 * hourMs)
  await office.lookForSilence()
  assert.deepEqual(await office.kinds(), ['mailbox-silent'])
})

const quiet: [string, (office: ReturnType<typeof createOffice>) => void][] = [
  ['a server that is stopped', ({ server }) => void (server.enabled = false)], ['a server that fails', ({ state }) => void (state.of = { ...stopped, fetching: 'failing', problem: { code: 'host-not-found', host: 'h', port: 1 } })],
  ['a server that is left out', ({ server }) => void (server.silenceAlert = false)], ['the alert is off', ({ settings }) => void (settings.alerts.silence.enabled = false)], ['a longer patience', ({ settings }) => void (settings.alerts.silence.afterHours = 100)]
]
for (const [title, change] of quiet)
  test(`no silence is told: ${title}`, async () => {
    const office = createOffice()
    await threeWeeks(office)
    change(office)
    await office.clock.pass(15 * hourMs)
    await office.lookForSilence()
    assert.deepEqual(await office.kinds(), [])
  })

test('a server that is no more watched is forgotten', async () => {
  const office = createOffice()
  await office.database.transaction((transaction) => mailTables.silences.put(transaction, { server: 1, since: '2026-11-01T00:00:00Z' }))
  office.server.silenceAlert = false
  await office.lookForSilence()
  assert.deepEqual(await mailTables.silences.all(office.database), [])
})

test('a disk that fills is told once, and again only after it had room', async () => {
  const { room, lookAtConsole, kinds, bell, mails } = createOffice()
  const free: [number, number][] = [[100e9, 0], [400e6, 1], [550e6, 1], [300e6, 1], [10e9, 1], [400e6, 2], [3e9, 2]]
  for (const [bytes, told] of free) {
    room.free = bytes
    await lookAtConsole()
    assert.equal((await bell.list()).notices.reduce((sum, { repeats }) => sum + 1 + repeats, 0), told, `${bytes} bytes free`)
  }
  assert.deepEqual([await kinds(), mails[0]?.subject], [['disk-filling'], 'Mailroom: The disk of /data is almost full: 400 MB are left'])
  room.total = 1e12
  room.free = 10e9
  await bell.read({ ids: null })
  await lookAtConsole()
  assert.equal((await bell.list()).unread, 0, 'it was filling already')
})

test('mail that waits for an hour rings once until all is sent', async () => {
  const { lookAtConsole, clock, database, kinds, mails } = createOffice()
  const at = new Date(clock.now()).toISOString()
  await database.transaction((transaction) => mailTables.outbox.add(transaction, [{ partition: 'IT', to: 'a@example.com', subject: 's', content: 'c', inReplyTo: null, messageId: '<1@x>', request: null, createdAt: at, tries: 0, nextAt: at, problem: null }]))
  await lookAtConsole()
  await clock.pass(hourMs + 1)
  for (let time = 0; time < 5; time++) await lookAtConsole()
  assert.deepEqual([await kinds(), mails.length], [['mail-waits'], 0])
  await database.transaction((transaction) => mailTables.outbox.delete(transaction, [1]))
  await lookAtConsole()
  assert.deepEqual(await mailTables.standingNotices.all(database), [])
})

test('troubles of servers that are gone are forgotten', async () => {
  const { lookAtConsole, tell, database } = createOffice()
  await tell.connectivityLost(testServer(), { code: 'host-unreachable', host: 'h', port: 1 }, 5)
  await tell.connectivityLost(testServer({ name: 'gone' }), { code: 'host-unreachable', host: 'h', port: 1 }, 5)
  await lookAtConsole()
  assert.deepEqual((await mailTables.standingNotices.all(database)).map(({ server }) => server), ['it'])
})

test('a look that fails is logged and the others go on, again and again until it is closed', async () => {
  const clock = createHeldClock()
  const logged: string[] = []
  let looks = 0
  const watch = createWatch({ clock, firstAfterMs: 1_000, everyMs: 10_000, logWarning: (text) => logged.push(text), looks: [{ what: 'failing', look: async () => Promise.reject(new Error('no disk')) }, { what: 'looking', look: async () => ++looks }] })
  watch.begin()
  await clock.pass(21_500)
  assert.deepEqual([looks, logged], [3, ['failing failed: no disk', 'failing failed: no disk', 'failing failed: no disk']])
  await watch.close()
  await clock.pass(60_000)
  assert.equal(looks, 3)
})
