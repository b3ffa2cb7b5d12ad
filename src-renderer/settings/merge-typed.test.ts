import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeTyped } from './merge-typed.ts'

type Part = { files: { size: number; kinds: string[]; tell?: boolean }; answers: { most: number | null } }
const base: Part = { files: { size: 20, kinds: ['exe'] }, answers: { most: 10 } }
const files = (change: Partial<Part['files']>): Part => ({ ...base, files: { ...base.files, ...change } })

const cases: [string, Part, Part, Part, boolean][] = [
  ['nobody else changed anything', files({ size: 30 }), base, files({ size: 30 }), false],
  ['only somebody else did', base, files({ size: 25 }), files({ size: 25 }), false],
  ['two fields of one group', files({ size: 30 }), files({ kinds: ['exe', 'js'] }), files({ size: 30, kinds: ['exe', 'js'] }), false],
  ['two groups', files({ size: 30 }), { ...base, answers: { most: null } }, { ...files({ size: 30 }), answers: { most: null } }, false],
  ['a field that is new', files({ tell: true }), files({ size: 25 }), files({ size: 25, tell: true }), false],
  ['the same to the same', files({ size: 30 }), files({ size: 30 }), files({ size: 30 }), false],
  ['the same to something else', files({ size: 30 }), files({ size: 25 }), files({ size: 30 }), true],
  ['a list is taken whole', files({ kinds: ['exe', 'vbs'] }), files({ kinds: ['exe', 'js'] }), files({ kinds: ['exe', 'vbs'] }), true]
]
for (const [what, typed, fresh, value, clash] of cases) test(`merging what was typed: ${what}`, () => assert.deepEqual(mergeTyped(base, typed, fresh), { value, clash }))
