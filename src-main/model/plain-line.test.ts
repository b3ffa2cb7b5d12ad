import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainLine } from './plain-line.ts'

const rows: [given: string, line: string][] = [
  ['invoice.pdf', 'invoice.pdf'], ['a\r\nBcc: all@example.com', 'a Bcc: all@example.com'], ['a\u2028b\u0085c\0d', 'a b c d'], ['x\u202egnp.exe', 'x gnp.exe'], ['  two\t words ', 'two words'],
  ['שלום', 'שלום'], ['👩‍👩‍👧 zero width joiners stay', '👩‍👩‍👧 zero width joine…'], ['1234567890123456789012345678', '1234567890123456789012345…'], ['', '']
]
for (const [given, line] of rows) test(`${JSON.stringify(given)} is shown as ${line}`, () => assert.equal(plainLine(given, 26), line))
