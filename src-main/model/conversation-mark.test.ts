import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markedLine, withConversationMark } from './conversation-mark.ts'

const mail = { subject: 'Received: Help', text: 'We have it.\n', html: null }

test('the id of the request stands where the server puts it', () => {
  assert.deepEqual(withConversationMark(mail, 12, { attach: true, location: 'subject', prefix: '##' }), { ...mail, subject: 'Received: Help ##RE-12##' })
  assert.deepEqual(withConversationMark(mail, 12, { attach: true, location: 'body', prefix: '##' }), { ...mail, text: 'We have it.\n\nReference: ##RE-12##\n' })
  assert.deepEqual(withConversationMark(mail, 12, { attach: false, location: 'subject', prefix: '##' }), mail)
  assert.deepEqual(withConversationMark(mail, null, { attach: true, location: 'subject', prefix: '##' }), mail)
})

test('the id stands in HTML too where it stands in the text, and never twice in a subject', () => {
  const html = '<html><body><p>We have it.</p></body></html>'
  assert.equal(withConversationMark({ ...mail, html }, 12, { attach: true, location: 'body', prefix: '<#>' }).html, '<html><body><p>We have it.</p><p>Reference: &#60;#&#62;RE-12&#60;#&#62;</p></body></html>')
  assert.equal(withConversationMark({ ...mail, html: '<p>open' }, 12, { attach: true, location: 'body', prefix: '##' }).html, '<p>open<p>Reference: ##RE-12##</p>')
  assert.equal(withConversationMark({ ...mail, html }, 12, { attach: true, location: 'subject', prefix: '##' }).html, html)
  const twice = { ...mail, subject: 'Help ##RE-12##' }
  assert.deepEqual(withConversationMark(twice, 12, { attach: true, location: 'subject', prefix: '##' }), twice)
})

test('the line is found again, also in what an answer quotes', () => {
  const { text } = withConversationMark(mail, 12, { attach: true, location: 'body', prefix: '##' })
  assert.equal(markedLine(text), '##RE-12##')
  assert.equal(markedLine(`Thanks!\r\n\r\n${text.replace(/^/gm, '> ')}`), '##RE-12##')
  assert.equal(markedLine('see Reference: ##RE-12##'), '')
  assert.equal(markedLine(''), '')
})
