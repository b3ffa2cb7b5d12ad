import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Expiry } from '#contract/advice.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { createNoticing } from '../../testbed/noticing.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createWatchExpiries } from './watch-expiries.ts'

const secret = (daysLeft: number, at = '2027-01-31T00:00:00.000Z'): Expiry => ({ server: 'hr', kind: 'incoming', what: 'client-secret', at, daysLeft, text: 'The client secret of hr expires on 2027-01-31.' })

/** A watch over one database that outlives it, as over restarts. */
const createOffice = (database = createMemoryDatabase()) => {
  const held: { expiries: Expiry[] } = { expiries: [] }
  const logged: string[] = []
  const timers: { ms: number; work: () => void }[] = []
  const settings = settingsSchema.parse({ alerts: { applicationErrors: { enabled: true, to: ['admin@example.com'] } } })
  const logWarning = (text: string): void => void logged.push(text)
  const { bell, notify, mails } = createNoticing({ database, settings: async () => settings, clock: createHeldClock(), logWarning })
  const watch = createWatchExpiries({ expiries: async () => held.expiries, notify, database, tables: mailTables, logWarning, clock: { after: (ms, work) => (timers.push({ ms, work }), () => undefined) } })
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

test('mail goes to the technicians, through the server of the partition', async () => {
  const { watch, held, mails } = createOffice()
  held.expiries = [secret(7), { ...secret(0), server: 'it' }]
  await watch.look()
  assert.deepEqual(mails.map(({ partition, subject }) => [partition, subject]), [['IT', 'Mailroom: “hr”, 7 days left'], ['IT', 'Mailroom: “it”, ends today']])
  assert.match(mails[0]?.content ?? '', /- The client secret of hr expires on 2027-01-31\./)
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
