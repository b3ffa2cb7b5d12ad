import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownWords } from './own-words.ts'

const table: [string, string, string][] = [
  ['all of it', 'a\nb', 'a\nb'],
  ['without quoted lines', 'a\n> b\n>> c\n > d\ne', 'a\ne'],
  ['> within a line is no quotation', 'a > b', 'a > b'],
  ['up to the divider of Outlook', 'a\n-----Original Message-----\nFrom: x\nb', 'a\n'.trimEnd()],
  ['up to a German one', 'a\n-----Ursprüngliche Nachricht-----\nVon: x\nb', 'a'],
  ['up to the header block of Outlook', 'a\n\nFrom: x\nSent: Monday\nTo: y\nSubject: z\n\nb', 'a\n'],
  ['up to a bold German one', 'a\n*Von:* x\n*Gesendet:* Montag\n*An:* y\n\nb', 'a'],
  ['up to a Japanese one', 'a\n差出人: x\n送信日時: y\n宛先: z\n\nb', 'a'],
  ['up to the line of Apple Mail', 'a\n\nBegin forwarded message:\n\nFrom: x', 'a\n'],
  ['"From:" alone is text', 'From: the office\nTo: the printer\nplease', 'From: the office\nTo: the printer\nplease']
]
for (const [what, text, expected] of table) test(`own words: ${what}`, () => assert.equal(ownWords(text), expected))

test('long text does not take long', () => {
  const before = performance.now()
  for (const text of ['> '.repeat(1_000_000), 'From:\n'.repeat(300_000), `${' '.repeat(1_000_000)}-`]) ownWords(text)
  assert.ok(performance.now() - before < 2000)
})
