import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createOutbox } from './outbox.ts'
import type { AutomaticMail } from './send-mail.ts'

const peer = { host: 'mail.example.com', port: 25 }
const down: Problem = { code: 'connection-refused', ...peer }

function office(answer: (mail: AutomaticMail, attempt: number) => Problem | null, { perPerson = false } = {}) {
  const database = createMemoryDatabase()
  const clock = createHeldClock()
  const sent: AutomaticMail[] = []
  const logged: string[] = []
  let attempts = 0
  const outbox = createOutbox({
    database, tables: mailTables, clock, chance: () => 0, formatPerPerson: async () => perPerson, announce: () => undefined, logWarning: (text) => void logged.push(text),
    reportUnexpected: () => ({ code: 'unexpected', reference: 'TEST' }),
    sendAutomatic: async (mail) => {
      const problem = answer(mail, ++attempts)
      if (problem !== null) throw new ProblemError(problem)
      sent.push(mail)
      return { messageId: mail.messageId, through: 'primary', serverSaid: '', accepted: [mail.to], refused: [] }
    }
  })
  const put = (...to: string[]): Promise<void> => database.transaction((transaction) => mailTables.outbox.add(transaction, to.map((one, index) => ({
    partition: 'IT', to: one, subject: 'Received: Help', content: 'We have it.', inReplyTo: '<1@example.com>', messageId: `<${index}-${one}>`, request: 7, createdAt: new Date(clock.now()).toISOString(), tries: 0, nextAt: new Date(clock.now()).toISOString(), problem: null
  }))))
  return { database, clock, sent, logged, outbox, put, attempts: () => attempts }
}

test('mail is sent in its order and leaves the outbox', async () => {
  const { outbox, put, sent } = office(() => null)
  await put('a@example.com', 'b@example.com')
  assert.deepEqual(await outbox.flush(), { tried: 2 })
  assert.deepEqual(sent.map(({ to, text, request, format }) => [to, text, request, format]), [['a@example.com', 'We have it.', 7, null], ['b@example.com', 'We have it.', 7, null]])
  assert.deepEqual(await outbox.list(), [])
})

test('what cannot be sent now waits longer each time, under the same Message-ID, and does not hold up other mail', async () => {
  const { outbox, put, sent, clock } = office(({ to }, attempt) => (to === 'a@example.com' && attempt < 5 ? down : null))
  await put('a@example.com', 'b@example.com')
  await outbox.flush()
  assert.deepEqual(sent.map(({ to }) => to), ['b@example.com'])
  const waits: number[] = []
  for (let left = await outbox.list(); left.length > 0; left = await outbox.list()) {
    waits.push(Date.parse(left[0]?.nextTryAt ?? '') - clock.now())
    assert.equal(left[0]?.problem?.code, 'connection-refused')
    await outbox.flush()
  }
  assert.deepEqual(waits, [30_000, 60_000, 120_000])
  assert.equal(sent.at(-1)?.messageId, '<0-a@example.com>')
})

test('a refused recipient is not tried again, and three days are enough for everybody', async () => {
  const refused = office(() => ({ code: 'recipient-refused', server: 'main', recipients: ['a@example.com'], serverSaid: '550' }))
  await refused.put('a@example.com')
  await refused.outbox.flush()
  assert.deepEqual([await refused.outbox.list(), refused.attempts(), refused.logged.length], [[], 1, 1])
  const dead = office(() => down)
  await dead.put('a@example.com')
  await dead.outbox.flush()
  await dead.clock.pass(3 * 86_400_000)
  await dead.outbox.flush()
  assert.deepEqual([await dead.outbox.list(), dead.logged.length], [[], 1])
})

test('the format of a person counts where formats per person are on', async () => {
  for (const perPerson of [true, false]) {
    const { database, outbox, put, sent } = office(() => null, { perPerson })
    await database.transaction((transaction) => mailTables.people.insert(transaction, [{ name: '', address: 'a@example.com', user: true, analyst: false, signIn: false, rights: [], format: 'plain', source: 'console', createdAt: '' }]))
    await put('A@example.com')
    await outbox.flush()
    assert.equal(sent[0]?.format, perPerson ? 'plain' : null)
  }
})

test('it wakes by itself when there is mail, and rests when it is closed', async () => {
  const { outbox, put, sent, clock } = office(() => null)
  outbox.begin()
  await put('a@example.com')
  outbox.wake()
  await clock.pass(1)
  await outbox.flush()
  assert.equal(sent.length, 1)
  await outbox.close()
  await put('b@example.com')
  outbox.wake()
  await clock.pass(120_000)
  assert.equal(sent.length, 1)
})
