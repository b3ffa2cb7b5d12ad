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
  ['up to the line of Outlook', 'a\n________________________________\nFrom: x\nSent: y\nb', 'a'],
  ['a line that is drawn divides nothing', 'a\n________________________________\nb', 'a\n________________________________\nb'],
  ['up to an answer without signs', 'a\n\nOn Mon, Nov 2, 2026 at 8:00 AM Ann <ann@x.example> wrote:\n\nb', 'a\n'],
  ['up to a wrapped one', 'a\nOn Mon, Nov 2, 2026 at 8:00 AM Ann\n<ann@x.example> wrote:\nb', 'a'],
  ['up to a German one without signs', 'a\nAm Mo., 2. Nov. 2026 um 08:00 Uhr schrieb Ann <ann@x.example>:\nb', 'a'],
  ['up to a French one without signs', 'a\nLe lundi, Ann a écrit :\nb', 'a'],
  ['below an answer with signs', 'On Mon, Ann wrote:\n> a\n\nb', 'On Mon, Ann wrote:\n\nb'],
  ['who wrote is text too', 'Ann wrote to me:\nplease close it', 'Ann wrote to me:\nplease close it'],
  ['"From:" alone is text', 'From: the office\nTo: the printer\nplease', 'From: the office\nTo: the printer\nplease']
]
for (const [what, text, expected] of table) test(`own words: ${what}`, () => assert.equal(ownWords(text), expected))

test('long text does not take long', () => {
  const before = performance.now()
  for (const text of ['> '.repeat(1_000_000), 'From:\n'.repeat(300_000), `${' '.repeat(1_000_000)}-`, 'On 1 wrote:\n\n'.repeat(80_000), 'x:\n'.repeat(300_000)]) ownWords(text)
  assert.ok(performance.now() - before < 2000)
})
