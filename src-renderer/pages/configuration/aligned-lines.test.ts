import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alignLines, differencesAt, onlyDifferences, type AlignedRow } from './aligned-lines.ts'

const signs = { same: ' ', changed: '~', added: '+', removed: '-' } as const
const drawn = (rows: readonly AlignedRow[]): string[] => rows.map(({ kind, left, right }) => `${signs[kind]} ${left?.text ?? ''} | ${right?.text ?? ''}`)

const cases: [string, string, string, string[]][] = [
  ['nothing', '', '', []],
  ['the same', 'a\nb\n', 'a\nb\n', ['  a | a', '  b | b']],
  ['only on the right', '', 'a\n', ['+  | a']],
  ['only on the left', 'a', '', ['- a | ']],
  ['line ends of Windows', 'a\r\nb\r\n', 'a\nb', ['  a | a', '  b | b']],
  ['one value', 'host: a\nport: 1\n', 'host: b\nport: 1\n', ['~ host: a | host: b', '  port: 1 | port: 1']],
  ['a key more and another value', 'name: x\nhost: a\nport: 1\n', 'name: x\nproxy: p\nhost: b\nport: 1\n', ['  name: x | name: x', '+  | proxy: p', '~ host: a | host: b', '  port: 1 | port: 1']],
  ['another key in the same place', 'x: 1\nhost: a\ny: 2', 'x: 1\nendpoint: a\ny: 2', ['  x: 1 | x: 1', '- host: a | ', '+  | endpoint: a', '  y: 2 | y: 2']],
  ['a server more among equal ones', '- name: a\n  debug: false\n- name: c\n  debug: false\n', '- name: a\n  debug: false\n- name: b\n  debug: false\n- name: c\n  debug: false\n',
    ['  - name: a | - name: a', '    debug: false |   debug: false', '+  | - name: b', '+  |   debug: false', '  - name: c | - name: c', '    debug: false |   debug: false']],
  ['items of a list', 'to:\n  - a@x\n  - b@x\nend: 1', 'to:\n  - b@x\nend: 1', ['  to: | to:', '-   - a@x | ', '    - b@x |   - b@x', '  end: 1 | end: 1']]
]
for (const [title, left, right, rows] of cases)
  test(`aligned: ${title}`, () => {
    assert.deepEqual(drawn(alignLines(left, right)), rows)
  })

test('numbers count on each side for itself, and runs of changes are one difference', () => {
  const rows = alignLines('a\nb\nc\nd\n', 'a\nx\ny\nc\nd\ne\n')
  assert.deepEqual(rows.map(({ left, right }) => [left?.number ?? null, right?.number ?? null]), [[1, 1], [2, null], [null, 2], [null, 3], [3, 4], [4, 5], [null, 6]])
  assert.deepEqual(differencesAt(rows), [1, 6])
})

test('only differences keeps two lines around them and says how many were left out', () => {
  const many = Array.from({ length: 100 }, (_, index) => `line${index}: ${index}`)
  const rows = onlyDifferences(alignLines(many.join('\n'), many.with(50, 'line50: other').join('\n')))
  assert.deepEqual(rows.map((row) => (row.kind === 'gap' ? row.count : row.kind)), [48, 'same', 'same', 'changed', 'same', 'same', 47])
})

test('nothing is lost, in whatever order lines come', () => {
  let state = 7
  const below = (most: number): number => (state = (state * 48_271) % 2_147_483_647) % most
  for (let round = 0; round < 200; round++) {
    const text = (): string[] => Array.from({ length: below(30) }, () => `k${below(8)}: ${below(3)}`)
    const [left, right] = [text(), text()]
    const rows = alignLines(left.join('\n'), right.join('\n'))
    if (left.length > 0) assert.deepEqual(rows.flatMap((row) => row.left?.text ?? []), left)
    if (right.length > 0) assert.deepEqual(rows.flatMap((row) => row.right?.text ?? []), right)
    for (const { kind, left: l, right: r } of rows) assert.equal(kind === 'same', l !== null && r !== null && l.text === r.text)
  }
})

test('five thousand servers that all differ take less than two seconds', () => {
  const servers = (host: string): string => Array.from({ length: 5_000 }, (_, index) => `  - name: server ${index}\n    host: ${host}\n${Array.from({ length: 50 }, (_unused, key) => `    key${key}: same\n`).join('')}`).join('')
  const [left, right] = [servers('a'), servers('b')]
  const begun = performance.now()
  const rows = alignLines(left, right)
  assert.equal(rows.filter(({ kind }) => kind === 'changed').length, 5_000)
  assert.ok(performance.now() - begun < 2_000, `${Math.round(performance.now() - begun)} ms`)
})
