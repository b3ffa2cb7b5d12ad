import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readYaml } from './yaml-document.ts'

const million = 1_000_000
const rows: [what: string, text: string, tooDeep: boolean][] = [
  ['brackets without end', '['.repeat(3 * million), true],
  ['braces and keys', '{a: '.repeat(million), true],
  ['lists in one line', `a:\n  ${'- '.repeat(million)}`, true],
  ['complex keys in one line', '? '.repeat(million), true],
  ['a hundred and one lists', `a: ${'['.repeat(101)}${']'.repeat(101)}`, true],
  ['a hundred lists', `a: ${'['.repeat(100)}${']'.repeat(100)}`, false],
  ['brackets in quotes', `a: "${'['.repeat(1000)}"\nb: '${'{'.repeat(1000)}'\n`, false],
  ['many lists, one after the other', 'a:\n' + '  - [[1], [2]]\n'.repeat(1000), false]
]

for (const [what, text, tooDeep] of rows)
  test(`${what}: ${tooDeep ? 'refused at once' : 'read'}`, { timeout: 20_000 }, () => {
    const { yaml, issues } = readYaml(text)
    assert.deepEqual(tooDeep ? [yaml, issues.map(({ message }) => message)] : [yaml !== null, issues], tooDeep ? [null, ['The file is nested too deeply.']] : [true, []])
  })
