import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canariesIn, formsOf } from './canaries.ts'

const canary = 'cAnary-Ω+/?7~x'
const around = (text: string): Buffer => Buffer.from(`ab${text}yz`)
const ways: [string, Buffer][] = [
  ['plain', around(canary)], ['hex', Buffer.from(around(canary).toString('hex'))], ['JSON', Buffer.from(JSON.stringify({ a: canary }))], ['percent', Buffer.from(encodeURIComponent(canary))],
  ...[0, 1, 2].map((offset): [string, Buffer] => [`base64 at ${offset}`, Buffer.from(Buffer.from(`${'k'.repeat(offset)}${canary}tail`).toString('base64'))]),
  ...[0, 1, 2].map((offset): [string, Buffer] => [`base64url at ${offset}`, Buffer.from(Buffer.from(`${'k'.repeat(offset)}${canary}tail`).toString('base64url'))]),
  ['UTF-16 little', Buffer.from(canary, 'utf16le')], ['UTF-16 big', Buffer.from(canary, 'utf16le').swap16()], ['UTF-16 in base64', Buffer.from(Buffer.from(`x${canary}`, 'utf16le').toString('base64'))]
]
for (const [way, bytes] of ways) test(`a canary is found in ${way}`, () => assert.deepEqual(canariesIn(bytes, { it: canary }), ['it']))

test('what is not there is not found', () => {
  assert.deepEqual(canariesIn(around('cAnary-other'), { it: canary }), [])
  assert.ok(formsOf(canary).every((form) => form.length >= 8))
})
