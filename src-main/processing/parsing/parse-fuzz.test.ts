import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mixedMessages } from '../../../testbed/message-generator.ts'
import { createChance } from '../../../testbed/chance.ts'
import { attachmentBytes } from './attachment-bytes.ts'
import { parseMessage } from './parse-message.ts'

const pieces = ['\r\n', '\n', '\r', '\0', '\r\n\r\n', '--', '--b\r\n', '=?utf-8?B?', '?=', '=', '"', '<', '>', '(', ';', ':', ',', 'Content-Type: multipart/mixed; boundary=b\r\n', 'charset=utf-7', 'charset=iso-2022-jp', '\x1b$B', '\xff\xfe', '&#x', '<style>', 'base64']

test('2,000 damaged messages: no throw, an answer in time, offsets within the message', () => {
  const chance = createChance(20_261_120)
  const sound = mixedMessages(80, { seed: 5 }).map(({ raw }) => raw).filter((raw) => raw.length < 60_000)
  let slow = 0
  for (let round = 0; round < 2_000; round++) {
    const raw = damage(Buffer.from(chance.pick(sound)), chance)
    const before = process.cpuUsage().user
    const { content, places, fingerprint } = parseMessage(raw)
    if (process.cpuUsage().user - before > 50_000) slow++
    assert.equal(places.length, content.attachments.length)
    assert.match(fingerprint, /^[0-9a-f]{64}$/)
    for (const [index, place] of places.entries()) {
      assert.ok(place.start >= 0 && place.start <= place.end && place.end <= raw.length)
      if (place.end - place.start < 16_384) assert.equal(attachmentBytes(raw, place).length, content.attachments[index]?.size)
    }
    assert.ok(JSON.stringify(content).isWellFormed() && content.text.isWellFormed() && content.subject.isWellFormed())
    assert.ok(!/[\0\r\n]/.test(content.subject) && content.attachments.every(({ name }) => name !== ''))
  }
  // One that is slow may be the machine's pause; several are the parser's.
  assert.ok(slow <= 2, `${slow} took more than 50 ms`)
})

function damage(raw: Buffer, chance: ReturnType<typeof createChance>): Buffer {
  let bytes = raw
  for (let times = chance.between(1, 8); times > 0; times--) {
    const at = chance.between(0, Math.max(0, bytes.length - 1))
    const kind = chance.between(0, 4)
    if (kind === 0) bytes[at] = chance.between(0, 255)
    else if (kind === 1) bytes = bytes.subarray(0, at)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(chance.pick(pieces), 'latin1'), bytes.subarray(at)])
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + chance.between(1, 200))])
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - chance.between(1, 500)))])
  }
  return Buffer.from(bytes)
}
