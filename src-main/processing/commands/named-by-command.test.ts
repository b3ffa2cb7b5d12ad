import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settings } from '#contract/settings.ts'
import { namedByCommand } from './named-by-command.ts'

const { processing } = settings.parse({ processing: { emailCommand: { enabled: true } } })
const nothing = { requests: [], addresses: [], names: [] }
const table: [string, string, string, ReturnType<typeof namedByCommand>][] = [
  ['no command', 'Printer', '$RequestID=5$', nothing],
  ['nothing named', '@@command@@', 'Hello 5', nothing],
  ['an id in the text', '@@command@@', `${'1 '.repeat(500)}\n$RequestID=RE-5$`, { ...nothing, requests: [5] }],
  ['an id in the subject', '@@command@@ ##RE-6##', '', { ...nothing, requests: [6] }],
  ['ids that are quoted name nothing', '@@command@@', '> $RequestID=5$', nothing],
  ['people', '@@command@@', '$Requester=Bob B.$ $RequesterEmail=bob@example.net$ $Technician=Tom$ $TechnicianEmail=Tom <TOM@Example.net>$', { requests: [], addresses: ['bob@example.net', 'TOM@example.net'], names: ['Bob B.', 'Tom'] }]
]
for (const [what, subject, text, expected] of table) test(`named by a command: ${what}`, () => assert.deepEqual(namedByCommand({ subject, text }, processing), expected))

test('where commands are off nothing is named', () => {
  assert.deepEqual(namedByCommand({ subject: '@@command@@', text: '$RequestID=5$' }, settings.parse({}).processing), nothing)
})
