import { test } from 'node:test'
import assert from 'node:assert/strict'
import { benchMessages, mixedMessages } from './message-generator.ts'
import { encodeText } from '../src-main/demo/encode-text.ts'
import { languages } from './generated-text.ts'

test('the same seed gives the same bytes, another seed others', () => {
  const bytes = (seed: number): string => [...benchMessages(40, seed)].map((message) => message.raw.toString('latin1')).join('\n')
  assert.equal(bytes(5), bytes(5))
  assert.notEqual(bytes(5), bytes(6))
})

test('bench mail has the promised mix of sizes', () => {
  const sizes = [...benchMessages(1_000)].map((message) => message.raw.length)
  const share = (low: number, high: number): number => sizes.filter((size) => size >= low && size < high).length / sizes.length
  assert.ok(Math.abs(share(2_500, 22_000) - 0.7) < 0.02, `small ${share(2_500, 22_000)}`)
  assert.ok(Math.abs(share(25_000, 330_000) - 0.25) < 0.02, `with attachment ${share(25_000, 330_000)}`)
  assert.ok(Math.abs(share(900_000, 3_300_000) - 0.05) < 0.01, `large ${share(900_000, 3_300_000)}`)
})

test('mixed mail has unique Message-IDs, CRLF lines and every kind', () => {
  const messages = mixedMessages(300)
  assert.equal(messages.length, 300)
  const ids = messages.flatMap((message) => message.messageId ?? [])
  assert.equal(new Set(ids).size, ids.length)
  const kinds = new Set(messages.map((message) => message.expectation.kind))
  assert.deepEqual([...kinds].sort(), ['auto-reply', 'broken', 'odd', 'question', 'reply-by-reference', 'reply-by-subject'])
  for (const message of messages) assert.doesNotMatch(message.raw.toString('latin1'), /[^\r]\n/, message.subject)
  assert.equal(new Set(messages.map((message) => message.raw.toString('latin1'))).size, 300)
})

test('every sentence survives its charset', () => {
  for (const language of languages)
    for (const charset of language.charsets)
      for (const sentence of language.sentences) {
        const back = new TextDecoder(charset).decode(encodeText(sentence, charset))
        if (charset === 'utf-8' || charset === 'koi8-r' || charset === 'iso-2022-jp' || charset === 'gb18030') assert.equal(back, sentence, charset)
      }
})
