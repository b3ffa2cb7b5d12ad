import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzSeeds, mutated } from '../../../testbed/fuzz-messages.ts'
import { attachmentBytes } from './attachment-bytes.ts'
import { parseMessage } from './parse-message.ts'

test('600 mutated messages of every kind: an answer in time that holds what it promises', () => {
  const seeds = fuzzSeeds()
  for (let index = 0; index < 600; index++) {
    const raw = mutated(seeds, 20_261_121, index)
    const before = process.cpuUsage()
    const { content, places, kinds, bounce } = parseMessage(raw)
    const { user, system } = process.cpuUsage(before)
    assert.ok(user + system < 2_000_000, `message ${index} took ${Math.round((user + system) / 1000)} ms`)
    assert.equal(places.length, content.attachments.length)
    assert.equal(kinds?.length, places.length)
    for (const [at, place] of places.slice(0, 20).entries())
      if (place.end - place.start < 16_384) assert.equal(attachmentBytes(raw, place).length, content.attachments[at]?.size, `size of attachment ${at} of message ${index}`)
    assert.ok(JSON.stringify([content, bounce]).isWellFormed() && content.text.isWellFormed() && !content.text.includes('\0'), `text of message ${index}`)
    assert.ok(content.attachments.every(({ name }) => name !== '' && name.isWellFormed()), `names of message ${index}`)
    assert.ok(bounce === null || bounce === undefined || bounce.recipients.length > 0)
  }
})

test('the same seed gives the same messages', () => {
  const seeds = fuzzSeeds()
  assert.deepEqual(mutated(seeds, 1, 5), mutated(seeds, 1, 5))
  assert.notDeepEqual(mutated(seeds, 1, 5), mutated(seeds, 2, 5))
})
