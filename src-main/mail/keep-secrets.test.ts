import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestStep } from '#contract/connection-test.ts'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { sendingTransport } from '../../testbed/sending-transport.ts'
import { withoutSecrets } from '../log/redact.ts'
import type { ConnectionNeeds, IncomingTransport, OpenMailbox } from './incoming-transport.ts'
import { problemOf } from './incoming-transport-promises.ts'
import { incomingWithoutSecrets, outgoingWithoutSecrets } from './keep-secrets.ts'

const [secret, token, proxyPassword] = ['s3cret of ann', `eyJ0eXAi.${'t0ken'.repeat(20)}`, 'pr0xy']
const basic = (user: string, password: string): string => Buffer.from(`${user}:${password}`).toString('base64')
const said = `you said ${secret}, ${basic('ann', secret)}, ${basic('proxy-user', proxyPassword)}, ${proxyPassword} and ${token}; ${Buffer.from(`\0ann\0${secret}`).toString('base64')} ${Buffer.from(`user=ann\x01auth=Bearer ${token}\x01\x01`).toString('base64')}`
const failing = (): Promise<never> => Promise.reject(new ProblemError({ code: 'command-refused', server: 'it', command: 'LOGIN', serverSaid: said }))
const server = { ...newIncomingServer('imap', 'IT'), proxy: 'http://proxy-user@127.0.0.1:3128' } as IncomingServer
const outgoing = { ...newOutgoingServer('smtp'), proxy: server.proxy } as OutgoingServer
const lines: string[] = []
const needs = (kind: 'password' | 'token'): ConnectionNeeds => ({
  credentials: kind === 'password' ? { kind, user: 'ann', secret } : { kind, user: 'ann', token: async () => ({ token, expiresAt: 0, scope: [], account: null }) },
  proxyPassword, clientKeyPassphrase: null, signal: new AbortController().signal, transcript: (line) => void lines.push(line), cursor: null
})
const holds = (text: string, kind: 'password' | 'token'): boolean => [proxyPassword, basic('proxy-user', proxyPassword), ...(kind === 'password' ? [secret, basic('ann', secret)] : [token])].some((one) => text.includes(one))

for (const kind of ['password', 'token'] as const) {
  test(`a server that says back what it was told shows no secret: ${kind}`, async () => {
    lines.length = 0
    const mailbox: OpenMailbox = {
      identity: 'one', listWaiting: failing, acknowledge: failing, moveToErrorFolder: failing, moveBackToInbox: failing, waitForNews: failing, inventory: failing, markUnread: failing, find: failing, sample: failing, close: failing,
      async *download() {
        yield { id: '1', size: 1, raw: Buffer.from('x') }
        await failing()
      }
    }
    const given = async ({ credentials, signal, transcript }: ConnectionNeeds): Promise<void> => {
      if (credentials?.kind === 'token') await credentials.token(signal)
      transcript?.(`S: ${said}`)
    }
    const transport: IncomingTransport = {
      open: async (_server, theirs) => given(theirs).then(() => mailbox),
      async diagnose(_server, theirs, report) {
        await given(theirs)
        report({ step: 'sign-in', outcome: 'failed', ms: 1, detail: said, problem: { code: 'key-file-unusable', server: 'it', reason: said } })
        return { sample: null }
      }
    }
    const steps: TestStep[] = []
    await incomingWithoutSecrets(transport).diagnose(server, needs(kind), (step) => steps.push(step))
    const opened = await incomingWithoutSecrets(transport).open(server, needs(kind))
    const listening = opened.waitForNews
    const works = [opened.listWaiting(), opened.acknowledge(['1']), opened.moveToErrorFolder(['1']), opened.moveBackToInbox(null), listening?.(1, new AbortController().signal) ?? failing(), opened.inventory('inbox'), opened.markUnread(['1']), opened.find('x'), opened.sample(), opened.close()]
    const problems = await Promise.all(works.map((work) => problemOf(work)))
    const downloaded: string[] = []
    const all = async (): Promise<void> => {
      for await (const { id } of opened.download([])) downloaded.push(id)
    }
    problems.push(await problemOf(all()))
    assert.deepEqual([opened.identity, downloaded], ['one', ['1']])
    assert.ok(problems.every(({ code }) => code === 'command-refused'))
    assert.ok(!holds(JSON.stringify([problems, steps, lines]), kind), JSON.stringify([problems, steps, lines]))
    assert.match(JSON.stringify(problems), /you said .*•••/)
  })
}

test('what is in the middle of base64 is found wherever it begins', () => {
  for (const before of ['', 'a', 'ab', 'abc']) assert.ok(!withoutSecrets(Buffer.from(`${before}${secret}x`).toString('base64'), [secret]).includes(Buffer.from(secret).toString('base64').slice(4, 12)))
})

test('an answer to a mail shows no secret, nor does a refusal, over a session and without one', async () => {
  const message = { from: 'a', recipients: ['a', 'b'], raw: Buffer.from(''), messageId: '<1@x>' }
  const sending = outgoingWithoutSecrets(sendingTransport(async () => ({ serverSaid: said, accepted: ['a'], refused: [{ address: 'b', serverSaid: said }] })))
  const refusing = outgoingWithoutSecrets(sendingTransport(failing, { wasSent: failing }))
  const closed = outgoingWithoutSecrets(sendingTransport(failing, { open: failing }))
  for (const answer of [await sending.send(outgoing, message, needs('password')), await (await sending.open(outgoing, needs('password'))).send(message)]) {
    assert.ok(!holds(JSON.stringify(answer), 'password'), JSON.stringify(answer))
    assert.deepEqual([answer.accepted, answer.refused[0]?.address], [['a'], 'b'])
  }
  for (const failed of [refusing.send(outgoing, message, needs('password')), refusing.open(outgoing, needs('password')).then((session) => session.send(message)), closed.open(outgoing, needs('password')), refusing.wasSent(outgoing, '<1@x>', needs('password'))]) {
    assert.ok(!holds(JSON.stringify(await problemOf(failed)), 'password'))
  }
})

test('a token of the connection before is shown neither in a problem nor in a step', async () => {
  const tokens = [`eyJ0eXAi.${'f1rst'.repeat(20)}`, `eyJ0eXAi.${'s3cond'.repeat(20)}`]
  const repeating = `Session of ${tokens[0]} is still open`
  const refused = new ProblemError({ code: 'command-refused', server: 'it', command: 'LOGIN', serverSaid: repeating })
  const given = async ({ credentials, signal }: ConnectionNeeds): Promise<never> => {
    if (credentials?.kind === 'token') await credentials.token(signal)
    throw refused
  }
  const transport = incomingWithoutSecrets({
    open: async (_server, theirs) => given(theirs),
    async diagnose(_server, theirs, report) {
      report({ step: 'sign-in', outcome: 'failed', ms: 1, detail: '', problem: refused.problem })
      return given(theirs)
    }
  })
  const connection = (index: number): ConnectionNeeds => ({ ...needs('token'), credentials: { kind: 'token', user: 'ann', token: async () => ({ token: tokens[index] ?? '', expiresAt: 0, scope: [], account: null }) } })
  const steps: TestStep[] = []
  const problems = [await problemOf(transport.open(server, connection(0))), await problemOf(transport.open(server, connection(1))), await problemOf(transport.diagnose(server, connection(1), (step) => steps.push(step)))]
  assert.doesNotMatch(JSON.stringify([problems, steps]), /f1rst/)
  assert.match(JSON.stringify(problems), /Session of •••/)
})
