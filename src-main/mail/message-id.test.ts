import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageIdOf } from './message-id.ts'

const messages: [string, string][] = [
  ['Subject: x\r\nMessage-ID: <a@example.com>\r\n\r\nbody', 'a@example.com'],
  ['message-id:<a@example.com>\r\n\r\n', 'a@example.com'],
  ['Message-ID:\r\n\t<a@example.com>\r\nTo: x\r\n\r\n', 'a@example.com'],
  ['Message-ID: <a\r\n b@example.com>\r\n\r\n', 'ab@example.com'],
  ['Subject: x\r\n\r\nMessage-ID: <in-the-body@example.com>\r\n', ''],
  ['X-Message-ID: <other@example.com>\r\n\r\n', ''],
  ['Message-ID: <only@example.com>\r\n', 'only@example.com'],
  ['', '']
]
for (const [raw, id] of messages) test(`${JSON.stringify(raw.slice(0, 40))} has the id ${id || '(none)'}`, () => assert.equal(messageIdOf(Buffer.from(raw)), id))
