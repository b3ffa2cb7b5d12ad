import assert from 'node:assert/strict'
import { test } from 'node:test'
import { looseJson, memberOf, shortLine, textOf } from './loose-json.ts'

test('what is no JSON is null, and a member of it is undefined', () => {
  assert.equal(looseJson('<html>'), null)
  assert.equal(memberOf(looseJson(''), 'error'), undefined)
  assert.equal(memberOf('text', 'length'), undefined)
})

test('only own members count', () => {
  assert.equal(memberOf({ error: 1 }, 'error'), 1)
  assert.equal(memberOf({}, 'toString'), undefined)
})

test('texts are texts, and short', () => {
  assert.equal(textOf(7), '')
  assert.equal(shortLine(' two\r\n  lines '), 'two lines')
  assert.equal(shortLine('x'.repeat(900)).length, 500)
})
