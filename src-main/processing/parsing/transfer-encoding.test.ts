import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBase64, decodeBody, decodedSize, decodeQuotedPrintable } from './transfer-encoding.ts'

const base64Table: [string, string, string][] = [
  ['plain', 'SGVsbG8=', 'Hello'],
  ['lines', 'SGVs\r\nbG8=\r\n', 'Hello'],
  ['no padding', 'SGVsbG8', 'Hello'],
  ['junk between', 'SG!Vs*bG\x008=', 'Hello'],
  ['dashes are junk, not the other alphabet', 'SGVs-bG8_=', 'Hello'],
  ['pieces that were padded each', 'SGVs\r\nbG8=\r\nSGVsbG8=', 'HelloHello'],
  ['text after the padding', 'SGVsbG8=\r\n--', 'Hello'],
  ['nothing', '', ''],
  ['only junk', '!!!!', '']
]
for (const [what, encoded, decoded] of base64Table)
  test(`base64: ${what}`, () => {
    const bytes = Buffer.from(encoded, 'latin1')
    assert.equal(decodeBase64(bytes).toString('latin1'), decoded)
    assert.equal(decodedSize(bytes, { start: 0, end: bytes.length, encoding: 'base64' }), decoded.length)
  })

const quotedTable: [string, string, string][] = [
  ['plain', 'a=3Db', 'a=b'],
  ['lower case', '=c3=bc', '\xc3\xbc'],
  ['soft line break', 'a=\r\nb=\nc', 'abc'],
  ['soft line break with spaces after it', 'a= \t\r\nb', 'ab'],
  ['soft line break at the end', 'a=', 'a'],
  ['stray equals signs', 'a=b =ZZ =4', 'a=b =ZZ =4'],
  ['spaces at the end of a line', 'a  \r\nb\t\n', 'a\r\nb\n'],
  ['an encoded space at the end of a line stays', 'a=20\r\nb', 'a \r\nb'],
  ['nothing', '', '']
]
for (const [what, encoded, decoded] of quotedTable) test(`quoted-printable: ${what}`, () => assert.equal(decodeQuotedPrintable(Buffer.from(encoded, 'latin1')).toString('latin1'), decoded))

test('the size of a large base64 body is known without decoding it', () => {
  for (const size of [12_287, 12_288, 57_000, 100_001, 100_002, 100_003])
    for (const end of ['\r\n', '\n']) {
      const encoded = Buffer.from((Buffer.alloc(size, 7).toString('base64').match(/.{1,76}/g) ?? []).join(end) + end)
      const place = { start: 0, end: encoded.length, encoding: 'base64' as const }
      assert.equal(decodedSize(encoded, place), size)
      assert.equal(decodeBody(encoded, place).length, size)
    }
})

test('the size of an irregular large base64 body is counted', () => {
  const lines = (Buffer.alloc(60_000, 9).toString('base64').match(/.{1,76}/g) ?? []).map((line, index) => (index % 7 === 0 ? `${line.slice(0, 40)}\r\n${line.slice(40)}` : line))
  const encoded = Buffer.from(lines.join('\r\n'))
  assert.equal(decodedSize(encoded, { start: 0, end: encoded.length, encoding: 'base64' }), 60_000)
})
