import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeOutAttachments } from './take-out-attachments.ts'

const base64 = (bytes: Buffer): string => (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n')
const big = Buffer.alloc(9_000, 7)
const small = Buffer.from('small')
const head = 'From: a@example.com\r\nTo: b@example.org\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n'
const part = (header: string, body: string): string => `--b1\r\n${header}\r\n\r\n${body}\r\n`
const text = part('Content-Type: text/plain; charset=utf-8', 'Grüße\r\n--b1x is no boundary')
const bigPart = part('Content-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8\'\'gr%C3%BC; filename*1*=n.pdf\r\nContent-Transfer-Encoding: base64', base64(big))
const smallPart = part('Content-Type: image/png\r\nContent-ID: <pic@x>\r\nContent-Disposition: inline; filename="=?UTF-8?B?w6QucG5n?="\r\nContent-Transfer-Encoding: quoted-printable', 'sm=61ll')
const mixed = (...parts: string[]): Buffer => Buffer.from(`${head}Content-Type: multipart/mixed; boundary="b1"\r\n\r\npreamble\r\n${parts.join('')}--b1--\r\nepilogue\r\n`)

test('the largest go first, as far as needed; the rest stays byte for byte', () => {
  const raw = mixed(text, bigPart, smallPart)
  const { rest, attachments } = takeOutAttachments(raw, 2_000)
  assert.equal(rest.toString(), mixed(text, smallPart).toString())
  assert.deepEqual(attachments, [{ name: 'grün.pdf', contentType: 'application/pdf', contentId: null, isInline: false, bytes: big }])
})

test('all of them where that is needed, with names and ids', () => {
  const { rest, attachments } = takeOutAttachments(mixed(text, bigPart, smallPart), 0)
  assert.equal(rest.toString(), mixed(text).toString())
  assert.deepEqual(attachments[1], { name: 'ä.png', contentType: 'image/png', contentId: 'pic@x', isInline: true, bytes: small })
})

test('nothing where the message is small', () => {
  const raw = mixed(text, bigPart)
  assert.deepEqual(takeOutAttachments(raw, raw.length), { rest: raw, attachments: [] })
})

test('a multipart keeps a part', () => {
  const { rest, attachments } = takeOutAttachments(mixed(bigPart), 0)
  assert.equal(attachments.length, 1)
  assert.match(rest.toString(), /\r\n--b1\r\nContent-Type: text\/plain\r\n\r\n\r\n--b1--\r\n/)
})

test('inside of other multiparts', () => {
  const inner = `--b1\r\nContent-Type: multipart/related; boundary=b2\r\n\r\n--b2\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b2\r\nContent-Type: image/gif\r\nContent-ID: <g@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(big)}\r\n--b2--\r\n`
  const { rest, attachments } = takeOutAttachments(mixed(inner, smallPart), 2_000)
  assert.deepEqual(attachments.map(({ contentId, isInline, bytes }) => [contentId, isInline, bytes.equals(big)]), [['g@x', true, true]])
  assert.ok(rest.includes('<p>') && !rest.includes('image/gif') && rest.includes('sm=61ll'))
})

test('what is signed stays whole', () => {
  const raw = Buffer.from(mixed(text, bigPart).toString('latin1').replace('multipart/mixed', 'multipart/signed'), 'latin1')
  assert.deepEqual(takeOutAttachments(raw, 100).attachments, [])
})

test('damage is left as it is', () => {
  for (const raw of ['', 'x', 'Content-Type: multipart/mixed\r\n\r\n--b', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n', `${head}Content-Type: multipart/mixed; boundary="b1"\r\n\r\n${bigPart}`]) {
    const bytes = Buffer.from(raw)
    assert.ok(takeOutAttachments(bytes, 0).rest.equals(bytes))
  }
})
