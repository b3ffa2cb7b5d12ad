import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestSubject } from './request-subject.ts'

const table: [string, string, string, string][] = [
  ['as sent', ' Printer  is\tbroken ', 'x', 'Printer is broken'],
  ['first line of the text', '', '\n\n  The printer is broken\nSince Friday', 'The printer is broken'],
  ['quotes and lines of signs are passed over', ' ', '> quoted\n-----\nMine', 'Mine'],
  ['a long first line', '', 'a'.repeat(100), `${'a'.repeat(79)}…`],
  ['a long subject', 'b'.repeat(400), '', `${'b'.repeat(249)}…`],
  ['nothing at all', '', ' \n--\n', '(no subject)']
]
for (const [what, subject, text, expected] of table) test(`subject: ${what}`, () => assert.equal(requestSubject(subject, text), expected))
