import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enclosedValues } from './enclosed-values.ts'

const known = (name: string): boolean => ['priority', 'level', 'resolution'].includes(name.toLowerCase())
type Row = [what: string, text: string, delimiter: string, pairs: [string, string, boolean][], open?: string[]]
const table: Row[] = [
  ['one', '$Priority=High$', '$', [['Priority', 'High', true]]],
  ['spaces around', '$ Priority = High $', '$', [['Priority', 'High', true]]],
  ['several on a line', 'a $Priority=High$ b $Level=2$ c', '$', [['Priority', 'High', true], ['Level', '2', true]]],
  ['without space between', '$Priority=High$$Level=2$', '$', [['Priority', 'High', true], ['Level', '2', true]]],
  ['over lines', 'Hi,\r\n$Priority=High$\r\n\r\n$Level=2$\r\n', '$', [['Priority', 'High', true], ['Level', '2', true]]],
  ['value with =', '$Resolution=a=b==c$', '$', [['Resolution', 'a=b==c', true]]],
  ['empty value', '$Priority=$', '$', [['Priority', '', true]]],
  ['no =', '$Priority$', '$', []],
  ['no name', '$=High$', '$', []],
  ['wrapped value', '$Resolution=The toner was\nempty$', '$', [['Resolution', 'The toner was empty', true]]],
  ['left open, another below', '$Priority=High\n$Level=2$', '$', [['Level', '2', true]], ['Priority']],
  ['left open, a paragraph below', '$Priority=High\n\nThanks, cost: 5$', '$', [], ['Priority']],
  ['left open at the end', '$Priority=High', '$', [], ['Priority']],
  ['a price before', 'It cost $5 = 4 EUR. $Priority=High$', '$', [['5', '4 EUR.', false], ['Priority', 'High', true]]],
  ['a lone sign before', 'It cost $5\n$Priority=High$', '$', [['Priority', 'High', true]]],
  ['an unknown name', '$Colour=red$\n$Priority=High$', '$', [['Colour', 'red', false], ['Priority', 'High', true]]],
  ['delimiter that means something in a pattern: ^', '^Priority=High^', '^', [['Priority', 'High', true]]],
  ['delimiter that means something in a pattern: .', '.Priority=High.', '.', [['Priority', 'High', true]]],
  ['delimiter that means something in a pattern: \\', '\\Priority=High\\', '\\', [['Priority', 'High', true]]],
  ['delimiter that means something in a pattern: |', '|Priority=High|', '|', [['Priority', 'High', true]]],
  ['delimiter of two bytes', '§Priority=High§', '§', [['Priority', 'High', true]]],
  ['other delimiter', '$Priority=High$', '%', []],
  ['control characters', '$Priority=Hi\u0000gh$', '$', [['Priority', 'Hi gh', true]]],
  ['no-break spaces', '$\u00a0Priority\u00a0=\u00a0High\u00a0$', '$', [['Priority', 'High', true]]],
  ['nothing', '', '$', []]
]
for (const [what, text, delimiter, pairs, open = []] of table)
  test(`enclosed: ${what}`, () => {
    const found = enclosedValues(text, delimiter, known)
    assert.deepEqual(found.pairs.map(({ name, value, known }) => [name, value, known]), pairs)
    assert.deepEqual(found.open, open)
    for (const { start, end } of found.pairs) assert.ok(text.slice(start, end).startsWith(delimiter) && text.slice(start, end).endsWith(delimiter))
  })

test('hostile text takes time in proportion to it, and finds a bounded number', () => {
  for (const text of ['$'.repeat(1_000_000), '$a='.repeat(300_000), '$Priority='.repeat(100_000), `$Priority=${'x'.repeat(1_000_000)}`, `$Priority=${' \n'.repeat(500_000)}$`, `$${' '.repeat(1_000_000)}=`]) {
    const before = performance.now()
    const { pairs, open } = enclosedValues(text, '$', known)
    assert.ok(performance.now() - before < 1000)
    assert.ok(pairs.length + open.length <= 1000)
  }
})
