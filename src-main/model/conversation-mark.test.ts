import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markedLine, withConversationMark } from './conversation-mark.ts'

const mail = { subject: 'Received: Help', text: 'We have it.\n' }

test('the id of the request stands where the server puts it', () => {
  assert.deepEqual(withConversationMark(mail, 12, { attach: true, location: 'subject', prefix: '##' }), { subject: 'Received: Help ##RE-12##', text: mail.text })
  assert.deepEqual(withConversationMark(mail, 12, { attach: true, location: 'body', prefix: '##' }), { subject: mail.subject, text: 'We have it.\n\nReference: ##RE-12##\n' })
  assert.deepEqual(withConversationMark(mail, 12, { attach: false, location: 'subject', prefix: '##' }), mail)
  assert.deepEqual(withConversationMark(mail, null, { attach: true, location: 'subject', prefix: '##' }), mail)
})

test('the line is found again, also in what an answer quotes', () => {
  const { text } = withConversationMark(mail, 12, { attach: true, location: 'body', prefix: '##' })
  assert.equal(markedLine(text), '##RE-12##')
  assert.equal(markedLine(`Thanks!\r\n\r\n${text.replace(/^/gm, '> ')}`), '##RE-12##')
  assert.equal(markedLine('see Reference: ##RE-12##'), '')
  assert.equal(markedLine(''), '')
})
