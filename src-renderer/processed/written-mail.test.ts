import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writtenMail } from './written-mail.ts'

const at = new Date('2026-11-21T08:00:00Z')
const written = (subject: string, text = 'Hello', from = 'ann@example.com'): { head: string; body: string } => {
  const [head = '', body = ''] = atob(writtenMail({ from, to: 'it@example.com', subject, text }, at)).split('\r\n\r\n')
  return { head, body: Buffer.from(body, 'base64').toString('utf8') }
}

test('a plain mail stays as it was typed', () => {
  const { head, body } = written('Printer $x$ @@command@@', 'One\nTwo – drei')
  assert.match(head, /^From: ann@example\.com\r\nTo: it@example\.com\r\nSubject: Printer \$x\$ @@command@@\r\nDate: Sat, 21 Nov 2026 08:00:00 \+0000\r\n/)
  assert.equal(body, 'One\nTwo – drei')
})

test('a line break in a field begins no other header field', () => {
  assert.doesNotMatch(written('x\r\nBcc: all@example.com').head, /^Bcc:/m)
  assert.doesNotMatch(written('x', '', 'ann@example.com\nReply-To: other@example.com').head, /^Reply-To:/m)
})

test('a subject that is not ASCII goes in encoded words of at most 75 characters that decode to it (RFC 2047 2)', () => {
  for (const subject of ['Größe', '漢字'.repeat(40), '👩‍💻 needs a laptop '.repeat(5), '=?utf-8?Q?no?=']) {
    const value = /^Subject: ((?:.*)(?:\r\n .*)*)$/m.exec(written(subject).head)?.[1] ?? ''
    const words = value.split('\r\n ')
    for (const word of words) assert.ok(word.length <= 75, `${word.length}: ${word}`)
    assert.equal(words.map((word) => Buffer.from(/^=\?utf-8\?B\?(.*)\?=$/.exec(word)?.[1] ?? '', 'base64').toString('utf8')).join(''), subject.trim())
  }
})
