import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePattern, compilePatterns } from './compile-pattern.ts'

// Syntax: https://github.com/google/re2/wiki/Syntax
const found: [pattern: string, text: string, expected: boolean][] = [
  ['viagra|cialis', 'Cheap VIAGRA', true], ['^re:', 'Re: printer', true], ['^printer', 'Re: printer', false], ['\\b\\d{3}-\\d{4}\\b', 'call 555-0199 now', true], ['(?-i)YES', 'yes', false], ['gr(ü|ue)ße', 'GRÜSSE Grüße', true], ['\\p{Cyrillic}{5}', 'Привет', true]
]
for (const [pattern, text, expected] of found) test(`${pattern} in ${text}`, () => assert.equal(compilePattern(pattern).found?.(text), expected))

const refused: [pattern: string, reason: RegExp][] = [
  ['(a', /missing closing \): `\(a`\.$/], ['a)', /unexpected \)/], ['[z-a]', /invalid character class range: `z-a`/], ['*a', /missing argument to repetition operator: `\*`/], ['(a)\\1', /invalid escape sequence: `\\1`/],
  ['(?=x)', /invalid or unsupported Perl syntax: `\(\?=`/], ['a\\', /trailing backslash/], ['x**', /invalid nested repetition operator/], ['a{1001}', /invalid repeat count: `\{1001\}`/], ['(?:a{100}b{100}){5}', /too large: .* at most 1000/]
]
for (const [pattern, reason] of refused)
  test(`refused: ${pattern}`, () => {
    const { found: none, problem } = compilePattern(pattern)
    assert.equal(none, null)
    assert.match(problem ?? '', reason)
    assert.doesNotMatch(problem ?? '', /\(\?i\)/)
  })

const first: [patterns: string[], text: string, expected: string | null][] = [
  [['b+', 'a'], 'xabbx', 'b+'], [['z', 'a', 'b'], 'ab', 'a'], [['(', 'a'], 'A', 'a'], [['('], '(', null], [[], 'a', null], [['x', 'y'], 'a', null], [['^b', '^a', 'b$'], 'ab', '^a'], [['(?:a{100}){9}', '(?:b{100}){9}', 'c'], 'c', 'c']
]
for (const [patterns, text, expected] of first) test(`the first of ${JSON.stringify(patterns).slice(0, 60)} in ${text}`, () => assert.equal(compilePatterns(patterns)(text), expected))

test('an expression that would take other engines for ever takes milliseconds', () => {
  const text = `${'a'.repeat(200_000)}!`
  for (const pattern of ['(a+)+$', '(a|aa)*b', '(.*a){20}b', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    const began = performance.now()
    compilePattern(pattern).found?.(text)
    assert.ok(performance.now() - began < 2_000, pattern)
  }
})

test('thousands of expressions are compiled without keeping them all', () => {
  for (let index = 0; index < 6_000; index += 1) assert.equal(compilePattern(`word${index}$`).found?.(`a word${index}`), true)
})
