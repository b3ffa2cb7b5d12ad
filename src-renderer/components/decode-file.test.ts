import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodedAs, otherEncodings, plainlyDecoded } from './decode-file.ts'

const bytes = (text: string, encoding: 'utf8' | 'utf16le' | 'latin1'): Uint8Array => new Uint8Array(Buffer.from(text, encoding))

const rows: [string, Uint8Array, string | null][] = [
  ['ASCII', bytes('name,address', 'utf8'), 'name,address'],
  ['UTF-8', bytes('Jörg Müller', 'utf8'), 'Jörg Müller'],
  ['UTF-8 with a byte order mark, which is no part of the first column', bytes('\ufeffname', 'utf8'), 'name'],
  ['UTF-16 as Excel writes it', bytes('\ufeffJörg', 'utf16le'), 'Jörg'],
  ['big-endian UTF-16', new Uint8Array([0xfe, 0xff, 0x00, 0x4a]), 'J'],
  ['Windows-1252 does not say what it is', bytes('J\u00f6rg', 'latin1'), null],
  ['an empty file', new Uint8Array(), '']
]
for (const [what, given, expected] of rows) test(what, () => assert.equal(plainlyDecoded(given), expected))

test('what is not UTF-8 is read as chosen', () => {
  assert.equal(decodedAs(new Uint8Array([0x80, 0xf6]), 'windows-1252'), '€ö')
  assert.equal(decodedAs(new Uint8Array([0xe9]), 'windows-1251'), 'й')
  for (const { value } of otherEncodings) assert.equal(decodedAs(bytes('name', 'utf8'), value), 'name')
})
