import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitValues, withValues } from './split-values.ts'

const rows: [string, string[]][] = [
  ['', []],
  ['out of office', ['out of office']],
  ['a, b, c', ['a', 'b', 'c']],
  ['a,,b , ', ['a', 'b']],
  ['a\nb\r\nc', ['a', 'b', 'c']],
  ['"Hello, world", again', ['Hello, world', 'again']],
  ['"say ""no""", x', ['say "no"', 'x']],
  ['5" disk, x', ['5" disk', 'x']],
  ['"unfinished, quote', ['"unfinished', 'quote']],
  ['"a" b, c', ['"a" b', 'c']],
  [' , ,', []]
]
for (const [text, values] of rows) test(`${JSON.stringify(text)} has ${values.length} values`, () => assert.deepEqual(splitValues(text), values))

test('a value that is there is not added again, whatever its case', () => assert.deepEqual(withValues(['Exe'], ['exe', 'BAT', 'bat']), ['Exe', 'BAT']))
test('ten thousand quotes are read at once', () => assert.ok(splitValues('"'.repeat(10_000)).length <= 10_000))
