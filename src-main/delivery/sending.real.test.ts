import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postfixMissing } from '../../testbed/postfix.ts'
import { sendingCases } from '../../testbed/sending-cases.ts'
import { sendKilled } from '../../testbed/sending-killed.ts'

// `npm run bench -- sending` runs all cases with more mail.
const skip = postfixMissing() ?? false

for (const what of ['refused: 550 5.1.1 at RCPT', 'refused: 550 5.7.1 after DATA', '421 in mid-pool, each 10th mail', 'the connection ends before the answer to the message'])
  test(`Postfix, ${what}: no mail is lost, none goes twice`, { skip }, async () => {
    const row = await sendingCases.find((one) => one.what === what)?.run(12)
    assert.deepEqual([row?.put, row?.lost, row?.doubled, row?.wrong], [12, 0, 0, []])
  })

test('sending is killed again and again: each mail is at the server once, or says that nobody knows', { skip }, async () => {
  const { put, kills, lost, doubled } = await sendKilled(150, 3, 11)
  assert.deepEqual([put, lost, doubled], [150, 0, 0])
  assert.ok(kills > 0, 'nothing was killed')
})
