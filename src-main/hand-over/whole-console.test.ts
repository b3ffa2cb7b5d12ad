import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HandOverPage } from '#contract/hand-over.ts'
import { openConsoleUnderTest } from '../../testbed/console-under-test.ts'
import { startJsonReceiver } from '../../testbed/help-desk.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

test('A message that the whole console takes arrives at the help desk that the configuration file names', async (t) => {
  const receiver = await startJsonReceiver(Buffer.from(secret.slice(6), 'base64'))
  const core = await openConsoleUnderTest({ DESK_SECRET: secret })
  t.after(async () => {
    await core.stop()
    await receiver.stop()
  })
  const yaml = `version: 1
partitions: [{ name: IT, default: true }]
handOver:
  - { name: desk, kind: json, url: "${receiver.url}", secret: env:DESK_SECRET, timeout: 5s, enabled: true }
  - { name: away, kind: servicedesk-plus, url: "http://127.0.0.1:1", secret: env:DESK_SECRET, timeout: 2s, enabled: true }
`
  await core.must('configuration.import', { yaml, replace: false })
  assert.deepEqual(await core.must('hand-over.secrets', {}), ['away', 'desk'])
  const mail = 'From: Ann <ann@example.com>\r\nTo: it@example.com\r\nSubject: Printer burns\r\nMessage-ID: <1@example.com>\r\n\r\nHelp\r\n'
  await core.must('processing.take', { base64: Buffer.from(mail).toString('base64'), server: null })
  assert.equal(receiver.taken.length, 0)
  assert.deepEqual(await core.must('hand-over.retry', { target: 'desk', ids: null }), { retried: 1 })
  const { request, message } = receiver.taken[0]?.body as { request: { subject: string; partition: string }; message: { text: string } }
  assert.deepEqual([request.subject, request.partition, message.text.trim()], ['Printer burns', 'IT', 'Help'])
  await core.must('hand-over.retry', { target: 'away', ids: null })
  const { rows, waiting, refused } = await core.must<HandOverPage>('hand-over.list', {})
  assert.deepEqual(rows.map(({ target, state, problem }) => [target, state, problem?.code ?? null]), [['away', 'waiting', 'hand-over-unreachable'], ['desk', 'delivered', null]])
  assert.deepEqual([waiting, refused], [1, 0])
  assert.deepEqual(core.filesWith([secret]), [])
})
