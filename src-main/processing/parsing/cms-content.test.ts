import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { attachmentBytes } from './attachment-bytes.ts'
import { readCms } from './cms-content.ts'
import { parseMessage } from './parse-message.ts'

const der = (tag: number, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  const length = body.length < 128 ? Buffer.from([body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 255])
  return Buffer.concat([Buffer.from([tag]), length, body])
}
const endless = (tag: number, ...content: Buffer[]): Buffer => Buffer.concat([Buffer.from([tag, 0x80]), ...content, Buffer.from([0, 0])])
const type = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const version = der(0x02, Buffer.from([1]))
/** RFC 5652 5.1. */
const signed = (octets: Buffer, make = der): Buffer => make(0x30, type('2a864886f70d010702'), make(0xa0, make(0x30, version, der(0x31), make(0x30, type('2a864886f70d010701'), make(0xa0, octets)))))
const octets = (text: string): Buffer => der(0x04, Buffer.from(text))
const compressed = (data: Buffer): Buffer => der(0x30, type('2a864886f70d0109100109'), der(0xa0, der(0x30, version, der(0x30), der(0x30, type('2a864886f70d010701'), der(0xa0, der(0x04, data))))))
const enveloped = der(0x30, type('2a864886f70d010703'), der(0xa0, der(0x30, version)))

const table: [string, Buffer, string | null][] = [
  ['signed', signed(octets('Text')), 'signed Text'],
  ['signed, indefinite lengths, in pieces', signed(endless(0x24, octets('Te'), octets('xt')), endless), 'signed Text'],
  ['compressed (RFC 3274)', compressed(deflateSync('Text')), 'compressed Text'],
  ['compressed, damaged', compressed(Buffer.from('Text')), null],
  ['encrypted', enveloped, 'encrypted'],
  ['encrypted with authentication (RFC 5083)', der(0x30, type('2a864886f70d0109100117'), der(0xa0)), 'encrypted'],
  ['a signature without content', der(0x30, type('2a864886f70d010702'), der(0xa0, der(0x30, version, der(0x31), der(0x30, type('2a864886f70d010701'))))), null],
  ['cut off within the content', signed(octets('Text that is cut')).subarray(0, 40), 'signed T'],
  ['another type', der(0x30, type('2a03'), der(0xa0)), null],
  ['no DER', Buffer.from('-----BEGIN PKCS7-----'), null],
  ['nothing', Buffer.alloc(0), null],
  ['lengths without end', Buffer.alloc(50_000, '3080', 'hex'), null]
]
for (const [what, bytes, expected] of table)
  test(`CMS: ${what}`, () => {
    const cms = readCms(bytes)
    assert.equal(cms === null ? null : 'content' in cms ? `${cms.kind} ${cms.content.toString()}` : cms.kind, expected)
  })

const mail = (body: Buffer, kind = 'signed-data'): Buffer => Buffer.from(`From: a@b.c\r\nContent-Type: application/pkcs7-mime; smime-type=${kind}; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${body.toString('base64')}\r\n`)
const entity = 'Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nInside\r\n--i\r\nContent-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41;B\r\n--i--\r\n'

test('signed within compressed within signed: the text is read, attachments are found again', () => {
  const wrap = (inner: Buffer): Buffer => Buffer.from(`Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n${inner.toString('base64')}\r\n`)
  const raw = mail(signed(der(0x04, wrap(compressed(deflateSync(wrap(signed(octets(entity)))))))))
  const { content, places } = parseMessage(raw)
  assert.deepEqual([content.text, content.protection, content.attachments.map(({ name, size }) => [name, size])], ['Inside', 'smime-signed', [['a.csv', 3]]])
  assert.equal(attachmentBytes(raw, places[0] as (typeof places)[number]).toString(), 'A;B')
})

test('what cannot be looked into stays an attachment and says what it is', () => {
  const { content } = parseMessage(mail(Buffer.from('garbage'), 'enveloped-data'))
  assert.deepEqual([content.protection, content.attachments.map(({ name }) => name)], ['smime-encrypted', ['smime.p7m']])
  assert.match(content.text, /encrypted with S\/MIME/)
})
