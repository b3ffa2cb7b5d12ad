import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRecentTraffic } from './recent-traffic.ts'

const minute = 60_000

test('mail counts for an hour, whatever the case of the address', () => {
  let time = 1_000 * minute
  const traffic = createRecentTraffic({ now: () => time })
  assert.equal(traffic.mailsFrom('ann@example.com'), 0)
  traffic.note('Ann@Example.com')
  time += 30 * minute
  traffic.note('ann@example.com')
  traffic.note('bob@example.com')
  assert.equal(traffic.mailsFrom('ANN@example.com'), 2)
  time += 29 * minute
  assert.equal(traffic.mailsFrom('ann@example.com'), 2)
  time += minute
  assert.equal(traffic.mailsFrom('ann@example.com'), 1)
  time += 30 * minute
  assert.equal(traffic.mailsFrom('ann@example.com'), 0)
})

test('only the most recent senders are remembered, however much they send', () => {
  const traffic = createRecentTraffic({ now: () => 0 })
  traffic.note('first@example.com')
  traffic.note('kept@example.com')
  for (let index = 0; index < 19_999; index += 1) {
    traffic.note(`s${index}@example.com`)
    if (index % 1_000 === 0) traffic.note('kept@example.com')
  }
  assert.equal(traffic.mailsFrom('first@example.com'), 0)
  assert.equal(traffic.mailsFrom('kept@example.com'), 21)
  for (let index = 0; index < 100_000; index += 1) traffic.note('loop@example.com')
  assert.equal(traffic.mailsFrom('loop@example.com'), 100_000)
})
