import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { settings } from '#contract/settings.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'

const message = 'This is no regular expression (RE2): missing closing ): `(b`.'
const yaml = `version: 1
processing:
  spamRules:
    - name: Offers
      criteria:
        - { field: subject, condition: contains, values: ['(not an expression'] }
        - field: body
          condition: matches
          values: ['(b', 'fine']
`

test('settings with what is no expression are refused where it stands, and nothing is stored', async () => {
  const console = createConfiguredConsole()
  const wrong = settings.parse({ processing: { spamRules: [{ name: 'Offers', criteria: [{ field: 'subject', condition: 'contains', values: ['(a'] }, { field: 'body', condition: 'matches', values: ['(b'] }] }] } })
  await assert.rejects(console.settings.save({ settings: wrong, reason: null }, administrator), (error) => {
    assert.ok(error instanceof ProblemError)
    assert.deepEqual(error.problem, { code: 'invalid-input', issues: [{ path: 'processing.spamRules[0].criteria[1].values[0]', message }] })
    return true
  })
  assert.deepEqual((await console.settings.get()).processing.spamRules, [])
})

test('a configuration file with what is no expression is refused with line and column', async () => {
  const console = createConfiguredConsole()
  assert.deepEqual((await console.file.validate({ yaml })).issues, [{ path: 'processing.spamRules[0].criteria[1].values[0]', message, line: 9, column: 20 }])
})
