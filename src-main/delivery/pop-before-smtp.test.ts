import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestStep } from '#contract/connection-test.ts'
import { newOutgoingServer, outgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createFakeMailServer } from '../../testbed/fake-mail-server.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { passwordConnection } from '../../testbed/password-connection.ts'
import { sendingTransport } from '../../testbed/sending-transport.ts'
import { createPopBeforeSmtp } from './pop-before-smtp.ts'

const serverWith = (popBeforeSmtp?: string): OutgoingServer =>
  outgoingServer.parse({ ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', replyTo: 'it@example.com', auth: { method: 'none', user: '', secret: 'keychain' }, popBeforeSmtp })
const message = { from: 'it@example.com', recipients: ['ann@example.com'], raw: Buffer.from(''), messageId: '<1@example.com>' }
const needs = { ...passwordConnection('it', 'secret'), signal: new AbortController().signal, transcript: null, cursor: null }

function setUp(refusal: Problem | null = null) {
  const order: string[] = []
  const clock = { now: 0 }
  const pop = createFakeMailServer()
  pop.before = (step) => {
    if (step !== 'open') return
    order.push('pop')
    if (refusal !== null) throw new ProblemError(refusal)
  }
  const incoming = testServer({ name: 'pop', protocol: 'pop3', errorFolder: { enabled: false, name: 'x', stopAfter: null, notify: false } })
  const first = createPopBeforeSmtp({
    sources: { incomingNamed: async (name) => (name === 'pop' ? { id: 1, server: incoming, ready: incoming, issues: [], lastTest: null } : Promise.reject(new ProblemError({ code: 'not-found', what: 'incoming server', name, nearest: 'pop' }))) },
    transportFor: () => pop.transport, connectionFor: async () => passwordConnection('it', 'secret'), now: () => clock.now
  })
  const transport = first(sendingTransport(async () => (order.push('smtp'), { serverSaid: '250', accepted: [], refused: [] }), {
    diagnose: async (_server, _needs, report) => (order.push('smtp'), report({ step: 'connect', outcome: 'ok', ms: 1, detail: '', problem: null }))
  }))
  const diagnose = async (server: OutgoingServer): Promise<TestStep[]> => {
    const steps: TestStep[] = []
    await transport.diagnose(server, needs, (step) => steps.push(step))
    return steps
  }
  return { order, clock, pop, transport, diagnose }
}

test('mail goes out after the sign-in, which holds for five minutes', async () => {
  const { order, clock, pop, transport } = setUp()
  for (const minute of [0, 4, 6]) {
    clock.now = minute * 60_000
    await transport.send(serverWith('pop'), message, needs)
  }
  assert.deepEqual(order, ['pop', 'smtp', 'smtp', 'pop', 'smtp'])
  assert.equal(pop.open, 0)
})

test('a clock that is set back does not make a sign-in last for as long as it was set back', async () => {
  const { order, clock, transport } = setUp()
  clock.now = 86_400_000
  await transport.send(serverWith('pop'), message, needs)
  clock.now = 3_600_000
  await transport.send(serverWith('pop'), message, needs)
  assert.deepEqual(order, ['pop', 'smtp', 'pop', 'smtp'])
})

test('a session is opened after the sign-in, and a mail on it waits for another one when that ran out', async () => {
  const { order, clock, transport } = setUp()
  const session = await transport.open(serverWith('pop'), needs)
  for (const minute of [0, 4, 6, 7]) {
    clock.now = minute * 60_000
    await session.send(message)
  }
  assert.deepEqual(order, ['pop', 'smtp', 'smtp', 'pop', 'smtp', 'smtp'])
})

test('sessions that are opened at once share one sign-in; one that was called off is made up for', async () => {
  const { order, pop, transport } = setUp()
  await Promise.all([1, 2, 3].map(() => transport.open(serverWith('pop'), needs)))
  assert.deepEqual(order, ['pop'])
  const second = setUp()
  const stop = new AbortController()
  let isFirst = true
  second.pop.before = async (step) => {
    if (step !== 'open' || !isFirst) return
    isFirst = false
    if (!stop.signal.aborted) await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
    throw new ProblemError({ code: 'cancelled' })
  }
  const opening = [stop.signal, needs.signal].map((signal) => second.transport.open(serverWith('pop'), { ...needs, signal }))
  stop.abort()
  assert.deepEqual((await Promise.allSettled(opening)).map(({ status }) => status), ['rejected', 'fulfilled'])
  assert.equal(pop.open, 0)
})

test('a server without it is left alone', async () => {
  const { order, transport, diagnose } = setUp()
  await transport.send(serverWith(), message, needs)
  assert.deepEqual((await diagnose(serverWith())).map(({ step }) => step), ['connect'])
  assert.deepEqual(order, ['smtp', 'smtp'])
})

test('a refused sign-in sends nothing, and is the failed step of a test', async () => {
  const { order, transport, diagnose } = setUp({ code: 'credentials-refused', server: 'pop', user: 'it', serverSaid: '-ERR no' })
  await assert.rejects(transport.send(serverWith('pop'), message, needs), (error) => error instanceof ProblemError && error.problem.code === 'credentials-refused')
  assert.deepEqual((await diagnose(serverWith('pop'))).map(({ step, outcome, problem }) => [step, outcome, problem?.code]), [['pop-sign-in', 'failed', 'credentials-refused']])
  assert.deepEqual(order, ['pop', 'pop'])
})

test('a mailbox that is being fetched from is signed in to', async () => {
  const { order, transport } = setUp({ code: 'mailbox-locked', server: 'pop', serverSaid: '-ERR [IN-USE] locked' })
  await transport.send(serverWith('pop'), message, needs)
  assert.deepEqual(order, ['pop', 'smtp'])
})

test('a name that is no incoming server says so, with the nearest one; only SMTP can have it', async () => {
  const { diagnose } = setUp()
  assert.equal((await diagnose(serverWith('pob')))[0]?.problem?.code, 'not-found')
  const graph = outgoingServer.safeParse({ ...newOutgoingServer('graph'), name: 'g', replyTo: 'it@example.com', auth: { method: 'oauth2', user: 'it@example.com', provider: 'microsoft', flow: 'interactive', clientId: 'x', secret: 'keychain' }, popBeforeSmtp: 'pop' })
  assert.deepEqual(graph.error?.issues.map(({ path }) => path.join('.')), ['popBeforeSmtp'])
})
