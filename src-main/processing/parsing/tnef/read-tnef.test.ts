import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildTnef, plainRtf } from '../../../../testbed/build-tnef.ts'
import { attachmentBytes } from '../attachment-bytes.ts'
import { parseMessage } from '../parse-message.ts'
import { decompressRtf } from './decompress-rtf.ts'
import { readTnef } from './read-tnef.ts'
import { textFromRtf } from './text-from-rtf.ts'

const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
const files = [{ name: 'NOTES~1.TXT', longName: 'Notizen März.txt', data: Buffer.from('Notes') }, { name: 'logo.png', data: png, contentId: 'logo@x' }]
const message = (tnef: Buffer, text = ''): Buffer =>
  Buffer.from(`From: ann@x.y\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${text}\r\n--b\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n${tnef.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n--b--\r\n`)

test('files in winmail.dat are attachments of the message', () => {
  const raw = message(buildTnef({ files, text: 'Not taken' }), 'Own text')
  const { content, places, kinds } = parseMessage(raw)
  assert.equal(content.text, 'Own text')
  assert.deepEqual(content.attachments.map(({ name, size, disposition, contentId }) => [name, size, disposition, contentId]), [['Notizen März.txt', 5, 'attachment', null], ['logo.png', 10, 'inline', 'logo@x']])
  assert.deepEqual(places.map((place) => attachmentBytes(raw, place).toString('hex')), [Buffer.from('Notes').toString('hex'), png.toString('hex')])
  assert.deepEqual(kinds, [null, 'png'])
})

const bodies: [string, Parameters<typeof buildTnef>[0], string, boolean][] = [
  ['plain text', { text: 'Line 1\r\nLine 2' }, 'Line 1\nLine 2', false],
  ['HTML', { html: '<p>Grüße</p><p>Ann</p>' }, 'Grüße\n\nAnn', true],
  ['plain text and HTML', { text: 'Plain', html: '<p>Page</p>' }, 'Plain', true],
  ['RTF', { rtf: plainRtf('{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}Gr\\\'fc\\\'dfe\\par \\u8364? und \\{x\\}}') }, 'Grüße\n€ und {x}', false],
  ['HTML in RTF', { rtf: plainRtf('{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\f1 \\htmlrtf0 Hello {\\*\\htmltag84 &amp;} all\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}') }, 'Hello & all', true]
]
for (const [what, made, text, page] of bodies)
  test(`text of winmail.dat where the mail has none: ${what}`, () => {
    const { content } = parseMessage(message(buildTnef(made)))
    assert.equal(content.text, text)
    assert.equal(content.html !== null, page)
    assert.deepEqual(content.attachments, [])
  })

test('damaged ones stay attachments', () => {
  const tnef = buildTnef({ files })
  const wrong: Buffer[] = [tnef.subarray(0, tnef.length - 40), Buffer.from('no TNEF at all'), Buffer.concat([tnef.subarray(0, 6), Buffer.from([9]), tnef.subarray(7)]), Buffer.alloc(0)]
  for (const bytes of wrong) {
    assert.equal(readTnef(bytes), null)
    assert.deepEqual(parseMessage(message(bytes, 'Text')).content.attachments.map(({ name, size }) => [name, size]), [['winmail.dat', bytes.length]])
  }
})

// MS-OXRTFCP 3.1 and 3.2: the two worked examples of the specification.
test('the examples of MS-OXRTFCP', () => {
  const simple = Buffer.from('2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c0900206277 05b06c647d0a800fa0'.replaceAll(' ', ''), 'hex')
  assert.equal(decompressRtf(simple)?.toString('latin1'), '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n')
  const overlapping = Buffer.from('1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0', 'hex')
  assert.equal(decompressRtf(overlapping)?.toString('latin1'), '{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}')
  assert.equal(decompressRtf(Buffer.from('no')), null)
})

test('RTF without end and with groups that show nothing', () => {
  assert.deepEqual(textFromRtf(Buffer.from('{\\rtf1{\\info{\\title T}}{\\*\\generator G;}A{\\pict 0102}B\\tab C')), { text: 'AB\tC', html: null })
  assert.deepEqual(textFromRtf(Buffer.from('{'.repeat(200_000))), { text: '', html: null })
})
