import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageData } from './message-data.ts'

/** RFC 5321 4.5.2 and 2.3.8. */
const rows: [raw: string, data: string][] = [
  ['a\r\n', 'a\r\n.\r\n'],
  ['a', 'a\r\n.\r\n'],
  ['', '.\r\n'],
  ['.\r\n', '..\r\n.\r\n'],
  ['.', '..\r\n.\r\n'],
  ['a\r\n.\r\n..b\r\n.c', 'a\r\n..\r\n...b\r\n..c\r\n.\r\n'],
  ['a\r\n\r\n.\r\n.\r\n', 'a\r\n\r\n..\r\n..\r\n.\r\n'],
  ['a\n.\nb', 'a\r\n..\r\nb\r\n.\r\n'],
  ['a\r.\rb', 'a\r\n..\r\nb\r\n.\r\n'],
  ['a\n.\r\nMAIL FROM:<x@example.com>\r\n', 'a\r\n..\r\nMAIL FROM:<x@example.com>\r\n.\r\n'],
  ['\xff\xfe\r\n', '\xff\xfe\r\n.\r\n']
]

for (const [raw, data] of rows)
  test(`${JSON.stringify(raw)} goes out as ${JSON.stringify(data)}`, () => {
    const { lines, end } = messageData(Buffer.from(raw, 'latin1'))
    assert.equal(lines.toString('latin1') + end.toString('latin1'), data)
  })
