import assert from 'node:assert/strict'
import { test } from 'node:test'
import { envelopeAddress } from './envelope-address.ts'

const rows: [address: string, takesUtf8: boolean, sent: string | null][] = [
  ['ann@example.org', false, 'ann@example.org'],
  ['ann@bücher.example', false, 'ann@xn--bcher-kva.example'],
  ['ann@bücher.example', true, 'ann@bücher.example'],
  ['grüße@example.org', true, 'grüße@example.org'],
  ['grüße@example.org', false, null],
  ['ann@example.org>\r\nRCPT TO:<eve@example.org', true, null],
  ['ann@example.org> SIZE=1', true, null],
  ['ann\u0000@example.org', true, null],
  ['ann', true, null],
  ['@example.org', true, null],
  ['ann@', true, null],
  ['', true, null]
]

for (const [address, takesUtf8, sent] of rows)
  test(`${JSON.stringify(address)} is sent as ${String(sent)}${takesUtf8 ? ' with SMTPUTF8' : ''}`, () => assert.equal(envelopeAddress(address, takesUtf8), sent))
