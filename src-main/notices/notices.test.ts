import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Events } from '#contract/events.ts'
import type { Problem } from '#contract/problem.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { createNoticing } from '../../testbed/noticing.ts'

const unreachable: Problem = { code: 'host-unreachable', host: 'mail.example.com', port: 993 }
const full: Problem = { code: 'error-folder-full', server: 'it', messages: 3, limit: 3 }
const notice = { kind: 'connectivity-lost', server: 'it', text: 'it is gone', problem: unreachable } as const
const technicians = { applicationErrors: { enabled: true, to: ['admin@example.com'] } }

function createOffice(alerts: object = technicians, database = createMemoryDatabase()) {
  const announced: Events['notice-added'][] = []
  const logged: string[] = []
  const settings = settingsSchema.parse({ alerts })
  const clock = createHeldClock()
  const noticing = createNoticing({ database, clock, settings: async () => settings, announce: (name, detail) => void (name === 'notice-added' && announced.push(detail as Events['notice-added'])), logWarning: (text) => logged.push(text) })
  return { ...noticing, announced, logged, database, clock, settings }
}

test('the bell adds, announces and marks as read; what is unread is counted and not repeated', async () => {
  const { bell, announced, clock } = createOffice()
  assert.equal(await bell.ring(notice), true)
  await clock.pass(60_000)
  assert.deepEqual([await bell.ring({ ...notice, text: 'it is gone again' }), await bell.ring({ ...notice, server: 'hr' }), await bell.ring({ ...notice, times: 10 })], [false, true, false])
  assert.deepEqual(announced.map(({ notice: { server, repeats }, unread }) => [server, repeats, unread]), [['it', 0, 1], ['it', 1, 1], ['hr', 0, 2], ['it', 11, 2]])
  const [, it] = (await bell.list()).notices
  assert.deepEqual([it?.text, it?.at, it?.firstAt, it?.problem], ['it is gone', '2026-11-20T08:01:00.000Z', '2026-11-20T08:00:00.000Z', unreachable])
  await bell.read({ ids: [1] })
  assert.deepEqual([(await bell.list()).unread, await bell.ring(notice)], [1, true])
  await bell.read({ ids: null })
  assert.equal((await bell.list()).unread, 0)
})

test('each thing that comes to an end is a notice of its own', async () => {
  const { bell } = createOffice()
  const expiry = (text: string) => bell.ring({ kind: 'expiry', server: 'it', text, problem: null })
  assert.deepEqual([await expiry('secret'), await expiry('certificate'), await expiry('secret')], [true, true, false])
})

test('the bell keeps the newest five hundred', async () => {
  const { bell, database } = createOffice()
  for (let index = 0; index < 510; index++) await bell.ring({ ...notice, server: `server ${index}` })
  assert.deepEqual(await database.all('SELECT COUNT(*) AS kept, MIN(id) AS oldest FROM notices'), [{ kept: 500, oldest: 11 }])
})

test('mail goes to the technicians, through the server of the partition', async () => {
  const { tell, mails } = createOffice()
  const server = testServer()
  await tell.messagesFailed(server, [{ subject: 'one\r\nBcc: x@example.com', from: 'ann@example.com', problem: unreachable }])
  await tell.fetchingStopped(server, full)
  await tell.connectivityLost(server, unreachable, 5)
  assert.deepEqual(mails.map(({ partition, to, subject, kind }) => [partition, to, subject, kind]), [
    ['IT', 'admin@example.com', 'Mailroom: A message of “it” could not be processed', 'notice'],
    ['IT', 'admin@example.com', 'Mailroom: fetching from “it” was stopped', 'notice'],
    ['IT', 'admin@example.com', 'Mailroom: no mail from “it”', 'notice']
  ])
  assert.match(mails[0]?.content ?? '', /"one Bcc: x@example.com" from ann@example.com/)
})

const silent: [string, object, boolean][] = [
  ['the switch is off', { applicationErrors: { enabled: false, to: ['admin@example.com'] } }, true],
  ['nobody is named', { applicationErrors: { enabled: true, to: [] } }, true],
  ['the error folder does not notify', technicians, false],
  ['the rule is for another event', { rules: [{ name: 'r', events: ['expiry'], to: ['a@example.com'] }] }, true],
  ['the rule is for another server', { rules: [{ name: 'r', events: ['message-failed'], servers: ['hr'], to: ['a@example.com'] }] }, true],
  ['the rule is off', { rules: [{ name: 'r', enabled: false, events: ['message-failed'], to: ['a@example.com'] }] }, true]
]
for (const [title, alerts, notify] of silent)
  test(`no mail where ${title}, but the bell rings`, async () => {
    const { tell, mails, bell } = createOffice(alerts)
    await tell.messagesFailed(testServer({ errorFolder: { enabled: true, name: 'Errors', stopAfter: null, notify } }), [{ subject: 's', from: 'f', problem: unreachable }])
    assert.deepEqual([mails.length, (await bell.list()).unread], [0, 1])
  })

test('rules mail whom they name, each address once', async () => {
  const rules = [
    { name: 'all', events: ['message-failed', 'mail-loop'], to: ['Ann@example.com', 'bob@example.com'] },
    { name: 'it', events: ['message-failed'], servers: ['it'], to: ['ann@example.com', 'admin@example.com'] }
  ]
  const { tell, notify, mails } = createOffice({ ...technicians, rules })
  await tell.messagesFailed(testServer(), [{ subject: 's', from: 'f', problem: unreachable }])
  assert.deepEqual(mails.splice(0).map(({ to }) => to.toLowerCase()).sort(), ['admin@example.com', 'ann@example.com', 'bob@example.com'])
  await tell.messagesFailed(testServer({ name: 'quiet', errorFolder: { enabled: true, name: 'Errors', stopAfter: null, notify: false } }), [{ subject: 's', from: 'f', problem: unreachable }])
  assert.deepEqual(mails.splice(0).map(({ to }) => to), ['Ann@example.com', 'bob@example.com'])
  await notify.ring({ kind: 'mail-loop', server: 'it', text: 'A loop.', problem: null })
  assert.deepEqual(mails.map(({ to, subject, content }) => [to, subject, content]), [['Ann@example.com', 'Mailroom: A loop', 'A loop.\n'], ['bob@example.com', 'Mailroom: A loop', 'A loop.\n']])
})

test('what is said fits what failed: a server out of reach, a sign-in that ended, once or more often', async () => {
  const { tell, mails, bell } = createOffice()
  const server = testServer()
  await tell.connectivityLost(server, unreachable, 5)
  await tell.connectivityBack(server, '2026-11-20T07:58:12.345Z')
  await tell.connectivityLost(testServer({ name: 'hr' }), { code: 'sign-in-revoked', server: 'hr', serverSaid: '' }, 1)
  const texts = (await bell.list()).notices.map(({ text }) => text).toReversed()
  assert.match(texts[0] ?? '', /^“it” could not be reached 5 times in a row\. /)
  assert.deepEqual(texts.slice(1), ['Mail from “it” is fetched again. It had failed since 2026-11-20 07:58 UTC.', 'The sign-in of “hr” was revoked.'])
  assert.match(mails[2]?.content ?? '', /^Fetching from “hr” failed\.\n\nThe sign-in of “hr” was revoked\.\n/)
})

test('a loss is told once and its end once, whatever restarts lie between; an end without a loss is not told', async () => {
  const database = createMemoryDatabase()
  const first = createOffice(technicians, database)
  await first.tell.connectivityBack(testServer(), null)
  await first.tell.connectivityLost(testServer(), unreachable, 5)
  const second = createOffice(technicians, database)
  await second.tell.connectivityLost(testServer(), unreachable, 6)
  await second.tell.connectivityBack(testServer(), null)
  await second.tell.connectivityBack(testServer(), null)
  assert.deepEqual((await second.bell.list()).notices.map(({ kind, repeats }) => [kind, repeats]).sort(), [['connectivity-back', 0], ['connectivity-lost', 0]])
  assert.deepEqual([first.mails.length, second.mails.length], [1, 1])
})

test('nothing that fails while telling reaches who told', async () => {
  const { tell, logged, database } = createOffice()
  await database.close()
  await tell.connectivityLost(testServer(), unreachable, 5)
  assert.match(logged.join('\n'), /a notice failed/)
})
