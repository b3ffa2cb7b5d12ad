import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestName } from './nearest-name.ts'

const known = ['validate', 'import', 'export', 'diff', 'fetch', 'host']
const rows: [string, string | null][] = [
  ['valdate', 'validate'],
  ['improt', 'import'],
  ['EXPORT', 'export'],
  ['hots', 'host'],
  ['ftech', 'fetch'],
  ['something-else', null],
  ['', null]
]
for (const [typed, nearest] of rows) test(`“${typed}” means ${nearest}`, () => assert.equal(nearestName(typed, known), nearest))
test('nothing is near where nothing is known', () => assert.equal(nearestName('a', []), null))
test('a very long name is answered at once', () => assert.equal(nearestName('x'.repeat(1_000_000), known), null))
