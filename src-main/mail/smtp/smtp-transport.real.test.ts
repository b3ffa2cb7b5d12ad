import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ProblemError } from '#contract/problem.ts'
import type { TestStep } from '#contract/connection-test.ts'
import { mixedMessages } from '../../../testbed/message-generator.ts'
import { smtpSinkMissing, startSmtpSink } from '../../../testbed/smtp-sink.ts'
import { needsWithoutSignIn, smtpWithoutSignIn } from '../../../testbed/smtp-without-sign-in.ts'
import { createSmtpTransport } from './smtp-transport.ts'

const skip = smtpSinkMissing() ?? false
const transport = createSmtpTransport()
const body = (message: Buffer): string => message.toString('latin1').replaceAll('\r\n', '\n').trimEnd()

test('Postfix takes mixed messages as they are', { skip }, async () => {
  const sink = await startSmtpSink()
  const sent = mixedMessages(20).filter(({ raw }) => raw.length < 100_000)
  for (const { raw } of sent) {
    const answer = await transport.send(smtpWithoutSignIn(sink.port), { from: 'it@example.com', recipients: ['a@example.org', 'b@example.org'], raw, messageId: '<x@example.com>' }, needsWithoutSignIn())
    assert.deepEqual([answer.accepted.length, answer.serverSaid.slice(0, 3)], [2, '250'])
  }
  const got = sink.messages().map(body)
  await sink.stop()
  assert.equal(got.length, sent.length)
  for (const { raw, subject } of sent) assert.ok(got.some((text) => text.includes(body(raw))), subject)
})

test('Postfix refusing each command', { skip }, async () => {
  const table: [string[], string][] = [
    [['-f', 'CONNECT'], 'server-refused'], [['-r', 'CONNECT'], 'server-busy'],
    [['-f', 'MAIL'], 'sender-refused'], [['-r', 'MAIL'], 'mail-deferred'],
    [['-f', 'RCPT'], 'recipient-refused'], [['-r', 'RCPT'], 'mail-deferred'],
    [['-f', 'DATA'], 'mail-refused'], [['-r', '.'], 'mail-deferred'], [['-f', '.'], 'mail-refused'],
    [['-q', 'RCPT'], 'connection-dropped'], [['-q', '.'], 'mail-uncertain']
  ]
  for (const [options, code] of table) {
    const sink = await startSmtpSink(options)
    const sending = transport.send(smtpWithoutSignIn(sink.port), { from: 'it@example.com', recipients: ['a@example.org'], raw: Buffer.from('Subject: x\r\n\r\nx\r\n'), messageId: '<x@example.com>' }, needsWithoutSignIn())
    await assert.rejects(sending, (error) => error instanceof ProblemError && (assert.equal(error.problem.code, code, `${options.join(' ')}: ${JSON.stringify(error.problem)}`), true))
    await sink.stop()
  }
})

test('a diagnosis of Postfix is green', { skip }, async () => {
  const sink = await startSmtpSink()
  const steps: TestStep[] = []
  await transport.diagnose(smtpWithoutSignIn(sink.port), needsWithoutSignIn(), (step) => steps.push(step))
  await sink.stop()
  assert.deepEqual(steps.map(({ step, outcome }) => `${step} ${outcome}`), ['resolve ok', 'connect ok', 'greeting ok', 'capabilities ok'])
})
