import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer } from '#contract/incoming-server.ts'
import { settings } from '#contract/settings.ts'
import { nothingKnown } from '../requests/nothing-known.ts'
import { parseMessage } from './parsing/parse-message.ts'
import { createProcessMessage, type ProcessNeeds } from './process-message.ts'

const needs: ProcessNeeds = {
  settings: async () => settings.parse({}),
  serverNamed: async (name) => ({ ...newIncomingServer('imap', 'IT'), name }),
  partitions: async () => [],
  parse: async (raw) => parseMessage(raw),
  lookUp: async () => nothingKnown,
  outgoing: async () => nothingKnown.outgoing,
  reportUnexpected: () => ({ code: 'unexpected', reference: 'r' })
}
const processMessage = createProcessMessage(needs)

test('a message is tried, with its HTML and what would be stripped', async () => {
  const raw = Buffer.from('From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n\r\n--b--')
  const { outcome, reason, message, steps } = await processMessage(raw, 'it')
  assert.deepEqual([outcome, reason, message?.html, message?.text, message?.attachments[0]?.stripped?.code], ['request', null, '<p>Hi</p>', 'Hi', 'empty-file'])
  assert.deepEqual(steps.map(({ step }) => step), ['readable', 'loop-guard', 'already-seen', 'recipients', 'sender', 'spam-filter', 'authentication', 'sender-limit', 'conversation', 'bounce', 'email-command', 'new-requests', 'attachments', 'template', 'people', 'answers', 'outcome'])
})

test('there is an answer whatever the bytes are', async () => {
  for (const raw of [Buffer.alloc(0), Buffer.alloc(1000), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('x'), Buffer.from('Content-Type: multipart/mixed\r\n\r\n')]) {
    const { outcome, reason, message } = await processMessage(raw, null)
    assert.equal(outcome, 'error')
    assert.ok(reason !== null && reason.endsWith('.') && message !== null)
  }
})

test('a fault of our own becomes an answer too', async () => {
  const broken = createProcessMessage({ ...needs, lookUp: async () => ({ ...nothingKnown, conversations: { ...nothingKnown.conversations, requestsOf: () => { throw new Error('broken') } } }) })
  const { outcome, message } = await broken(Buffer.from('From: a@b.c\r\nIn-Reply-To: <x@y.z>\r\n\r\nx'), null)
  assert.deepEqual([outcome, message?.from?.address], ['error', 'a@b.c'])
})
