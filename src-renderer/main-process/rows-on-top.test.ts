import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onTop, type RowsRead } from './rows-on-top.ts'

const cases: [title: string, page: RowsRead<number>, read: RowsRead<number>, result: RowsRead<number>][] = [
  ['nothing was read before', { rows: [3, 2], next: 2 }, { rows: [], next: null }, { rows: [3, 2], next: 2 }],
  ['one came: what it pushes out of the newest page stays', { rows: [6, 5], next: 5 }, { rows: [5, 4, 3, 2], next: 2 }, { rows: [6, 5, 4, 3, 2], next: 2 }],
  ['more came than a page holds: reading begins anew', { rows: [9, 8], next: 8 }, { rows: [5, 4, 3], next: 3 }, { rows: [9, 8], next: 8 }],
  ['the page is all there is', { rows: [6, 4], next: null }, { rows: [5, 4], next: null }, { rows: [6, 4], next: null }]
]
for (const [title, page, read, result] of cases) test(`newest rows on top: ${title}`, () => assert.deepEqual(onTop(page, read, (row) => row), result))
