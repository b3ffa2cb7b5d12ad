import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Expiry } from '#contract/advice.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { mailTables } from '../database/mail-tables.ts'
import type { NoticeMail } from '../delivery/send-mail.ts'
import { createBell } from './bell.ts'
import { createWatchExpiries } from './watch-expiries.ts'

const secret = (daysLeft: number, at = '2027-01-31T00:00:00.000Z'): Expiry => ({ server: 'hr', kind: 'incoming', what: 'client-secret', at, daysLeft, text: 'The client secret of hr expires on 2027-01-31.' })

/** A watch over one database that outlives it, as over restarts. */
const createOffice = (database = createMemoryDatabase(), mailFails = false) => {
  const held: { expiries: Expiry[] } = { expiries: [] }
  const mails: NoticeMail[] = []
  const logged: string[] = []
  const timers: { ms: number; work: () => void }[] = []
  const settings = settingsSchema.parse({ alerts: { applicationErrors: { enabled: true, to: ['admin@example.com'] } } })
  const bell = createBell({ database, tables: mailTables, announce: () => undefined, now: () => 0 })
  const watch = createWatchExpiries({
    expiries: async () => held.expiries, bell, settings: async () => settings, database, tables: mailTables, partitionOf: async () => 'HR', logWarning: (text) => void logged.push(text),
    clock: { after: (ms, work) => (timers.push({ ms, work }), () => undefined) },
    sendNotice: async (mail) => {
      if (mailFails) throw new Error('no server')
      mails.push(mail)
      return { messageId: '', through: 'primary', serverSaid: '', accepted: [], refused: [] }
    }
  })
  return { watch, held, bell, mails, logged, timers, database }
}

test('warned 60, 30 and 7 days ahead and when it is over, each once, whatever restarts lie between', async () => {
  const database = createMemoryDatabase()
  const warnedOn: number[] = []
  for (let daysLeft = 65; daysLeft >= -5; daysLeft--) {
    const { watch, held } = createOffice(database)
    held.expiries = [secret(daysLeft)]
    warnedOn.push(...(await watch.look()).map((expiry) => expiry.daysLeft))
    assert.deepEqual(await watch.look(), [])
  }
  assert.deepEqual(warnedOn, [60, 30, 7, -1])
})

test('a renewed secret starts anew; what is no more is forgotten', async () => {
  const { watch, held, database, bell } = createOffice()
  held.expiries = [secret(5)]
  await watch.look()
  held.expiries = [secret(40, '2027-03-31T00:00:00.000Z')]
  assert.equal((await watch.look()).length, 1)
  held.expiries = []
  await watch.look()
  assert.deepEqual(await mailTables.rungExpiries.all(database), [])
  assert.deepEqual((await bell.list()).notices.map(({ kind, server }) => [kind, server])[0], ['expiry', 'hr'])
})

test('mail goes to the people of the rule; a mail that fails is logged and keeps nothing back', async () => {
  const { watch, held, mails } = createOffice()
  held.expiries = [secret(7), { ...secret(0), server: 'it' }]
  await watch.look()
  assert.deepEqual(mails.map(({ through, subject }) => [through, subject]), [[{ partition: 'HR' }, 'Mailroom: hr, 7 days left'], [{ partition: 'HR' }, 'Mailroom: it, ends today']])
  const failing = createOffice(createMemoryDatabase(), true)
  failing.held.expiries = [secret(7), { ...secret(6), server: 'it' }]
  assert.equal((await failing.watch.look()).length, 2)
  assert.match(failing.logged.join('\n'), /no server/)
})

test('it looks soon after the start, then once a day, and no more when closed', async () => {
  const { watch, timers, held, bell } = createOffice()
  watch.begin()
  held.expiries = [secret(7)]
  timers[0]?.work()
  while (timers.length < 2) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(timers.map(({ ms }) => ms), [60_000, 86_400_000])
  assert.equal((await bell.list()).unread, 1)
  await watch.close()
  timers[1]?.work()
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(timers.length, 2)
})
