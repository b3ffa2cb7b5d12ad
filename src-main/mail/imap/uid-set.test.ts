import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uidSets } from './uid-set.ts'

const table: [string[], string[]][] = [
  [[], []], [['5'], ['5']], [['1', '2', '3'], ['1:3']], [['3', '1', '2', '2'], ['1:3']], [['1', '3', '4', '9'], ['1,3:4,9']],
  [['4294967295', '4294967294'], ['4294967294:4294967295']], [['0', '-1', '*', '1:*', '', 'x', '7'], ['7']]
]
for (const [ids, sets] of table) test(`${ids.join(' ')} → ${sets.join(' | ')}`, () => assert.deepEqual(uidSets(ids), sets))

test('many scattered UIDs make several short sets that lose none', () => {
  const ids = Array.from({ length: 5_000 }, (_none, index) => String(1_000_000 + index * 2))
  const sets = uidSets(ids)
  assert.ok(sets.length > 1 && sets.every((set) => set.length <= 7_000))
  assert.deepEqual(sets.join(',').split(','), ids)
})
