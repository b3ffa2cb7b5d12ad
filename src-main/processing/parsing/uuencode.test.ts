import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attachmentBytes } from './attachment-bytes.ts'
import { parseMessage } from './parse-message.ts'
import { decodeUuencoded, findUuencoded } from './uuencode.ts'

/** Encoder of POSIX, with a grave accent for zero. */
function encode(data: Buffer, space = '`'): string {
  const lines: string[] = []
  for (let at = 0; at < data.length; at += 45) {
    const piece = Buffer.concat([data.subarray(at, at + 45), Buffer.alloc(2)])
    const length = Math.min(45, data.length - at)
    let line = String.fromCharCode(32 + length)
    for (let index = 0; index < length; index += 3) {
      const group = piece.readUIntBE(index, 3)
      for (let shift = 18; shift >= 0; shift -= 6) line += ((group >> shift) & 63) === 0 ? space : String.fromCharCode(32 + ((group >> shift) & 63))
    }
    lines.push(line)
  }
  return [...lines, space, ''].join('\n')
}
const data = Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 37) & 255))
const block = (name = 'a b.bin', space = '`'): string => `begin 644 ${name}\n${encode(data, space)}end\n`

const found: [string, string, string[]][] = [
  ['one', `Hello\n\n${block()}\nBye`, ['a b.bin']],
  ['two', `${block('1.bin')}${block('2.bin')}`, ['1.bin', '2.bin']],
  ['CRLF', `Hello\r\n${block().replaceAll('\n', '\r\n')}`, ['a b.bin']],
  ['with spaces for zeros', block('a.bin', ' '), ['a.bin']],
  ['spaces taken away by transport', block('a.bin', ' ').replace(/ +$/gm, ''), ['a.bin']],
  ['no end', 'begin 644 a.bin\nMabc\n', []],
  ['a text that speaks of it', 'You begin 644 x\nbegin 644 files now\nand then go on.\nend\n', []],
  ['a line that is longer than it says', 'begin 644 x\n#AAAAAAAAAAAAAAAA\n`\nend\n', []],
  ['empty', 'begin 644 x\n`\nend\n', ['x']],
  ['quoted', `> ${block().replaceAll('\n', '\n> ')}`, []]
]
for (const [what, text, names] of found)
  test(`uuencoded files: ${what}`, () => {
    const bytes = Buffer.from(text, 'latin1')
    const files = findUuencoded(bytes)
    assert.deepEqual(files.map(({ name }) => name), names)
    for (const { start, end, name } of files) if (name !== 'x') assert.ok(decodeUuencoded(bytes.subarray(start, end)).equals(data))
  })

test('the place of a file in an encoded text part is found again', () => {
  for (const encoding of ['7bit', 'base64']) {
    const body = `Text\n\n${block('Übung.bin')}`
    const raw = Buffer.from(`From: a@b.c\nContent-Transfer-Encoding: ${encoding}\n\n${encoding === 'base64' ? Buffer.from(body).toString('base64') : body}`)
    const { content, places } = parseMessage(raw)
    assert.deepEqual([content.text, content.attachments.map(({ name, size }) => [name, size])], ['Text', [['Übung.bin', 200]]])
    assert.ok(attachmentBytes(raw, places[0] as (typeof places)[number]).equals(data))
  }
})

test('uuencode as a transfer encoding', () => {
  const raw = Buffer.from(`From: a@b.c\nContent-Type: application/octet-stream; name=x.bin\nContent-Transfer-Encoding: x-uuencode\n\n${block()}`)
  const { content, places } = parseMessage(raw)
  assert.equal(content.attachments[0]?.size, 200)
  assert.ok(attachmentBytes(raw, places[0] as (typeof places)[number]).equals(data))
})
