import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutIdentifier } from './without-identifier.ts'

const identifier = { enabled: true, subjectContains: '@@command@@', delimiter: '$' }
const table: [string, string, string][] = [
  ['none', 'The printer', 'The printer'],
  ['one', 'New: @@command@@ The printer', 'New: The printer'],
  ['in other letters', '@@Command@@ x', 'x'],
  ['one that another makes', '@@com@@command@@mand@@ x', 'x'],
  ['nothing else', '@@command@@', '']
]
for (const [what, subject, expected] of table) test(`identifier in our subject: ${what}`, () => assert.equal(withoutIdentifier(subject, identifier), expected))
test('where commands are off the subject stays', () => assert.equal(withoutIdentifier('@@command@@ x', { ...identifier, enabled: false }), '@@command@@ x'))
