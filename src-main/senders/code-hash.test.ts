import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashOfCode, isCode, newMailedCode } from './code-hash.ts'

test('a code is eight digits, and hardly ever the same', () => {
  const codes = Array.from({ length: 200 }, newMailedCode)
  for (const code of codes) assert.match(code, /^\d{8}$/)
  assert.ok(new Set(codes).size > 190)
})

test('a hash knows its code, however it is typed, and no other; two hashes of one code differ', async () => {
  const [one, other] = await Promise.all([hashOfCode('01234567'), hashOfCode('01234567')])
  assert.notEqual(one, other)
  assert.ok(!one.includes('01234567'))
  for (const typed of ['01234567', '0123 4567', ' 0123-4567 ']) assert.equal(await isCode(typed, one), true, typed)
  for (const typed of ['1234567', '01234568', '', '012345670']) assert.equal(await isCode(typed, other), false, typed)
})
