import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assembled, openCopy, textOf, type Edits } from './edit-copy.ts'

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const edited = (raw: Uint8Array, change: (edits: Edits) => Partial<Edits>): string => {
  const copy = openCopy(raw)
  const none: Edits = { header: copy.header, part: 0, charset: null, text: null }
  return Buffer.from(assembled(copy, { ...none, ...change(none) })).toString('latin1')
}

const eightBit = latin1('From: J\xf6rg <joerg@example.com>\r\nSubject: Gr\xfc\xdfe\r\nX-Odd:\r\n\tfolded\r\nContent-Type: text/plain; charset=bogus-8\r\n\r\nGr\xfc\xdfe \x00\xff\x80\nlone\rends\r\n')
const multipart = latin1([
  'Subject: parts', 'Content-Type: multipart/mixed; boundary="b=1"', '', 'preamble \xe4', '--b=1', 'Content-Type: multipart/alternative;', ' boundary=inner', '', '--inner', 'Content-Type: text/plain; charset="unknown-8bit"; format=flowed', 'Content-Transfer-Encoding: base64', '',
  Buffer.from('caf\xe9\r\n', 'latin1').toString('base64'), '--inner', 'Content-Type: text/html; charset=us-ascii', 'Content-Transfer-Encoding: quoted-printable', '', '<p>caf=E9 =3D</p>', '--inner--', '', '--b=1', 'Content-Type: text/plain; name=notes.txt', 'Content-Disposition: attachment; filename=notes.txt', '', 'attached', '--b=1', 'Content-Type: image/png', '', '\x89PNG\xff', '--b=1--', 'epilogue'
].join('\r\n'))

const untouched: [string, Uint8Array][] = [
  ['8-bit bytes, NUL and mixed line ends', eightBit], ['parts', multipart], ['no header', latin1('\r\nbody')], ['a header alone, without line end', latin1('Subject: x')], ['LF only', latin1('A: b\n\nc\n')], ['nothing', latin1('')],
  ['UTF-8 in the header', Buffer.from('Subject: Größe\r\n\r\nx')], ['CR alone in the header', latin1('A: b\rC: d\r\n\r\nx')], ['a mark of UTF-8 at the beginning', Buffer.from('\ufeffSubject: x\r\n\r\ny')]
]
for (const [title, raw] of untouched) test(`not edited, the copy is the message: ${title}`, () => assert.equal(edited(raw, () => ({})), Buffer.from(raw).toString('latin1')))

test('one header line is edited, every other byte stays', () => {
  assert.equal(edited(eightBit, ({ header }) => ({ header: header.replace('Grüße', 'Größe') })), Buffer.from(eightBit).toString('latin1').replace('Subject: Gr\xfc\xdfe', 'Subject: Gr\xf6\xdfe'))
})
test('what the bytes of the header cannot hold is written in UTF-8, in that line alone', () => {
  assert.equal(edited(eightBit, ({ header }) => ({ header: header.replace('Grüße', 'Привет') })), Buffer.from(eightBit).toString('latin1').replace('Gr\xfc\xdfe', Buffer.from('Привет').toString('latin1')))
})
test('lines come and go', () => {
  assert.equal(edited(latin1('A: 1\r\nB: 2\nC: 3\r\n\r\nx'), () => ({ header: 'Z: 0\nA: 1\nC: 3\n' })), 'Z: 0\r\nA: 1\r\nC: 3\r\n\r\nx')
  assert.equal(edited(latin1('\nx'), () => ({ header: 'From: a@b.example' })), 'From: a@b.example\r\n\nx')
  assert.equal(edited(latin1('Subject: x'), ({ header }) => ({ header: `${header}\nFrom: a@b.example` })), 'Subject: x\r\nFrom: a@b.example\r\n\r\n')
})

test('another character set changes the Content-Type alone, and shows what it would read', () => {
  const copy = openCopy(eightBit)
  const [part] = copy.parts
  assert.ok(part)
  assert.deepEqual([textOf(copy, part, null), textOf(copy, part, 'windows-1252')?.slice(0, 5), textOf(copy, part, 'windows-1251')?.slice(0, 5)], [null, 'Grüße', 'GrьЯe'])
  assert.equal(edited(eightBit, () => ({ charset: 'windows-1252' })), Buffer.from(eightBit).toString('latin1').replace('charset=bogus-8', 'charset=windows-1252'))
})
test('a character set of a message that declares none', () => {
  assert.equal(edited(latin1('Subject: x\r\n\r\n\xe9'), () => ({ charset: 'iso-8859-2' })), 'Subject: x\r\nContent-Type: text/plain; charset=iso-8859-2\r\n\r\n\xe9')
})
test('a character set of one part of several', () => {
  assert.equal(edited(multipart, () => ({ part: 0, charset: 'windows-1252' })), Buffer.from(multipart).toString('latin1').replace('; charset="unknown-8bit"; format=flowed', '; format=flowed; charset=windows-1252'))
})

test('texts are found, files and enclosed messages are none', () => {
  const copy = openCopy(multipart)
  assert.deepEqual(copy.parts.map(({ type, charset, encoding }) => [type, charset, encoding]), [['text/plain', 'unknown-8bit', 'base64'], ['text/html', 'us-ascii', 'quoted-printable']])
  assert.deepEqual(copy.parts.map((part) => textOf(copy, part, 'windows-1252')), ['café\n', '<p>café =</p>'])
})
test('an edited text is written in UTF-8 in its own encoding, the rest stays byte for byte', () => {
  const before = Buffer.from(multipart).toString('latin1')
  const plain = edited(multipart, () => ({ part: 0, text: 'Größe\nzwei\n' }))
  assert.equal(plain, before.replace('; charset="unknown-8bit"; format=flowed', '; format=flowed; charset=utf-8').replace(Buffer.from('caf\xe9\r\n', 'latin1').toString('base64'), Buffer.from('Größe\r\nzwei\r\n').toString('base64')))
  assert.equal(edited(multipart, () => ({ part: 1, text: '<p>é = </p> ' })), before.replace('charset=us-ascii', 'charset=utf-8').replace('<p>caf=E9 =3D</p>', '<p>=C3=A9 =3D </p>=20'))
})
test('an edited text without transfer encoding says that it has 8 bits where it has', () => {
  const raw = latin1('Subject: x\r\nContent-Transfer-Encoding: 7bit\r\n\r\nold')
  assert.equal(edited(raw, () => ({ text: 'new\n' })), 'Subject: x\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nnew\r\n')
  assert.equal(edited(raw, () => ({ text: 'é' })), 'Subject: x\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xc3\xa9')
})
test('long quoted-printable lines are broken softly, and read the same', () => {
  const text = `${'ä long line = '.repeat(30)} `
  const raw = latin1('Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nx')
  const result = openCopy(latin1(edited(raw, () => ({ text }))))
  assert.ok(result.view.split('\r\n').every((line) => line.length <= 76))
  assert.equal(result.parts[0] && textOf(result, result.parts[0], null), text)
})
test('a large body stays as it is, and so does a binary one', () => {
  const large = openCopy(latin1(`Subject: x\r\n\r\n${'x'.repeat(300_000)}`))
  assert.equal(large.parts[0] && textOf(large, large.parts[0], null), null)
  assert.deepEqual(openCopy(latin1('Content-Type: image/png\r\n\r\n\x89PNG')).parts, [])
})
