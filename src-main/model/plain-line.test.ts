import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain, plainLine, plainLines } from './plain-line.ts'

const rows: [given: string, line: string][] = [
  ['invoice.pdf', 'invoice.pdf'], ['a\r\nBcc: all@example.com', 'a Bcc: all@example.com'], ['a\u2028b\u0085c\0d', 'a b c d'], ['x\u202egnp.exe', 'x gnp.exe'], ['  two\t words ', 'two words'],
  ['שלום', 'שלום'], ['👩‍👩‍👧 zero width joiners stay', '👩‍👩‍👧 zero width joine…'], ['1234567890123456789012345678', '1234567890123456789012345…'], ['', '']
]
for (const [given, line] of rows) test(`${JSON.stringify(given)} is shown as ${line}`, () => assert.equal(plainLine(given, 26), line))

test('a line of a table keeps its spaces, text of several lines its lines', () => {
  assert.equal(plain('a\u001b[2Jb  c\u2028d\u061ce'), 'a [2Jb  c d e')
  assert.equal(plainLines('a\r\n\tb\u0007\rc\u202e'), 'a\n    b \nc ')
})
