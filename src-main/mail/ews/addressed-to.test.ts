import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressedTo } from './addressed-to.ts'

const message = (head: string): Buffer => Buffer.from(`${head}\r\nSubject: To: x@y.z\r\n\r\nTo: not-a-header@example.com\r\n`, 'latin1')

test('a message whose header names the envelope stays as it is, and the others are Bcc', () => {
  const table: [string, string[], string[]][] = [
    ['To: ann@example.com', ['ann@example.com'], []],
    ['To: Ann <Ann@Example.com>,\r\n "x@y.z, Bob" <bob@example.com>\r\nCc: (c@d.e) carl@example.com', ['ann@example.com', 'bob@example.com', 'carl@example.com'], []],
    ['To: ann@example.com', ['ann@example.com', 'hidden@example.com'], ['hidden@example.com']],
    ['From: it@example.com', ['a@example.com', 'b@example.com'], ['a@example.com', 'b@example.com']]
  ]
  for (const [head, recipients, bcc] of table) {
    const raw = message(head)
    const addressed = addressedTo(raw, recipients)
    assert.ok(addressed.raw.equals(raw), head)
    assert.deepEqual(addressed.bcc, bcc, head)
  }
})

test('nobody gets a mail whom the envelope does not name', () => {
  const { raw, bcc } = addressedTo(message('To: ann@example.com, Eve <eve@example.com>\r\nCc: mallory@example.com\r\nBcc: trent@example.com\r\nX-Note: K\xf6ln'), ['Ann@example.com', 'bob@example.com'])
  assert.deepEqual(bcc, ['bob@example.com'])
  assert.equal(raw.toString('latin1'), 'To: Ann@example.com\r\nX-Note: K\xf6ln\r\nSubject: To: x@y.z\r\n\r\nTo: not-a-header@example.com\r\n')
})
