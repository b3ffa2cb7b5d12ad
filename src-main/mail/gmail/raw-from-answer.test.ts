import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawFromAnswer } from './raw-from-answer.ts'

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size))
}
const raw = Buffer.from(Array.from({ length: 1_000 }, (_none, index) => index % 256))
const coded = raw.toString('base64url')

for (const padding of ['', '==', '\\u003d\\u003d']) {
  for (const size of [1, 2, 3, 5, 64, 10_000]) {
    test(`pieces of ${size}, padding “${padding}”`, async () => {
      const found = await rawFromAnswer(pieces(`{\n "snippet": "a \\"raw\\": \\"x",\n "raw": "${coded}${padding}",\n "labelIds": ["INBOX"]\n}`, size))
        assert.ok(found !== null && found.raw.equals(raw))
      assert.deepEqual(JSON.parse(found.rest), { snippet: 'a "raw": "x', raw: '', labelIds: ['INBOX'] })
    })
  }
}
test('the first bytes alone', async () => {
  const found = await rawFromAnswer(pieces(`{"raw":"${coded}"}`, 10), 100)
  assert.ok(found?.cut && found.raw.equals(raw.subarray(0, 100)))
})
test('no message, and one that ends early', async () => {
  assert.equal(await rawFromAnswer(pieces('{"id":"1"}', 4)), null)
  assert.equal(await rawFromAnswer(pieces(`{"raw":"${coded}`, 4)), null)
  assert.equal(await rawFromAnswer(pieces('x'.repeat(3_000_000), 65_536)), null)
})
test('an empty message', async () => assert.equal((await rawFromAnswer(pieces('{"raw":""}', 4)))?.raw.length, 0))
