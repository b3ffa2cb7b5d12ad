import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { createFakeMailServer } from '../../testbed/fake-mail-server.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { passwordConnection } from '../../testbed/password-connection.ts'
import type { NoticeMail } from '../delivery/send-mail.ts'
import { createWorks } from '../work/works.ts'
import { createRoundTrip, type RoundTripNeeds } from './round-trip.ts'

const probe = (id: string): string => `Received: from desk by mx.example.com; Sat, 21 Nov 2026 08:00:02 +0000\r\nMessage-ID: ${id}\r\nSubject: Mailroom round-trip test\r\n\r\n`

function setUp({ push = true, server = testServer({ addresses: ['it@example.com'] }), sendOwnMail }: { push?: boolean; server?: IncomingServer; sendOwnMail?: RoundTripNeeds['sendOwnMail'] } = {}) {
  const clock = createHeldClock()
  const mail = createFakeMailServer({ push, clock })
  const sent: NoticeMail[] = []
  const works = createWorks()
  const order: string[] = []
  const roundTrip = createRoundTrip({
    sources: { incomingNamed: async () => ({ id: 7, server, ready: server, issues: [], lastTest: null }) },
    transportFor: () => mail.transport, connectionFor: async () => passwordConnection('it', 'secret'), works, clock, announce: () => undefined,
    exclusively: async (id, work) => { order.push(`begin ${id}`); return work().finally(() => order.push('end')) },
    sendOwnMail: sendOwnMail ?? (async (one) => { sent.push(one); return { messageId: '<probe@example.com>', through: 'primary', serverSaid: '250 queued', accepted: one.to, refused: [] } })
  })
  return { clock, mail, sent, works, order, run: (more: { to?: string } = {}) => roundTrip({ name: 'it', through: 'main', to: more.to ?? null, waitMs: 60_000, workId: 'round-trip-1' }) }
}
const problemOf = async (work: Promise<unknown>) => {
  const thrown = await work.then(() => null, (error: unknown) => error)
  assert.ok(thrown instanceof ProblemError, String(thrown))
  return thrown.problem
}

test('the probe is sent to the mailbox, found there, and left; its hops and delay are told', async () => {
  const { clock, mail, sent, order, run } = setUp()
  const running = run()
  await clock.pass(4_000)
  mail.deliver(probe('<probe@example.com>'))
  await clock.pass(2_000)
  const trip = await running
  assert.deepEqual(sent.map(({ to, through }) => ({ to, through })), [{ to: ['it@example.com'], through: { server: 'main' } }])
  assert.equal(trip.seconds, 6)
  assert.deepEqual(trip.hops.map(({ by, from }) => ({ by, from })), [{ by: 'mx.example.com', from: 'desk' }])
  assert.equal(mail.inbox.length, 1)
  assert.equal(mail.open, 0)
  assert.deepEqual(order, ['begin 7', 'end'])
})

test('a mailbox that shows only what was there at first is opened anew', async () => {
  const { clock, mail, run } = setUp({ push: false })
  const running = run()
  await clock.pass(5_000)
  mail.deliver(probe('<probe@example.com>'))
  await clock.pass(5_000)
  await running
  assert.ok(mail.opened >= 3, String(mail.opened))
  assert.equal(mail.open, 0)
})

test('a probe that does not arrive is a problem with the words of the server that took it', async () => {
  const { clock, run } = setUp()
  const failing = problemOf(run())
  for (let count = 0; count < 40; count++) await clock.pass(2_000)
  assert.deepEqual(await failing, { code: 'round-trip-lost', server: 'it', through: 'main', afterMs: 60_000, serverSaid: '250 queued' })
})

test('where the mailbox does not open, nothing is sent', async () => {
  const { mail, sent, run } = setUp()
  mail.before = (step) => { if (step === 'open') throw new ProblemError({ code: 'credentials-refused', server: 'it', user: 'it', serverSaid: 'no' }) }
  assert.equal((await problemOf(run())).code, 'credentials-refused')
  assert.deepEqual(sent, [])
})

test('it can be cancelled, and asks for an address where none is known', async () => {
  const { clock, works, run, mail } = setUp()
  const cancelled = problemOf(run())
  await clock.pass(100)
  works.cancel('round-trip-1')
  assert.equal((await cancelled).code, 'cancelled')
  assert.equal(mail.open, 0)
  const nowhere = setUp({ server: testServer({ addresses: [], auth: { method: 'password', user: 'it', secret: 'keychain' } }) })
  assert.equal((await problemOf(nowhere.run())).code, 'invalid-input')
})
