import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { parseCommand, wholeNumber } from './parse-command.ts'

const command = { name: 'outgoing send', arguments: 'NAME', takes: [1, 2] as const, flags: { to: { value: 'ADDRESS', repeatable: true, help: '' }, subject: { value: 'TEXT', help: '' }, all: { help: '' } } }

const messageOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof ProblemError) return wordsOf(error.problem).title
    throw error
  }
  return 'accepted'
}

const wrong: [string[], RegExp][] = [
  [['a', '--subjct', 'x'], /--subjct is no flag.*Did you mean --subject\?/],
  [['a', '--xyzzy'], /--xyzzy is no flag of this command\.$/],
  [['a', '-x'], /-x is no flag/],
  [['a', '--constructor'], /--constructor is no flag/],
  [['a', '--all=yes'], /--all takes no value/],
  [['a', '--subject'], /--subject needs a value/],
  [['a', '--subject', '--all'], /--subject needs a value/],
  [['a', '--subject', 'x', '--subject', 'y'], /given twice/],
  [[], /“outgoing send” needs NAME/],
  [['a', 'b', 'c'], /“c” is too much/]
]
for (const [typed, words] of wrong) test(`refuses ${typed.join(' ') || 'nothing'}`, () => assert.match(messageOf(() => parseCommand(command, typed)), words))

test('takes flags anywhere, values with = and everything after --', () => {
  const asked = parseCommand(command, ['--to', 'a@x', 'main', '--to=b@x', '--json', '--subject', '-1 day', '--', '--odd'])
  assert.deepEqual(asked.positionals, ['main', '--odd'])
  assert.deepEqual(asked.values('to'), ['a@x', 'b@x'])
  assert.equal(asked.value('subject'), '-1 day')
  assert.equal(asked.json, true)
  assert.equal(asked.has('all'), false)
  assert.equal(asked.value('data'), null)
})

test('help needs nothing else', () => assert.equal(parseCommand(command, ['--help']).has('help'), true))

const numbers: [string | null, number | null | 'refused'][] = [[null, null], ['1', 1], ['65535', 65_535], ['0', 'refused'], ['65536', 'refused'], ['-1', 'refused'], ['1e3', 'refused'], ['1.5', 'refused'], ['', 'refused'], ['0x10', 'refused']]
for (const [typed, number] of numbers)
  test(`--port ${typed} is ${number}`, () => {
    if (number === 'refused') assert.match(messageOf(() => wholeNumber('port', typed, 1, 65_535)), /whole number from 1 to 65535/)
    else assert.equal(wholeNumber('port', typed, 1, 65_535), number)
  })
