import assert from 'node:assert/strict'
import { test } from 'node:test'
import { servedAddress } from './is-for-mailbox.ts'

const table: [string, string[], string[], [string, string][], string | null][] = [
  ['To', ['IT@example.com'], [], [], 'it@example.com'],
  ['Cc', ['x@y.z'], ['help@example.com'], [], 'help@example.com'],
  ['others', ['x@y.z'], ['sales@example.com'], [], null],
  ['Delivered-To', ['x@y.z'], [], [['delivered-to', 'it@example.com']], 'it@example.com'],
  ['X-Original-To in angles', [], [], [['x-original-to', '<it@example.com>']], 'it@example.com'],
  ['Envelope-To with several', [], [], [['envelope-to', 'x@y.z, help@example.com']], 'help@example.com'],
  ['another field', [], [], [['x-note', 'it@example.com']], null],
  ['detail', ['it+printer@example.com'], [], [], 'it@example.com'],
  ['address that only ends so', ['exit@example.com'], [], [], null],
  ['nobody', [], [], [], null]
]
for (const [what, to, cc, fields, expected] of table)
  test(`served address: ${what}`, () => {
    const address = (one: string) => ({ name: '', address: one })
    assert.equal(servedAddress({ to: to.map(address), cc: cc.map(address), fields: fields.map(([name, value]) => ({ name, value })) }, ['it@example.com', 'help@example.com']), expected)
  })
