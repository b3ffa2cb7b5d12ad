import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '#contract/problem.ts'
import { settings as settingsSchema, type Settings } from '#contract/settings.ts'
import type { Events } from '#contract/events.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { mailTables } from '../database/mail-tables.ts'
import type { NoticeMail } from '../delivery/send-mail.ts'
import { createBell } from './bell.ts'
import { createTellPeople } from './tell-people.ts'

const unreachable: Problem = { code: 'host-unreachable', host: 'mail.example.com', port: 993 }
const full: Problem = { code: 'error-folder-full', server: 'it', messages: 3, limit: 3 }
const notice = { kind: 'connectivity-lost', server: 'it', text: 'it is gone', problem: unreachable } as const

function createOffice(changes: object = { alerts: { applicationErrors: { enabled: true, to: ['admin@example.com'] } } }) {
  const database = createMemoryDatabase()
  const announced: Events['notice-added'][] = []
  const mails: NoticeMail[] = []
  const logged: string[] = []
  const settings: Settings = settingsSchema.parse(changes)
  const bell = createBell({ database, tables: mailTables, announce: (name, detail) => void (name === 'notice-added' && announced.push(detail as Events['notice-added'])), now: () => Date.parse('2026-11-20T08:00:00Z') })
  const sent = { messageId: '', through: 'primary' as const, serverSaid: '', accepted: [], refused: [] }
  const tell = createTellPeople({ bell, settings: async () => settings, sendNotice: async (mail) => (mails.push(mail), sent), logWarning: (text) => logged.push(text) })
  return { bell, tell, announced, mails, logged, database, settings }
}

test('the bell adds, announces, counts and marks as read; what is still unread is not repeated', async () => {
  const { bell, announced } = createOffice()
  assert.deepEqual([await bell.ring(notice), await bell.ring(notice), await bell.ring({ ...notice, server: 'hr' })], [true, false, true])
  assert.deepEqual(announced.map(({ notice: { server, at }, unread }) => [server, at, unread]), [['it', '2026-11-20T08:00:00.000Z', 1], ['hr', '2026-11-20T08:00:00.000Z', 2]])
  assert.deepEqual((await bell.list()).notices[1]?.problem, unreachable)
  await bell.read({ ids: [1] })
  assert.deepEqual([(await bell.list()).unread, await bell.ring(notice)], [1, true])
  await bell.read({ ids: null })
  assert.equal((await bell.list()).unread, 0)
})

test('the bell keeps the newest five hundred', async () => {
  const { bell, database } = createOffice()
  for (let index = 0; index < 510; index++) await bell.ring({ ...notice, text: `notice ${index}` })
  assert.deepEqual(await database.all('SELECT COUNT(*) AS kept, MIN(id) AS oldest FROM notices'), [{ kept: 500, oldest: 11 }])
})

test('mail goes to the people of the rule, through the server of the partition', async () => {
  const { tell, mails } = createOffice()
  const server = testServer()
  await tell.messagesFailed(server, [{ subject: 'one\r\nBcc: x@example.com', from: 'ann@example.com', problem: unreachable }])
  await tell.fetchingStopped(server, full)
  await tell.fetchingStopped(server, full)
  await tell.connectivityLost(server, unreachable, 5)
  await tell.close()
  assert.deepEqual(mails.map(({ through, to, subject }) => [through, to, subject]), [
    [{ partition: 'IT' }, ['admin@example.com'], 'Mailroom: A message of it could not be processed.'],
    [{ partition: 'IT' }, ['admin@example.com'], 'Mailroom: fetching from it was stopped'],
    [{ partition: 'IT' }, ['admin@example.com'], 'Mailroom: no mail from it']
  ])
  assert.match(mails[0]?.text ?? '', /"one Bcc: x@example.com" from ann@example.com/)
})

const silent: [string, object, boolean][] = [
  ['the rule is off', { alerts: { applicationErrors: { enabled: false, to: ['admin@example.com'] } } }, true],
  ['nobody is named', { alerts: { applicationErrors: { enabled: true, to: [] } } }, true],
  ['the error folder does not notify', { alerts: { applicationErrors: { enabled: true, to: ['admin@example.com'] } } }, false]
]
for (const [title, changes, notify] of silent)
  test(`no mail where ${title}, but the bell rings`, async () => {
    const { tell, mails, bell } = createOffice(changes)
    await tell.messagesFailed(testServer({ errorFolder: { enabled: true, name: 'Errors', stopAfter: null, notify } }), [{ subject: 's', from: 'f', problem: unreachable }])
    await tell.close()
    assert.deepEqual([mails.length, (await bell.list()).unread], [0, 1])
  })

test('what is said fits what failed: a server out of reach, a sign-in that ended, once or more often', async () => {
  const { tell, mails, bell } = createOffice()
  const server = testServer()
  await tell.connectivityLost(server, unreachable, 5)
  await tell.connectivityBack(server, '2026-11-20T07:58:12.345Z')
  await tell.connectivityLost(server, { code: 'sign-in-revoked', server: 'it', serverSaid: '' }, 1)
  await tell.close()
  const texts = (await bell.list()).notices.map(({ text }) => text)
  assert.match(texts[2] ?? '', /^it could not be reached 5 times in a row\. /)
  assert.deepEqual(texts.slice(0, 2), ['The sign-in of it was revoked.', 'Mail from it is fetched again. It had failed since 2026-11-20 07:58 UTC.'])
  assert.match(mails[2]?.text ?? '', /^Fetching from it failed\.\n\nThe sign-in of it was revoked\.\n/)
})

test('nothing that fails while telling reaches who told', async () => {
  const { tell, logged, database } = createOffice()
  await database.close()
  await tell.connectivityLost(testServer(), unreachable, 5)
  await tell.close()
  assert.match(logged.join('\n'), /a notice failed/)
})
