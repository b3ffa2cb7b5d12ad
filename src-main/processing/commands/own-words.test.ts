import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownWords } from './own-words.ts'

const table: [string, string, boolean, string][] = [
  ['all of it', 'a\nb', false, 'a\nb'],
  ['without quoted lines', 'a\n> b\n>> c\n > d\ne', false, 'a\ne'],
  ['> within a line is no quotation', 'a > b', false, 'a > b'],
  ['up to the divider of Outlook', 'a\n-----Original Message-----\nFrom: x\nb', false, 'a\n'.trimEnd()],
  ['up to a German one', 'a\n-----Ursprüngliche Nachricht-----\nVon: x\nb', false, 'a'],
  ['up to the header block of Outlook', 'a\n\nFrom: x\nSent: Monday\nTo: y\nSubject: z\n\nb', false, 'a\n'],
  ['up to a bold German one', 'a\n*Von:* x\n*Gesendet:* Montag\n*An:* y\n\nb', false, 'a'],
  ['up to a Japanese one', 'a\n差出人: x\n送信日時: y\n宛先: z\n\nb', false, 'a'],
  ['up to the line of Apple Mail', 'a\n\nBegin forwarded message:\n\nFrom: x', false, 'a\n'],
  ['"From:" alone is text', 'From: the office\nTo: the printer\nplease', false, 'From: the office\nTo: the printer\nplease'],
  ['forwarded: what was forwarded', 'FYI\n---------- Forwarded message ---------\nFrom: x\nDate: y\nSubject: z\nTo: u\n\nb\nc', true, '\nb\nc'],
  ['forwarded: not what that answered', 'FYI\nFrom: x\nSent: y\nTo: z\n\nb\n-----Original Message-----\nc', true, '\nb'],
  ['forwarded without a divider', 'a\n> b', true, 'a']
]
for (const [what, text, isForwarded, expected] of table) test(`own words: ${what}`, () => assert.equal(ownWords(text, isForwarded), expected))

test('long text does not take long', () => {
  const before = performance.now()
  for (const text of ['> '.repeat(1_000_000), 'From:\n'.repeat(300_000), `${' '.repeat(1_000_000)}-`]) ownWords(text)
  assert.ok(performance.now() - before < 2000)
})
