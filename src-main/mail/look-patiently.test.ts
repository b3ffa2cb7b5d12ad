import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemOf } from './incoming-transport-promises.ts'
import { lookPatiently } from './look-patiently.ts'

const running = new AbortController().signal

test('a copy is looked for until it is there, or cannot be told of', async () => {
  for (const [answers, found, looks] of [[[true], true, 1], [[false, true], true, 2], [[false, null], null, 2], [[false, false, false], false, 3]] as const) {
    let asked = 0
    assert.equal(await lookPatiently(async () => answers[asked++] ?? null, running, [0, 1, 1]), found)
    assert.equal(asked, looks)
  }
})

test('whoever calls it off is told so', async () => {
  const called = new AbortController()
  const looking = problemOf(lookPatiently(async () => { called.abort(); return false }, called.signal, [0, 60_000]))
  assert.deepEqual(await looking, { code: 'cancelled' })
})
